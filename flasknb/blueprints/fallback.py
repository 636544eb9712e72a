"""Addresses of a mount that nothing else answers: trailing slashes, wrong methods, 404."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, redirect, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from flasknb.blueprints.context import base_url, path_in_mount, public
from flasknb.blueprints.errors import MISSING_PAGE_ENDPOINT

bp = Blueprint("fallback", __name__)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@bp.route("/<path:path>", methods=METHODS)
@public
def missing(path: str) -> ResponseReturnValue:
    """Redirect to the address without trailing slashes, or say what is wrong with this one."""
    others = _methods_elsewhere()
    if others:
        raise MethodNotAllowed(valid_methods=others)
    if path.endswith("/") and request.method in ("GET", "HEAD"):
        return redirect(_without_trailing_slashes())
    raise NotFound()


@bp.route("/<path:path>", endpoint="missing_websocket", websocket=True)
def missing_websocket(path: str) -> ResponseReturnValue:
    """There is no such websocket; strangers do not learn even that."""
    raise NotFound()


def _methods_elsewhere() -> list[str]:
    """Methods with which another rule answers this address."""
    adapter = request_ctx.url_adapter
    return [] if adapter is None else [method for method in METHODS if _is_answered(method)]


def _is_answered(method: str) -> bool:
    adapter = request_ctx.url_adapter
    try:
        endpoint, _ = adapter.match(method=method) if adapter else ("", {})
    except (RequestRedirect, HTTPException):
        return False
    return not str(endpoint).endswith(MISSING_PAGE_ENDPOINT)


def _without_trailing_slashes() -> str:
    """The same address without them; exactly one slash in front, so that it stays on this host."""
    target = base_url() + quote(path_in_mount().strip("/"), safe="/@:~!$&()*+,;=")
    query = request.query_string.decode("latin-1")
    return f"{target}?{query}" if query else target
