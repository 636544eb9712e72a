"""Who asks, and how, when a proxy in front says so. WSGI middleware of an app that is ours alone."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

SCHEMES = ("http", "https")


class ForwardedHeaders:
    """Takes address and scheme of the visitor from the headers of the nearest proxy, which must set or clear them.

    The environ is changed in place: the server's request log shows the visitor too.
    """

    def __init__(self, app: Application) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        address = environ.get("HTTP_X_REAL_IP") or _last(environ.get("HTTP_X_FORWARDED_FOR", ""))
        if _is_address(address):
            environ["REMOTE_ADDR"] = address
        scheme = environ.get("HTTP_X_SCHEME") or environ.get("HTTP_X_FORWARDED_PROTO", "")
        if _last(scheme).lower() in SCHEMES:
            environ["wsgi.url_scheme"] = _last(scheme).lower()
        return self._app(environ, start_response)


def _last(values: str) -> str:
    """What the nearest proxy added: everything before it, a visitor may have made up."""
    return values.rpartition(",")[2].strip()


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
