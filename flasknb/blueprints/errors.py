"""The one place where an error becomes an answer: JSON below ``api/``, a page elsewhere. Never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

import orjson
from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from flasknb.blueprints.context import is_api_request, is_websocket_request
from flasknb.blueprints.rendering import render_error
from flasknb.blueprints.wording import say_finished
from flasknb.errors import ConversionBusy, FlasknbError, GatewayUnavailable, SidecarUnavailable, status_of

log = logging.getLogger(__name__)

RETRY_AFTER_S = 2
MISSING_PAGE_ENDPOINT = "fallback.missing"
SHORT_MESSAGE = "short_message"


def answer_domain_error(error: FlasknbError) -> Response:
    """An error of the service packages, with the status of its class."""
    status = status_of(error)
    if status >= 500:
        log.error("request failed method=%s path=%r reason=%r", request.method, request.path[:200], error.message)
    answer = error_answer(status, error.message, error.reason, error.fields)
    if isinstance(error, SidecarUnavailable | GatewayUnavailable | ConversionBusy):
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    elif "retry_after" in error.fields:
        answer.headers["Retry-After"] = error.fields["retry_after"]
    return answer


def answer_http_error(error: HTTPException) -> Response:
    """404, 405, 413 and the other errors of routing and parsing."""
    if error.response is not None or error.code is None or error.code < 400:
        return current_app.make_response(error.get_response())
    status = error.code
    answer = error_answer(status, _phrase(status), None)
    allowed = getattr(error, "valid_methods", None)
    if status == 405 and allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    if isinstance(error, RequestedRangeNotSatisfiable) and error.length is not None:
        answer.headers["Content-Range"] = f"bytes */{error.length}"
    return answer


def answer_outside_mount(error: FlasknbError) -> Response:
    """An error where there is no mount whose page or JSON could tell it: plain text."""
    return current_app.response_class(f"{error.message}\n", status=status_of(error), mimetype="text/plain")


def answer_unexpected_error(error: Exception) -> Response:
    """A bug: logged with its traceback, answered without it."""
    log.error("unhandled error method=%s path=%r", request.method, request.path[:200], exc_info=error)
    return error_answer(500, "Unhandled error", None, {"traceback": ""})


def error_answer(status: int, message: str, reason: str | None, fields: dict[str, str] | None = None) -> Response:
    """The answer to a failed request, in the form its client reads."""
    if _wants_json(status):
        answer = _json(say_finished(message), reason, _said(fields or {}))
    else:
        answer = render_error(status, _phrase(status), message)
    answer.status = f"{status} {reason or _phrase(status)}"
    return answer


def _said(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: say_finished(value) if name == SHORT_MESSAGE else value for name, value in fields.items()}


def _wants_json(status: int) -> bool:
    """A client of the API reads JSON; who types an address that does not exist reads a page."""
    is_visit = status == 404 and request.method in ("GET", "HEAD")
    is_missing_page = is_visit and (request.endpoint or "").endswith(MISSING_PAGE_ENDPOINT)
    return (is_api_request() or is_websocket_request()) and not is_missing_page


def _json(message: str, reason: str | None, fields: dict[str, str]) -> Response:
    body = orjson.dumps({"message": _encodable(message), "reason": reason, **fields})
    return current_app.response_class(body, mimetype="application/json")


def _encodable(text: str) -> str:
    """``text`` without lone surrogates, which no encoder takes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
