"""Addresses of a mount that nothing else answers: trailing slashes, wrong methods, 404."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import PathConverter

from flasknb.blueprints.context import public
from flasknb.blueprints.other_methods import METHODS, refusal, take_every_method
from flasknb.blueprints.plain_addresses import plain_address

bp = Blueprint("fallback", __name__)

CONVERTER = "flasknb_with_line_break"


class WithLineBreak(PathConverter):
    """A path that Werkzeug's own converter does not see, since its dot stands for no line break."""

    regex = r"(?s:[^/].*\n.*)"


def know_line_breaks(state: BlueprintSetupState) -> None:
    """Without such a rule the app itself would answer, with neither our headers nor our words."""
    state.app.url_map.converters[CONVERTER] = WithLineBreak


bp.record(know_line_breaks)


@bp.route(f"/<{CONVERTER}:path>", methods=METHODS)
@bp.route("/<path:path>", methods=METHODS)
@public
def missing(path: str) -> ResponseReturnValue:
    """Redirect to the address without trailing slashes, or say what is wrong with this one."""
    wrong = refusal()
    if isinstance(wrong, MethodNotAllowed):
        raise wrong
    if path.endswith("/") and request.method in ("GET", "HEAD"):
        return redirect(plain_address())
    raise wrong


@bp.route("/", methods=("POST", "PUT", "PATCH", "DELETE"), provide_automatic_options=False)
@public
def missing_root() -> ResponseReturnValue:
    """The mount's own address is a page, and takes nothing."""
    raise refusal()


@bp.route("/<path:path>", endpoint="missing_websocket", websocket=True)
def missing_websocket(path: str) -> ResponseReturnValue:
    """There is no such websocket; strangers do not learn even that."""
    raise NotFound()


@bp.route(f"/<{CONVERTER}:path>", endpoint="broken_websocket", websocket=True)
@public
def broken_websocket(path: str) -> ResponseReturnValue:
    """Refused before it comes here."""
    raise NotFound()


bp.record(take_every_method)
