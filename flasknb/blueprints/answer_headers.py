"""What every answer of a mount carries: security headers, CORS, cache rules, ETag, cookies."""

from __future__ import annotations

from collections.abc import Set

from flask import Response, request

from flasknb.auth.headers import FOR_EVERY_ANSWER
from flasknb.blueprints.context import is_api_request, is_websocket_request, request_state, services
from flasknb.blueprints.policy import NAME as POLICY_NAME
from flasknb.blueprints.policy import own_policy
from flasknb.blueprints.visitor import set_cookies

NO_CONTENT = 204


def finish(answer: Response) -> Response:
    """Add the headers of rest-api §1.5 that the view did not set itself; a websocket's answer carries none."""
    if is_websocket_request() and answer.status_code < 400:
        return answer
    headers = answer.headers
    # one look at what is there: each ``in`` and ``setdefault`` of ``Headers`` costs an exception
    present = {name.lower() for name in headers.keys()}  # noqa: SIM118  # iterating gives pairs
    for name, value in FOR_EVERY_ANSWER.items():
        if name.lower() not in present:
            headers.add(name, value)
    if POLICY_NAME not in present:
        headers.add("Content-Security-Policy", own_policy(is_api=is_api_request()))
    chosen = services().settings.server.headers
    for name, value in chosen.items():
        if name.lower() != POLICY_NAME:
            headers[name] = value
    for name, value in _cors_headers().items():
        headers[name] = value
    if answer.status_code == NO_CONTENT or (request.method == "OPTIONS" and not answer.is_streamed and not answer.data):
        headers.pop("Content-Type", None)  # of nothing
    _keep_private(answer, present.union(map(str.lower, chosen)))
    set_cookies(answer)
    return _with_etag(answer)


def _cors_headers() -> dict[str, str]:
    login = request_state().login
    origin = request.environ.get("HTTP_ORIGIN", "")
    return services().origins.cors_headers(origin, by_token=login is not None and login.by_token)


def _keep_private(answer: Response, present: Set[str]) -> None:
    """No cache keeps what only this visitor may see. ``present``: the headers there are, in lower case."""
    state = request_state()
    varies = []
    if state.is_identified or state.has_page_cookie or "cache-control" not in present:
        if "cache-control" not in present:
            answer.headers.add("Cache-Control", "no-store")
        varies.append("Cookie")
    if "HTTP_ORIGIN" in request.environ:
        varies.append("Origin")
    if "vary" in present:
        answer.vary.update(varies)
    elif varies:
        answer.headers.add("Vary", ", ".join(varies))


def _with_etag(answer: Response) -> Response:
    """An ETag from the body of whole, successful GETs, and 304 where the client has that body.

    Dates alone decide nothing: a folder's says nothing of the files in it, and two saves can share a second.
    """
    is_whole = request.method == "GET" and answer.status_code == 200 and not answer.is_streamed
    if not is_whole or answer.direct_passthrough:
        return answer
    answer.add_etag()
    if "HTTP_IF_NONE_MATCH" in request.environ:
        answer.make_conditional(request)
    return answer
