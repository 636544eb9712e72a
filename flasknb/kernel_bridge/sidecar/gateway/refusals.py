"""What a gateway's refusals mean for users of this server. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import orjson

from flasknb.errors import (
    BadRequest,
    FlasknbError,
    GatewayRefused,
    GatewayUnavailable,
    KernelFailed,
    KernelMissing,
    TooManyKernels,
)

SHOWN_CHARS = 500
RETRY_AFTER_S = "30"
REDIRECTED = (
    GatewayRefused,
    "answers with a redirect, which is not followed: set GatewayClient.url to its real address",
)
SHUT_OUT = (
    GatewayRefused,
    "does not let this server in ({status} {said}): check auth_token, http_user, client_cert of GatewayClient",
)
AWAY = (GatewayUnavailable, "cannot do it now ({status}): {said}")
MEANINGS: Mapping[int, tuple[type[FlasknbError], str]] = {
    **dict.fromkeys((301, 302, 303, 307, 308), REDIRECTED),
    **dict.fromkeys((401, 403, 407), SHUT_OUT),
    **dict.fromkeys((502, 503, 504), AWAY),
    404: (KernelMissing, "knows no such thing: {said}"),
    429: (TooManyKernels, "allows no more: {said}"),
}


def refusal(status: int, body: bytes, *, address: str, retry_after: str | None = None) -> FlasknbError:
    """The error that an answer with ``status`` (300 or more) stands for.

    401 and 403 are about this server's own credentials, not about its visitor's, so they come out as 502.
    """
    said = _message(body) or _phrase(status)
    error_class, words = _meaning(status)
    seconds = retry_after if retry_after and retry_after.isdigit() else RETRY_AFTER_S
    fields = {"retry_after": seconds} if error_class is TooManyKernels else None
    return error_class(f"The gateway {address} {words.format(status=status, said=said)}", fields=fields)


def _meaning(status: int) -> tuple[type[FlasknbError], str]:
    if status in MEANINGS:
        return MEANINGS[status]
    if status >= 500:
        return KernelFailed, "failed ({status}): {said}"
    return BadRequest, "refused it ({status}): {said}"


def _message(body: bytes) -> str:
    """What a JSON answer says; anything else, such as a proxy's page, is not shown."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    said = answer.get("message") or answer.get("reason") if isinstance(answer, dict) else None
    return said[:SHOWN_CHARS] if isinstance(said, str) else ""


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"
