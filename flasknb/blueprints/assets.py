"""Files for the browser that are nobody's secret: the build, images, nbextensions, the user's custom files."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from flask import Blueprint, Response, current_app, request, send_file
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import path_in_mount, public, services
from flasknb.errors import EntryMissing
from flasknb.extensions.assets import find_file

bp = Blueprint("assets", __name__)

FOREVER = "public, max-age=31536000, immutable"
TEN_YEARS_S = 315_360_000
OTHER_PREFIX = "nbclassic/"  # where extensions written for nbclassic find the same files
OTHER_IMAGES = ("favicons/", "base/images/")  # where pages written for other Jupyter servers find the same ones
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
SCRIPT_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json"}
CUSTOM_FILES = frozenset({"custom.css", "custom.js", "custom-preload.js"})
ROBOTS = "User-agent: *\nDisallow: /\n"


@bp.get("/static/build/<path:path>")
@public
def built(path: str) -> ResponseReturnValue:
    """A built file: its name changes with its content, so it is kept for good; pre-compressed where the client can."""
    folder = services().assets.static_dir / "build"
    found = find_file([folder], path)
    answer = _best_encoding(found)
    answer.headers["Cache-Control"] = FOREVER
    return _for_sandboxed_pages(answer)


@bp.get("/static/<path:path>")
@public
def static(path: str) -> ResponseReturnValue:
    """An image or another packaged file; folders of ``extra_static_paths`` come first.

    With an argument ``v`` (the version that the page knows) a browser may keep it.
    """
    answer = _for_sandboxed_pages(_fresh(_packaged(path.removeprefix(OTHER_PREFIX))))
    if "v" in request.args and not _never_changes():
        answer.headers["Cache-Control"] = f"max-age={TEN_YEARS_S}"
        answer.expires = datetime.now(timezone.utc) + timedelta(seconds=TEN_YEARS_S)
    return answer


@bp.get("/nbextensions/<path:path>")
@public
def nbextension(path: str) -> ResponseReturnValue:
    """A file of an installed notebook extension."""
    return _fresh(find_file(services().nbextension_folders(), path, may_leave=True))


@bp.get("/custom/<path:path>")
@public
def custom(path: str) -> ResponseReturnValue:
    """A file of the user's ``custom`` folder; the three that every page asks for are empty by default."""
    folder = services().custom_folder
    if path in CUSTOM_FILES and not (folder / path).is_file():
        return _fresh_empty(path)
    return _fresh(find_file([folder], path, may_leave=True))


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """The icon that browsers ask for unasked."""
    return _fresh(find_file([services().assets.static_dir], "base/images/favicon.ico"))


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Nothing here is for search engines."""
    return current_app.response_class(ROBOTS, mimetype="text/plain")


def _packaged(path: str) -> Path:
    """The user's file or ours. Raises EntryMissing."""
    folders = [Path(folder) for folder in services().settings.server.extra_static_paths]
    try:
        return find_file([*folders, services().assets.static_dir], path)
    except EntryMissing:
        if not path.startswith(OTHER_IMAGES[0]):
            raise
        return find_file([services().assets.static_dir], path.replace(*OTHER_IMAGES, 1))


def _for_sandboxed_pages(answer: Response) -> Response:
    """Converted notebooks load their scripts and fonts from here, and to a browser a sandboxed page is a stranger."""
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _best_encoding(path: Path) -> Response:
    for encoding, suffix in ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if request.accept_encodings.quality(encoding) > 0 and packed.is_file():
            answer = send_file(packed, mimetype=_mimetype(path), conditional=True)
            answer.headers["Content-Encoding"] = encoding
            answer.vary.add("Accept-Encoding")
            return answer
    answer = send_file(path, mimetype=_mimetype(path), conditional=True)
    answer.vary.add("Accept-Encoding")
    return answer


def _fresh(path: Path) -> Response:
    answer = send_file(path, mimetype=_mimetype(path), conditional=True)
    answer.headers["Cache-Control"] = FOREVER if _never_changes() else "no-cache"
    return answer


def _never_changes() -> bool:
    """Whether the option ``static_immutable_cache`` names this address, from ``base_url`` on or with it."""
    prefixes = tuple(services().settings.server.static_immutable_cache)
    asked = (path_in_mount(), f"/{path_in_mount()}", f"{request.script_root}{request.path}")
    return any(path.startswith(prefixes) for path in asked)


def _fresh_empty(path: str) -> Response:
    answer = current_app.response_class("", mimetype=_mimetype(Path(path)))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _mimetype(path: Path) -> str | None:
    """The type of scripts does not depend on the machine's table: ``nosniff`` makes a wrong one fatal."""
    return SCRIPT_TYPES.get(path.suffix.lower())
