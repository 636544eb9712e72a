"""``/api``, ``/api/status``, ``/api/shutdown``: the server about itself."""

from __future__ import annotations

import orjson
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from flasknb import __version__
from flasknb.blueprints.context import public, requires, services
from flasknb.errors import NotSupportedHere
from flasknb.kernel_bridge.models import SidecarStatus

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
    bridge = services().bridge
    figures = bridge.status_of_none() or bridge.status()
    return current_app.response_class(status_json(figures), mimetype="application/json")


def status_json(status: SidecarStatus) -> bytes:
    """The body of ``/api/status``."""
    return orjson.dumps(status, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


@bp.post("/shutdown")
@requires("server", "write")
def shutdown() -> ResponseReturnValue:
    """End kernels and server, where the server is ours to end."""
    stop = services().stop_server
    if stop is None:
        raise NotSupportedHere("This server was not started by the flasknb command: stop it where it was started")
    stop()
    return "", 200
