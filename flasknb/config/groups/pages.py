"""What the pages show and where their files are."""

from __future__ import annotations

from traitlets import Any as AnyTrait
from traitlets import Bool, Dict, HasTraits, List, Unicode


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
    websocket_ping_interval = AnyTrait(
        0, help="Time between two pings to an idle page; seconds, 0 for the value of the websocket's own class."
    ).tag(config=True)
    websocket_ping_timeout = AnyTrait(
        0, help="A page silent for so long is gone; seconds, 0 for the value of the websocket's own class."
    ).tag(config=True)
    websocket_compression_options = AnyTrait(
        None, allow_none=True, help="Compress websocket messages: a dict does, also an empty one; unset does not."
    ).tag(config=True)
    tornado_settings = Dict(
        help="Of an older server's settings, these count: headers, cookie_options, cookie_secret, xsrf_cookies,"
        " ws_ping_interval, ws_ping_timeout."
    ).tag(config=True)
