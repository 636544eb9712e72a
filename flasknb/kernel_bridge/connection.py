"""The worker's end of one connection to the sidecar: connect, hello, frames, each with a timeout.

Blocking sockets only, so that it is right under threads and, patched, under gevent.
"""

from __future__ import annotations

import socket
import time
from collections import deque
from collections.abc import Mapping
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from flasknb.errors import SidecarUnavailable, sentence
from flasknb.kernel_bridge.endless import wait_without_end
from flasknb.kernel_bridge.frames import BadBridgeFrame, Frame, FrameDecoder, Kind, pack_json
from flasknb.kernel_bridge.handshake import BRIDGE_VERSION, ROLE_HANDOVER, is_proven, new_nonce, proof
from flasknb.kernel_bridge.instance import Discovery

if TYPE_CHECKING:
    from flasknb.kernel_bridge.tls import TlsSender, TlsSocket

CONNECT_TIMEOUT_S = 2.0
HELLO_TIMEOUT_S = 3.0
HANDOVER_TIMEOUT_S = 15.0
SEND_TIMEOUT_S = 30.0
RECEIVE_BYTES = 256 * 1024
SEND_BYTES = 1024 * 1024


class SidecarAbsent(Exception):
    """Nobody answers there: the discovery file is stale. Starting a sidecar helps."""


class ConnectionLost(Exception):
    """The sidecar closed the connection or died."""


class SidecarOutdated(SidecarUnavailable):
    """The running sidecar is of an older version. ``ask_to_hand_over`` helps."""


class BridgeConnection:
    """An introduced connection. One thread receives; any may send where the caller holds a lock.

    Raises:
        SidecarAbsent: nobody listens, or somebody who does not know the secret.
        SidecarUnavailable: it listens and does not answer in time, or is of a later version.
        SidecarOutdated: it is of an older version.
    """

    def __init__(self, discovery: Discovery, role: str, fields: Mapping[str, Any] | None = None) -> None:
        self.sidecar_pid = discovery.pid
        self._decoder = FrameDecoder()
        self._frames: deque[Frame] = deque()
        self._waits_for_ever = False
        self._socket = _connected(discovery)
        try:
            self._introduce(discovery.secret, role, fields or {})
            self._sender: socket.socket | TlsSender = self._socket.dup()
            self._sender.settimeout(SEND_TIMEOUT_S)
        except BaseException:
            self._socket.close()
            raise

    def send(self, frame: bytes, descriptor: int | None = None) -> None:
        """Send one packed frame, and a copy of the socket ``descriptor`` with it.

        Raises:
            ConnectionLost: also when the sidecar takes nothing for SEND_TIMEOUT_S.
        """
        try:
            if descriptor is None:
                sent = self._sender.send(frame)
            else:
                assert isinstance(self._sender, socket.socket)  # noqa: S101 - sockets do not leave this machine
                sent = socket.send_fds(self._sender, [frame], [descriptor])
            while sent < len(frame):  # gevent's sendall asks the system how much fits, every time
                sent += self._sender.send(frame[sent : sent + SEND_BYTES])
        except OSError as error:
            raise ConnectionLost(f"the sidecar took no more bytes: {error}") from error

    def receive(self, timeout_s: float | None) -> Frame:
        """The next frame. Raises TimeoutError, ConnectionLost."""
        if not self._frames:
            if timeout_s is None:
                self._wait_for_ever()
            else:
                self._wait(time.monotonic() + timeout_s)
        return self._frames.popleft()

    def receive_batch(self, timeout_s: float | None) -> list[Frame]:
        """Every frame that has arrived, at least one. Raises TimeoutError, ConnectionLost."""
        batch = [self.receive(timeout_s), *self._frames]
        self._frames.clear()
        return batch

    def stands(self) -> bool:
        """Whether the sidecar still holds its end. Waits for nothing; for a connection that nobody receives from."""
        try:
            self._socket.settimeout(0.0)
            self._waits_for_ever = False
            return bool(self._socket.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def finish_sending(self) -> None:
        """Send no more; the sidecar reads what was sent, then closes. A thread that receives goes on until then."""
        with suppress(OSError):  # it may be gone already
            self._socket.shutdown(socket.SHUT_WR)

    def wake(self) -> None:
        """End the connection; a thread that waits in ``receive`` gets ConnectionLost."""
        with suppress(OSError):  # it may be gone already
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the sockets. Nobody may be using them."""
        self._socket.close()
        if hasattr(self, "_sender"):
            self._sender.close()

    def _wait(self, deadline_s: float) -> None:
        while not self._frames:
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise TimeoutError("the sidecar did not answer in time")
            self._socket.settimeout(left_s)
            self._waits_for_ever = False
            self._receive_some()

    def _wait_for_ever(self) -> None:
        if not self._waits_for_ever:
            wait_without_end(self._socket)
            self._waits_for_ever = True
        while not self._frames:
            self._receive_some()

    def _receive_some(self) -> None:
        try:
            if self._decoder.large is None:
                received = self._socket.recv(RECEIVE_BYTES)
                count = len(received)
            else:
                received, count = None, self._socket.recv_into(self._decoder.room)
        except TimeoutError:
            raise TimeoutError("the sidecar did not answer in time") from None
        except OSError as error:
            raise ConnectionLost(f"the connection to the sidecar broke: {error}") from error
        if not count:
            raise ConnectionLost("the sidecar closed the connection")
        try:
            self._frames.extend(self._decoder.filled(count) if received is None else self._decoder.feed(received))
        except BadBridgeFrame as error:
            raise ConnectionLost(f"the sidecar sent garbage: {error}") from error

    def _introduce(self, secret: str, role: str, fields: Mapping[str, Any]) -> None:
        try:
            challenge = self.receive(HELLO_TIMEOUT_S).json()
            _check_version(challenge.get("version"))
            _check_welcome(challenge.get("refused"))
            nonces = {"sidecar_nonce": str(challenge.get("nonce")), "worker_nonce": new_nonce()}
            hello = {"version": BRIDGE_VERSION, "nonce": nonces["worker_nonce"], "role": role, **fields}
            self._socket.sendall(pack_json(Kind.HELLO, {**hello, "proof": proof(secret, "worker", **nonces)}))
            answer = self.receive(HELLO_TIMEOUT_S).json()
        except TimeoutError:
            raise SidecarUnavailable(
                "The process that runs the kernels does not answer. Files still work; try again in a moment."
            ) from None
        except (ConnectionLost, OSError) as error:
            raise SidecarAbsent(str(error)) from error
        if not is_proven(secret, "sidecar", answer.get("proof"), **nonces):
            raise SidecarAbsent("whoever listens does not know the secret")


def ask_to_hand_over(discovery: Discovery) -> None:
    """Have a sidecar of an older version end and leave its kernels running; returns when it has let go of them.

    All versions understand this: a hello in the words of the older one, and the end of the connection as the answer.

    Raises:
        SidecarUnavailable: it does not, in time.
    """
    with suppress(SidecarAbsent, OSError, BadBridgeFrame), closing(_connected(discovery)) as connection:
        connection.settimeout(HANDOVER_TIMEOUT_S)
        decoder = FrameDecoder()
        frames: list[Frame] = []
        while not frames:
            frames = list(decoder.feed(connection.recv(RECEIVE_BYTES)))
        challenge = frames[0].json()
        nonces = {"sidecar_nonce": str(challenge.get("nonce")), "worker_nonce": new_nonce()}
        shown = proof(discovery.secret, "worker", int(challenge["version"]), **nonces)
        hello = {"version": BRIDGE_VERSION, "nonce": nonces["worker_nonce"], "role": ROLE_HANDOVER, "proof": shown}
        connection.sendall(pack_json(Kind.HELLO, hello))
        try:
            while connection.recv(RECEIVE_BYTES):
                pass
        except TimeoutError:
            raise SidecarUnavailable(
                "The process that runs the kernels is of an older version and does not end."
            ) from None


def _connected(discovery: Discovery) -> socket.socket | TlsSocket:
    if type(discovery) is not Discovery:
        return _connected_elsewhere(discovery)
    connection = _new_socket(socket.AF_UNIX)
    try:
        connection.settimeout(CONNECT_TIMEOUT_S)
        connection.connect(discovery.socket)
    except TimeoutError:
        connection.close()
        raise SidecarUnavailable("The process that runs the kernels accepts no connection; try again.") from None
    except BlockingIOError:  # its queue of connections is full: it hangs
        connection.close()
        raise SidecarUnavailable("The process that runs the kernels is overloaded; try again.") from None
    except OSError as error:
        connection.close()
        raise SidecarAbsent(f"{discovery.socket}: {error}") from error
    return connection


def _connected_elsewhere(discovery: Discovery) -> TlsSocket:
    """Over TLS, whose module is imported only where it is used."""
    from flasknb.kernel_bridge.tls import RemoteSidecar, TlsSocket

    assert isinstance(discovery, RemoteSidecar)  # noqa: S101 - the two kinds there are
    return TlsSocket.connected(discovery)


def _new_socket(family: int) -> socket.socket:
    """Raises SidecarUnavailable where this process has no descriptor left: that says nothing about the sidecar."""
    try:
        return socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise SidecarUnavailable(f"This server has no connection left to use: {error.strerror}; try again.") from error


def _check_welcome(refusal: object) -> None:
    if refusal:
        raise SidecarUnavailable(f"{str(refusal)[:300]} Files still work.")


def _check_version(version: object) -> None:
    if version == BRIDGE_VERSION:
        return
    told = sentence(f"The process that runs the kernels speaks bridge version {version}, this server {BRIDGE_VERSION}.")
    if isinstance(version, int) and version < BRIDGE_VERSION:
        raise SidecarOutdated(told)
    raise SidecarUnavailable(f"{told} Restart this server, which was upgraded while it ran.")
