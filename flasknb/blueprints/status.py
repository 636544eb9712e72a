"""``/api``, ``/api/status``, ``/api/me``, ``/api/shutdown``: the server about itself and its visitor."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from flasknb import __version__
from flasknb.blueprints.context import public, requires, services
from flasknb.blueprints.visitor import current_login
from flasknb.errors import BadRequest, NotLoggedIn, NotSupportedHere

bp = Blueprint("status", __name__, url_prefix="/api")


@bp.get("")
@public
def version() -> ResponseReturnValue:
    """The version; open, so that clients can see whether somebody is there."""
    return jsonify({"version": __version__})


@bp.get("/status")
@requires("api", "read")
def status() -> ResponseReturnValue:
    """How many kernels and connections, since when, last used when."""
    return jsonify(asdict(services().bridge.status()))


@bp.get("/me")
def me() -> ResponseReturnValue:
    """Who asks, and which of the asked-for permissions they have."""
    login = current_login()
    if login is None:
        raise NotLoggedIn("Forbidden")
    is_allowed = services().authorizer.is_authorized
    granted = {
        resource: [action for action in actions if is_allowed(login.user, action, resource)]
        for resource, actions in _asked_permissions().items()
    }
    return jsonify({"identity": login.user.to_json(), "permissions": granted})


@bp.post("/shutdown")
@requires("server", "write")
def shutdown() -> ResponseReturnValue:
    """End kernels and server, where the server is ours to end."""
    stop = services().stop_server
    if stop is None:
        raise NotSupportedHere("This server was not started by the flasknb command: stop it where it was started")
    stop()
    return "", 200


def _asked_permissions() -> dict[str, list[str]]:
    text = request.args.get("permissions", "")
    if not text:
        return {}
    try:
        asked: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest("permissions must be JSON: an object of lists of texts") from error
    is_well_formed = isinstance(asked, dict) and all(
        isinstance(actions, list) and all(isinstance(action, str) for action in actions) for actions in asked.values()
    )
    if not is_well_formed:
        raise BadRequest(f"permissions should be an object of lists of texts, got {text[:200]}")
    return dict(asked)
