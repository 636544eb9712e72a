"""TLS between a web worker and a sidecar on another machine: both show a certificate, and then prove the secret.

The worker's end is a socket that one thread reads and others write, which ``ssl.SSLSocket`` is not made for: here the
records are made and read in memory, under a lock that is never held while waiting.
"""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.instance import Discovery
from flasknb.kernel_bridge.options import KernelSidecar

MIN_SECRET_CHARS = 32
RECORD_BYTES = 64 * 1024
CONNECT_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class RemoteSidecar(Discovery):
    """How to reach a sidecar on another machine; ``socket`` is its address as the option has it."""

    host: str
    port: int
    context: ssl.SSLContext


def parsed_address(text: str) -> tuple[str, int]:
    """Host and port of ``tcp://host:port``. Raises ValueError."""
    parts = urlsplit(text)
    if parts.scheme != "tcp" or not parts.hostname or parts.port is None or parts.path.strip("/"):
        raise ValueError(f"{text!r} is no address; write it like tcp://host:9443")
    return parts.hostname, parts.port


def server_context(options: KernelSidecar) -> ssl.SSLContext:
    """For the sidecar: only workers whose certificate the authority has signed. Raises ValueError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return _with_files(context, options)


def client_context(options: KernelSidecar) -> ssl.SSLContext:
    """For a worker: only a sidecar whose certificate the authority has signed for its host. Raises ValueError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _with_files(context, options)


def remote_sidecar(options: KernelSidecar, version: int) -> RemoteSidecar:
    """The sidecar at ``KernelSidecar.address``. Raises SidecarUnavailable for options that make no sense."""
    try:
        host, port = parsed_address(options.address)
        context, secret = client_context(options), read_secret(options.secret_file)
    except ValueError as error:
        raise SidecarUnavailable(f"The sidecar of another machine cannot be used: {error}") from error
    return RemoteSidecar(0, 0, options.address, secret, version, host=host, port=port, context=context)


def read_secret(file: str) -> str:
    """The secret that workers and sidecar share. Raises ValueError: no such file, open to others, too short."""
    if not file:
        raise ValueError("KernelSidecar.secret_file must name a file with the same secret on both machines")
    path = Path(file)
    try:
        mode, secret = path.stat().st_mode, path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"KernelSidecar.secret_file {file} cannot be read: {error}") from error
    if stat.S_IMODE(mode) & 0o077:
        raise ValueError(f"KernelSidecar.secret_file {file} is open to others: chmod 600 {file}")
    if len(secret) < MIN_SECRET_CHARS:
        raise ValueError(f"KernelSidecar.secret_file {file} must hold at least {MIN_SECRET_CHARS} random characters")
    return secret


class TlsSocket:
    """The worker's end: what ``BridgeConnection`` uses of a socket. One thread receives, any may send."""

    def __init__(self, raw: socket.socket, context: ssl.SSLContext, host: str) -> None:
        self._raw = raw
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._crypt, self._sending = threading.Lock(), threading.Lock()
        self._plain = bytearray()
        self._has_ended = False

    @classmethod
    def connected(cls, sidecar: RemoteSidecar) -> TlsSocket:
        """An open connection whose other end has shown its certificate. Raises SidecarUnavailable."""
        where = f"{sidecar.host}:{sidecar.port}"
        try:
            raw = socket.create_connection((sidecar.host, sidecar.port), timeout=CONNECT_TIMEOUT_S)
        except OSError as error:
            raise SidecarUnavailable(f"The sidecar at {where} cannot be reached: {error}") from error
        try:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made = cls(raw, sidecar.context, sidecar.host)
            made._shake_hands()
        except ssl.SSLCertVerificationError as error:
            raw.close()
            raise SidecarUnavailable(f"The sidecar at {where} is not trusted: {error.verify_message}") from error
        except OSError as error:
            raw.close()
            raise SidecarUnavailable(f"The sidecar at {where} does not speak TLS with this server: {error}") from error
        return made

    def settimeout(self, timeout_s: float) -> None:
        """For receiving."""
        self._raw.settimeout(timeout_s)

    def recv(self, most_bytes: int, flags: int = 0) -> bytes:
        """As of a socket; of the flags MSG_PEEK. Raises TimeoutError, BlockingIOError, OSError."""
        while not self._plain and not self._has_ended:
            self._take(self._raw.recv(RECORD_BYTES))
        found = bytes(self._plain[:most_bytes])
        if not flags & socket.MSG_PEEK:
            del self._plain[:most_bytes]
        return found

    def recv_into(self, room: memoryview) -> int:
        """As of a socket. Raises as ``recv``."""
        found = self.recv(len(room))
        room[: len(found)] = found
        return len(found)

    def sendall(self, data: bytes) -> None:
        """As of a socket."""
        self._send(self._raw, data)

    def dup(self) -> TlsSender:
        """The same connection with a time limit of its own for sending."""
        return TlsSender(self, self._raw.dup())

    def shutdown(self, how: int) -> None:
        """As of a socket."""
        self._raw.shutdown(how)

    def close(self) -> None:
        """As of a socket."""
        self._raw.close()

    def _send(self, raw: socket.socket, data: bytes) -> None:
        with self._sending:  # records must go out in the order they were made in
            for start in range(0, len(data), RECORD_BYTES):
                with self._crypt:
                    self._tls.write(memoryview(data)[start : start + RECORD_BYTES])
                    records = self._outgoing.read()
                raw.sendall(records)

    def _take(self, received: bytes) -> None:
        with self._crypt:
            self._incoming.write(received) if received else self._incoming.write_eof()
            with suppress(ssl.SSLWantReadError):
                while True:
                    try:
                        read = self._tls.read(RECORD_BYTES)
                    except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                        read = b""
                    if not read:
                        self._has_ended = True
                        return
                    self._plain += read

    def _shake_hands(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._raw.sendall(self._outgoing.read())
                received = self._raw.recv(RECORD_BYTES)
                if not received:
                    raise ConnectionResetError("it closed the connection") from None
                self._incoming.write(received)
            else:
                self._raw.sendall(self._outgoing.read())
                return


class TlsSender:
    """The sending side of a ``TlsSocket``, see ``TlsSocket.dup``."""

    def __init__(self, tls: TlsSocket, raw: socket.socket) -> None:
        self._tls, self._raw = tls, raw

    def settimeout(self, timeout_s: float) -> None:
        """For sending."""
        self._raw.settimeout(timeout_s)

    def send(self, data: bytes) -> int:
        """As of a socket; it sends all."""
        self._tls._send(self._raw, data)
        return len(data)

    def close(self) -> None:
        """As of a socket."""
        self._raw.close()


def _with_files(context: ssl.SSLContext, options: KernelSidecar) -> ssl.SSLContext:
    missing = [name for name in ("tls_certificate", "tls_key", "tls_authority") if not getattr(options, name)]
    if missing:
        raise ValueError(f"KernelSidecar.{missing[0]} is needed: both ends show a certificate")
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_cert_chain(options.tls_certificate, options.tls_key, password=_refuse_password)
        context.load_verify_locations(options.tls_authority)
    except (OSError, ValueError) as error:
        raise ValueError(f"KernelSidecar.tls_certificate, tls_key or tls_authority cannot be used: {error}") from error
    return context


def _refuse_password() -> str:
    """Nobody could type one."""
    raise ValueError("the key is encrypted")
