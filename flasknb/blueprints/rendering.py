"""Pages from templates, in a Jinja environment of our own: a host's templates, filters and globals stay its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Response, current_app
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flasknb import __version__
from flasknb.blueprints.context import base_url, mount_url, request_state, services
from flasknb.blueprints.visitor import xsrf_value

TEMPLATES_DIR = Path(__file__).resolve().parent.parent / "templates"
KEPT_IN_BODY_DATA = "/@:~-_.!'()*"  # what encodeURIComponent keeps, and what paths are made of


def render_page(
    template: str, *, page_title: str, page_entry: str, body_data: Mapping[str, str] | None = None, **values: Any
) -> Response:
    """A page of ours; it also brings the ``_xsrf`` cookie.

    Args:
        page_entry: names the built files of the page, ``<page_entry>.js`` and ``.css``.
        body_data: attributes of ``<body>`` without ``data-``: ``{"base-url": "/"}``, already encoded.
    """
    page = _environment().get_template(template)
    values |= {"page_title": page_title, "page_entry": page_entry, "body_data": body_data or {}, "xsrf": xsrf_value()}
    return current_app.response_class(page.render(values | _common_values()), mimetype="text/html")


def render_error(status: int, phrase: str, message: str) -> Response:
    """The error page. Needs no build, no login and no cookie."""
    values = {"page_title": f"{status} {phrase}", "status": status, "phrase": phrase, "message": message}
    html = _environment().get_template("error.html").render(values | _common_values())
    return current_app.response_class(html, status=status, mimetype="text/html")


def asset_url(name: str) -> str:
    """URL of the built file that stands for ``name`` (``notebook.js``). Raises FrontEndMissing."""
    return mount_url("assets.built", path=services().assets.built_name(name))


def encoded(text: str) -> str:
    """``text`` as the pages' scripts decode it."""
    return quote(text, safe=KEPT_IN_BODY_DATA, errors="surrogateescape")


def default_url() -> str:
    """The page that ``/`` leads to."""
    return base_url() + services().settings.server.default_url.lstrip("/")


def _common_values() -> dict[str, Any]:
    known = services()
    return {
        "base_url": base_url(),
        "default_url": default_url(),
        "asset_url": asset_url,
        "static_url": lambda path: mount_url("assets.static", path=path),
        "is_logged_in": request_state().login is not None,
        "is_login_available": known.identity.is_enabled(),
        "quit_button": known.settings.server.quit_button and known.stop_server is not None,
        "version": __version__,
    }


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES_DIR), autoescape=True, undefined=StrictUndefined)
