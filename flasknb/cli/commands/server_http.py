"""Plain requests to a server that we know: TCP, TLS or Unix socket, no proxies, bounded answers."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

MAX_ANSWER_BYTES = 4 * 1024 * 1024
SCHEMES = ("http", "https")
UNIX_SCHEMES = ("http+unix", "https+unix")


@dataclass(frozen=True)
class Target:
    """Where to ask. ``path`` begins and ends with a slash; ``sock`` is empty for TCP. ``verifies``: certificates."""

    host: str
    port: int
    path: str
    is_tls: bool = False
    sock: str = ""
    verifies: bool = False

    @classmethod
    def of_url(cls, url: str, *, verifies: bool) -> Target:
        """Raises ValueError for what is no URL of a server."""
        parts = urlsplit(url)
        if parts.scheme not in (*SCHEMES, *UNIX_SCHEMES) or not parts.netloc:
            raise ValueError(f"{url!r} is no http or https URL")
        path = f"/{parts.path.strip('/')}/".replace("//", "/")
        is_tls = parts.scheme.startswith("https")
        if parts.scheme in UNIX_SCHEMES:
            return cls("localhost", 0, path, is_tls, unquote(parts.netloc), verifies)
        return cls(parts.hostname or "localhost", parts.port or (443 if is_tls else 80), path, is_tls, "", verifies)

    @property
    def host_header(self) -> str:
        """As a browser sends it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.sock or self.port == (443 if self.is_tls else 80) else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """What a browser would send as Origin of our own page."""
        return f"{'https' if self.is_tls else 'http'}://{self.host_header}"

    def connect(self, timeout_s: float) -> socket.socket:
        """A connected socket, TLS already shaken. Raises OSError (ssl.SSLError among them)."""
        plain = self._connect_plain(timeout_s)
        if not self.is_tls:
            return plain
        try:
            return _tls(self.verifies).wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _connect_plain(self, timeout_s: float) -> socket.socket:
        if not self.sock:
            return socket.create_connection((self.host, self.port), timeout=timeout_s)
        plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            plain.settimeout(timeout_s)
            plain.connect(self.sock)
        except BaseException:
            plain.close()
            raise
        return plain


@dataclass(frozen=True)
class Answer:
    """Status, headers (``get`` ignores case) and the beginning of the body."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class _Connection(http.client.HTTPConnection):
    def __init__(self, target: Target, timeout_s: float) -> None:
        super().__init__(target.host, target.port or None, timeout=timeout_s)
        self._target, self._timeout_s = target, timeout_s

    def connect(self) -> None:
        self.sock = self._target.connect(self._timeout_s)


def ask(
    target: Target,
    method: str,
    path: str,
    *,
    token: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    timeout_s: float,
) -> Answer:
    """One request to ``path`` below the target.

    Raises:
        OSError: no connection, no answer in time, or one that is no HTTP; also for a token that no header can carry.
    """
    sent = {"Host": target.host_header, "Connection": "close", "Accept": "application/json", **(headers or {})}
    if token:
        sent["Authorization"] = f"token {token}"
    connection = _Connection(target, timeout_s)
    try:
        connection.request(method, target.path + path, body=body, headers=sent)
        with connection.getresponse() as answer:
            return Answer(answer.status, answer.headers, answer.read(MAX_ANSWER_BYTES))
    except OSError:
        raise  # a certificate's error is a ValueError too
    except (http.client.HTTPException, ValueError) as error:
        raise OSError(f"no proper answer: {type(error).__name__}") from error
    finally:
        connection.close()


def _tls(verifies: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verifies:  # our own process on this machine, proven by other means; its certificate names a public host
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
