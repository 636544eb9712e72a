"""This request for identity providers and authorizers that read it themselves."""

from __future__ import annotations

from flask import request

from flasknb.auth.visit import AskedRequest, Visit
from flasknb.blueprints.context import base_url, request_state
from flasknb.blueprints.offload import off_the_loop
from flasknb.contents.awaiting import settle


def this_visit() -> Visit:
    """The request under the names they know; made when somebody asks, so it costs the others nothing."""
    state = request_state()
    if state.visit is None:
        state.visit = _new_visit()
    return state.visit


def _new_visit() -> Visit:
    asked = AskedRequest(
        method=request.method,
        uri=request.full_path.removesuffix("?"),
        path=f"{request.script_root}{request.path}",
        protocol=request.scheme,
        host=request.environ.get("HTTP_HOST", ""),
        remote_ip=request.remote_addr or "",
        headers=request.headers,  # type: ignore[arg-type]  # finds names in any case, as tornado's do
    )
    return Visit(
        request=asked,
        base_url=base_url(),
        arguments=request.args,
        cookies=request.cookies,
        settle=lambda result: off_the_loop(lambda: settle(result)),
    )
