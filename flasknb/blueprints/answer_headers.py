"""What every answer of a mount carries: security headers, CORS, cache rules, ETag, cookies."""

from __future__ import annotations

from flask import Response, request

from flasknb.auth.headers import FOR_EVERY_ANSWER
from flasknb.blueprints.context import is_api_request, is_websocket_request, request_state, services
from flasknb.blueprints.policy import NAME as POLICY_NAME
from flasknb.blueprints.policy import own_policy
from flasknb.blueprints.visitor import set_cookies


def finish(answer: Response) -> Response:
    """Add the headers of rest-api §1.5 that the view did not set itself; a websocket's answer carries none."""
    if is_websocket_request() and answer.status_code < 400:
        return answer
    for name, value in FOR_EVERY_ANSWER.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Content-Security-Policy", own_policy(is_api=is_api_request()))
    for name, value in services().settings.server.headers.items():
        if name.lower() != POLICY_NAME:
            answer.headers[name] = value
    for name, value in services().origins.cors_headers(request.headers.get("Origin", "")).items():
        answer.headers[name] = value
    _keep_private(answer)
    set_cookies(answer)
    return _with_etag(answer)


def _keep_private(answer: Response) -> None:
    """No cache keeps what only this visitor may see."""
    state = request_state()
    if state.is_identified or state.has_page_cookie or "Cache-Control" not in answer.headers:
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.vary.add("Cookie")
    if "Origin" in request.headers:
        answer.vary.add("Origin")


def _with_etag(answer: Response) -> Response:
    """An ETag from the body of whole, successful GETs, and 304 where the client has that body."""
    is_whole = request.method == "GET" and answer.status_code == 200 and not answer.is_streamed
    if not is_whole or answer.direct_passthrough:
        return answer
    answer.add_etag()
    answer.make_conditional(request)
    return answer
