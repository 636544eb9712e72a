"""Which Host and Origin headers are ours. Pure rules over header values."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

HOST_HEADER = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::(?P<port>\d{1,5}))?")
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class OriginRules:
    """What the configuration lets in beside our own pages. Patterns must match the whole origin."""

    allow_origin: str = ""
    allow_origin_pat: str = ""
    allow_credentials: bool = False

    def lists(self, origin: str) -> bool:
        """Whether the configuration names ``origin``."""
        if self.allow_origin:
            return self.allow_origin in ("*", origin)
        return bool(self.allow_origin_pat) and re.fullmatch(self.allow_origin_pat, origin) is not None

    def is_configured(self) -> bool:
        """Whether any other site is let in."""
        return bool(self.allow_origin or self.allow_origin_pat)

    def cors_headers(self, origin: str, *, by_token: bool = False) -> dict[str, str]:
        """``Access-Control-*`` headers for an answer to ``origin``; never credentials together with ``*``.

        Args:
            by_token: the request showed the token, so that no page's cookies speak for it: it may read the answer.
        """
        if self.allow_origin == "*":
            return {"Access-Control-Allow-Origin": "*"}
        if not origin or not self.lists(origin):
            return {"Access-Control-Allow-Origin": origin} if origin and by_token else {}
        headers = {"Access-Control-Allow-Origin": origin}
        return {**headers, "Access-Control-Allow-Credentials": "true"} if self.allow_credentials else headers


def is_local_host(host: str, local_hostnames: Sequence[str]) -> bool:
    """Whether the Host header names this machine: a loopback address or one of ``local_hostnames``."""
    return _is_local(host, tuple(local_hostnames))


@lru_cache(maxsize=64)  # every request asks, nearly always for the same one
def _is_local(host: str, local_hostnames: tuple[str, ...]) -> bool:
    found = HOST_HEADER.fullmatch(host)
    if found is None:
        return False
    name = (found["v6"] or found["name"]).lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name in {known.lower() for known in local_hostnames}


def names_socket(host: str, sock: str) -> bool:
    """Whether the Host header is the path of our unix socket, as clients of ``http+unix://`` addresses send it."""
    return bool(sock) and unquote(host) == str(Path(sock).expanduser().absolute())


def is_same_origin(origin: str, host: str, scheme: str) -> bool:
    """Whether ``origin`` is the page of the request's own ``host``.

    An https page may reach us as http: a proxy in front of us ended its TLS. The reverse is a downgrade.
    """
    parts = _split(origin)
    if parts is None or (scheme == "https" and parts.scheme != "https"):
        return False
    return _with_port(parts.netloc, parts.scheme) in (_with_port(host, parts.scheme), _with_port(host, scheme))


def _split(origin: str) -> SplitResult | None:
    """The parts of a well-formed http(s) origin; ``None`` for ``null``, paths, user names and nonsense."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    is_bare = origin.rstrip("/") == f"{parts.scheme}://{parts.netloc}"
    is_plain = parts.scheme in DEFAULT_PORTS and HOST_HEADER.fullmatch(parts.netloc) and is_bare
    return parts if is_plain else None


def _with_port(netloc: str, scheme: str) -> tuple[str, int]:
    found = HOST_HEADER.fullmatch(netloc)
    if found is None:
        return ("", 0)
    return ((found["v6"] or found["name"]).lower(), int(found["port"] or DEFAULT_PORTS.get(scheme, 0)))
