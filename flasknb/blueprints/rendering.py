"""Pages from templates, in a Jinja environment of our own: a host's templates, filters and globals stay its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from flask import Response, current_app
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flasknb import __version__
from flasknb.blueprints.assets import CUSTOM_FILES
from flasknb.blueprints.context import Services, base_url, mount_url, request_state, services
from flasknb.blueprints.visitor import xsrf_value
from flasknb.blueprints.wording import (
    chosen_language,
    install_wording,
    other_languages,
    page_language,
    say,
    say_finished,
    script_catalogue,
)
from flasknb.config.options import ServerApp
from flasknb.language.tags import as_tag, direction

TEMPLATES_DIR = Path(__file__).resolve().parent.parent / "templates"
DASHBOARD = "tree"
THEME_SECTION, THEMES = "common", ("dark", "light")
KEPT_IN_URI_COMPONENT = "/-_.!~*'()"
KEPT_IN_BODY_DATA = "/@:~-_.!'()*"  # what encodeURIComponent keeps, and what paths are made of

_environments: WeakKeyDictionary[ServerApp, Environment] = WeakKeyDictionary()


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
    return _in_language(current_app.response_class(page.render(values | _common_values()), mimetype="text/html"))


def prepare_page(server: ServerApp, template: str) -> None:
    """Compile ``template`` of this mount, so that its first page does not wait for it."""
    _environment_of(server).get_template(template)


def render_error(status: int, phrase: str, message: str) -> Response:
    """The error page. Needs no build, no login and no cookie."""
    said = say(phrase)
    values = {"page_title": f"{status} {said}", "status": status, "phrase": said, "message": say_finished(message)}
    html = _environment().get_template("error.html").render(values | _common_values())
    return _in_language(current_app.response_class(html, status=status, mimetype="text/html"))


def _in_language(page: Response) -> Response:
    page.headers["Content-Language"] = as_tag(page_language())
    page.vary.add("Accept-Language")
    return page


def asset_url(name: str) -> str:
    """URL of the built file that stands for ``name`` (``notebook.js``). Raises FrontEndMissing."""
    return mount_url("assets.built", path=services().assets.built_name(name))


def script_urls(name: str) -> list[str]:
    """URLs of the built script ``name`` and of all scripts that it imports before it runs."""
    imported = services().assets.imported_names(name)
    return [asset_url(name), *(mount_url("assets.built", path=path) for path in imported)]


def encoded(text: str) -> str:
    """``text`` as the pages' scripts decode it."""
    return quote(text, safe=KEPT_IN_BODY_DATA, errors="surrogateescape")


def as_uri_component(api_path: str) -> str:
    """``api_path`` with each of its names as JavaScript's ``encodeURIComponent`` writes it."""
    return quote(api_path, safe=KEPT_IN_URI_COMPONENT, errors="surrogateescape")


def default_url() -> str:
    """The page that ``/`` leads to."""
    page = first_page(services())
    return base_url() + (encoded(page) if page.startswith(f"{DASHBOARD}/") else page)


def first_page(known: Services) -> str:
    """``default_url`` without its first slash; the dashboard opens ``preferred_dir``."""
    page = known.settings.server.default_url.lstrip("/")
    if page.rstrip("/") not in ("", DASHBOARD):
        return page
    return f"{DASHBOARD}/{getattr(known.contents, 'preferred_dir', '')}".rstrip("/")


def _common_values() -> dict[str, Any]:
    known = services()
    return known.settings.server.jinja_template_vars | {
        "base_url": base_url(),
        "default_url": default_url(),
        "asset_url": asset_url,
        "script_urls": script_urls,
        "static_url": lambda path: mount_url("assets.static", path=path),
        "is_logged_in": request_state().login is not None,
        "theme": _chosen_theme(known),
        "has_custom": {name: (known.custom_folder / name).is_file() for name in CUSTOM_FILES},
        "is_login_available": known.identity.is_enabled(),
        "quit_button": known.settings.server.quit_button and known.stop_server is not None,
        "version": __version__,
        "language": as_tag(page_language()),
        "direction": direction(page_language()),
        "languages": [as_tag(name) for name in other_languages()],
        "chosen_language": chosen_language() or "",
        "say": say,
        "script_catalogue": script_catalogue(),
    }


def _chosen_theme(known: Services) -> str:
    """``dark`` or ``light`` as the user chose, ``""`` for what the system has. Strangers see nobody's choice."""
    chosen = known.sections.get(THEME_SECTION).get("theme") if request_state().login else None
    return chosen if chosen in THEMES else ""


def _environment() -> Environment:
    return _environment_of(services().settings.server)


def _environment_of(server: ServerApp) -> Environment:
    """That of one mount. ``templates/page.html`` is always our own page, for templates that change a part of it."""
    found = _environments.get(server)
    if found is None:
        extra = [Path(folder).expanduser() for folder in server.extra_template_paths]
        loader = FileSystemLoader([*extra, TEMPLATES_DIR, TEMPLATES_DIR.parent])
        ours: dict[str, Any] = {"loader": loader, "autoescape": True, "undefined": StrictUndefined}
        found = Environment(**ours | server.jinja_environment_options)  # noqa: S701 - ours does
        install_wording(found)
        _environments[server] = found
    return found
