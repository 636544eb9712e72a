"""The request log: one line per answered request, in the form and at the levels that Jupyter users know.

Imported by gunicorn's master before a worker patches, so it imports next to nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from flasknb.auth.scrub import scrub
from flasknb.auth.user import USER_VARIABLE
from flasknb.cli.logs.form import BLOCK

log = logging.getLogger("flasknb.requests")

FAILURE_HEADERS = ("Host", "Accept", "Referer", "User-Agent")


def log_request(environ: Mapping[str, Any], uri: str, status: int, duration_ms: float) -> None:
    """Write the line, and before a failure of ours what the client said about itself."""
    level = request_log_level(status)
    if not log.isEnabledFor(level):
        return
    if status >= 500 and status != 502:
        log.log(level, "%s", _client_headers(environ), extra={BLOCK: True})
    log.log(level, "%s", request_line(environ, uri, status, duration_ms))


def request_log_level(status: int) -> int:
    """Traffic is for debugging; refusals and failures are for the operator."""
    if status >= 500:
        return logging.ERROR
    if status >= 400:
        return logging.WARNING
    return logging.INFO if 300 <= status < 400 and status != 304 else logging.DEBUG


def request_line(environ: Mapping[str, Any], uri: str, status: int, duration_ms: float) -> str:
    """``200 GET /api/status (user@127.0.0.1) 1.23ms``, and the referer of what failed."""
    method, address = environ.get("REQUEST_METHOD", ""), environ.get("REMOTE_ADDR", "")
    line = f"{status} {method} {scrub(uri)} ({environ.get(USER_VARIABLE, '')}@{address}) {duration_ms:.2f}ms"
    return f"{line} referer={scrub(environ.get('HTTP_REFERER', 'None'))}" if status >= 400 else line


def _client_headers(environ: Mapping[str, Any]) -> str:
    values = {name: environ.get(f"HTTP_{name.upper().replace('-', '_')}") for name in FAILURE_HEADERS}
    return json.dumps({name: scrub(value) for name, value in values.items() if value}, indent=2)
