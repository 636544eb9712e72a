"""What the pages show and where their files are."""

from __future__ import annotations

import re
from typing import Any

from traitlets import Bool, Dict, Float, HasTraits, List, TraitError, Unicode, default, validate

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class Pages(HasTraits):
    """Options of pages, static files and websockets."""

    quit_button = Bool(True, help="Show the Quit button on the dashboard.").tag(config=True)
    extra_static_paths = List(Unicode(), help="Folders searched for /static files before our own.").tag(config=True)
    extra_template_paths = List(Unicode(), help="Folders searched for page templates before our own.").tag(config=True)
    static_immutable_cache = List(
        Unicode(), help="Paths below base_url whose files never change: browsers keep them for a year."
    ).tag(config=True)
    jinja_environment_options = Dict(help="Further arguments of the Jinja environment that makes the pages.").tag(
        config=True
    )
    jinja_template_vars = Dict(help="Further variables for the page templates.").tag(config=True)
    websocket_url = Unicode(
        "", help="Origin for websockets, such as wss://ws.example, where it is not that of the page."
    ).tag(config=True)
    websocket_ping_interval = Float(
        0,
        allow_none=True,
        help="Time between two pings to an idle page; seconds, 0 for the value of the websocket's own class.",
    ).tag(config=True)
    websocket_ping_timeout = Float(
        0,
        allow_none=True,
        help="A page silent for so long is gone; seconds, 0 for the value of the websocket's own class.",
    ).tag(config=True)
    websocket_compression_options = Dict(
        allow_none=True, help="Compress websocket messages: a dict does, also an empty one; unset does not."
    ).tag(config=True)
    tornado_settings = Dict(
        help="Of the settings that Tornado had, these count: headers, put on every answer; ws_ping_interval and"
        " ws_ping_timeout in milliseconds; cookie_options, cookie_secret, xsrf_cookies, allow_origin and its like."
    ).tag(config=True)

    @default("websocket_compression_options")
    def _default_compression_options(self) -> None:
        return None  # as a default, traitlets makes an empty dict of it

    @property
    def headers(self) -> dict[str, str]:
        """Headers that the user wants on every answer."""
        return {str(name): str(value) for name, value in dict(self.tornado_settings.get("headers") or {}).items()}

    @validate("tornado_settings")
    def _has_good_headers(self, proposal: dict[str, Any]) -> dict[str, Any]:
        headers = proposal["value"].get("headers") or {}
        if not isinstance(headers, dict):
            raise TraitError(f"tornado_settings['headers'] must be a dict, not {headers!r}")
        for name, value in headers.items():
            if not HEADER_NAME.fullmatch(str(name)) or not HEADER_VALUE.fullmatch(str(value)):
                raise TraitError(f"tornado_settings['headers'] cannot have {name!r}: {value!r}")
        return dict(proposal["value"])

    @validate("jinja_environment_options")
    def _makes_an_environment(self, proposal: dict[str, Any]) -> dict[str, Any]:
        from jinja2 import Environment

        try:
            Environment(**proposal["value"])  # noqa: S701 - made to be looked at only
        except (TypeError, ValueError, AssertionError, ImportError, AttributeError) as error:
            raise TraitError(f"jinja_environment_options make no Jinja environment: {error}") from error
        return dict(proposal["value"])
