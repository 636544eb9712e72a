"""What every answer of a mount carries: security headers, CORS, cache rules, ETag, cookies."""

from __future__ import annotations

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
    # one look at what is there: each ``in`` and ``setdefault`` of ``Headers`` costs an exception
    present = {name.lower() for name in answer.headers.keys()}  # noqa: SIM118  # iterating gives pairs
    for name, value in FOR_EVERY_ANSWER.items():
        if name.lower() not in present:
            answer.headers.add(name, value)
    if POLICY_NAME not in present:
        answer.headers.add("Content-Security-Policy", own_policy(is_api=is_api_request()))
    for name, value in services().settings.server.headers.items():
        if name.lower() != POLICY_NAME:
            answer.headers[name] = value
    for name, value in _cors_headers().items():
        answer.headers[name] = value
    if answer.status_code == NO_CONTENT or (request.method == "OPTIONS" and not answer.is_streamed and not answer.data):
        answer.headers.pop("Content-Type", None)  # of nothing
    _keep_private(answer)
    set_cookies(answer)
    return _with_etag(answer)


def _cors_headers() -> dict[str, str]:
    login = request_state().login
    origin = request.environ.get("HTTP_ORIGIN", "")
    return services().origins.cors_headers(origin, by_token=login is not None and login.by_token)


def _keep_private(answer: Response) -> None:
    """No cache keeps what only this visitor may see."""
    state = request_state()
    if state.is_identified or state.has_page_cookie or "Cache-Control" not in answer.headers:
        answer.headers.setdefault("Cache-Control", "no-store")
        _vary(answer, "Cookie")
    if "HTTP_ORIGIN" in request.environ:
        _vary(answer, "Origin")


def _vary(answer: Response, name: str) -> None:
    if "Vary" in answer.headers:
        answer.vary.add(name)
    else:
        answer.headers["Vary"] = name


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
