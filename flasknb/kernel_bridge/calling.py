"""How a worker reaches the sidecar: found, started where there is none, called over a small pool of connections."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from traitlets.config import Config

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge import crossing, instance
from flasknb.kernel_bridge.connection import (
    BridgeConnection,
    ConnectionLost,
    SidecarAbsent,
    SidecarOutdated,
    ask_to_hand_over,
)
from flasknb.kernel_bridge.frames import Frame, Kind, pack_json
from flasknb.kernel_bridge.handshake import BRIDGE_VERSION, ROLE_CALLS
from flasknb.kernel_bridge.instance import Discovery
from flasknb.kernel_bridge.models import SidecarStatus
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.starting import start_sidecar
from flasknb.kernel_bridge.status_board import StatusReader

ACCEPT_TIMEOUT_S = 4.0  # a living sidecar says at once that it heard a call
CALL_TIMEOUT_S = 15.0
JOIN_TIMEOUT_S = 10.0
IDLE_CONNECTIONS = 8
CONNECT_ATTEMPTS = 3

REPEATABLE = frozenset(
    {"list_kernels", "get_kernel", "list_sessions", "get_session", "kernel_specs", "kernel_spec", "status"}
)
REPEATABLE |= {"list_terminals", "get_terminal", "execution_queue", "outputs", "cells", "note_document"}


class _NotExecuted(Exception):
    """The connection broke before the sidecar took the call: repeating it is safe."""


class SidecarCaller:
    """The sidecar of one instance, as a worker reaches it. Any thread or greenlet; also after a fork.

    Args:
        instance_dir: private folder of the instance; ``None`` derives it from ``root_dir``.
        root_dir: the folder that the notebooks are in.
        config: traitlets configuration, ``{class: {option: value}}``, for the sidecar that this may start.
    """

    def __init__(self, instance_dir: Path | None, root_dir: Path, config: Mapping[str, Any]) -> None:
        self._given_instance_dir = instance_dir
        self._root_dir = root_dir
        self._config = config
        self._lock = threading.Lock()
        self._idle: list[BridgeConnection] = []
        self._owner_pid = os.getpid()
        self._numbers = itertools.count(1)
        self._board: StatusReader | None = None
        self._remote: Discovery | None = None
        self._known_options: KernelSidecar | None = None
        self.viewer: Callable[[], str | None] = lambda: None
        """For whom calls are made now, see ``Bridge.viewer``."""

    @property
    def _options(self) -> KernelSidecar:
        if self._known_options is None:
            self._known_options = KernelSidecar(config=Config(self._config))
        return self._known_options

    @property
    def instance_dir(self) -> Path:
        """The private folder of this instance, made when missing."""
        if self._given_instance_dir is not None:
            return instance.private_dir(self._given_instance_dir)
        return instance.instance_dir(self._root_dir)

    def attach(self) -> bool:
        """Tell a running sidecar that this worker is there, so that its kernels live on; starts none.

        Returns:
            Whether there was one.
        """
        discovery = self._find_sidecar()
        if discovery is None:
            return False
        try:
            self._give_back(BridgeConnection(discovery, ROLE_CALLS))
        except SidecarOutdated:
            with suppress(SidecarUnavailable):
                self._call("status")  # its successor, who takes the kernels over
                return True
            return False
        except (SidecarAbsent, SidecarUnavailable):
            return False
        return True

    def close(self) -> None:
        """Let go of this worker's idle connections; kernels stay."""
        self._let_go_of_idle()

    def _let_go_of_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _call(self, method: str, params: Mapping[str, Any] | None = None, *, timeout_s: float = CALL_TIMEOUT_S) -> Any:
        """Result of one call, as JSON. Raises the domain error that it ended with, or SidecarUnavailable."""
        try:
            return self._call_once(method, params or {}, timeout_s)
        except _NotExecuted:
            self._let_go_of_idle()  # the others lead to the same dead sidecar
        try:
            return self._call_once(method, params or {}, timeout_s)
        except _NotExecuted as error:
            raise SidecarUnavailable("The process that runs the kernels ended just now; try again.") from error

    def _call_once(self, method: str, params: Mapping[str, Any], timeout_s: float) -> Any:
        connection = self._take() or self._connect(ROLE_CALLS)
        try:
            frame = self._exchange(connection, method, params, timeout_s)
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)
        if frame.kind is Kind.ERROR:
            raise crossing.error_of(frame.json()["error"])
        return frame.json()["result"]

    def _exchange(
        self, connection: BridgeConnection, method: str, params: Mapping[str, Any], timeout_s: float
    ) -> Frame:
        number = next(self._numbers)
        try:
            call = {"id": number, "method": method, "params": params, "viewer": self.viewer()}
            connection.send(pack_json(Kind.CALL, call))
            _expect(connection.receive(ACCEPT_TIMEOUT_S), number, Kind.ACCEPTED)
        except ConnectionLost as error:
            raise _NotExecuted from error
        except TimeoutError as error:
            raise _no_answer(method, ACCEPT_TIMEOUT_S) from error
        try:
            return _expect(connection.receive(timeout_s), number, Kind.RESULT, Kind.ERROR)
        except TimeoutError as error:
            raise _no_answer(method, timeout_s) from error
        except ConnectionLost as error:
            if method in REPEATABLE:
                raise _NotExecuted from error
            raise SidecarUnavailable(
                "The process that runs the kernels ended while it worked on this; look before trying again."
            ) from error

    def _meet(self) -> None:
        """Have a sidecar, and let it know of this worker."""
        self._give_back(self._connect(ROLE_CALLS))

    def _connect(self, role: str, fields: Mapping[str, Any] | None = None) -> BridgeConnection:
        if self._is_elsewhere:
            return self._connect_elsewhere(role, fields)
        folder = self.instance_dir
        for _ in range(CONNECT_ATTEMPTS):
            discovery = instance.read_discovery(folder)
            if discovery is not None:
                try:
                    return BridgeConnection(discovery, role, fields)
                except SidecarAbsent:
                    pass  # a stale file: the next lines replace it
                except SidecarOutdated:
                    ask_to_hand_over(discovery)
            start_sidecar(folder, self._root_dir, self._config, seen=discovery)
        raise SidecarUnavailable(f"The process that runs the kernels keeps ending; see {folder}/sidecar.log")

    def _connect_elsewhere(self, role: str, fields: Mapping[str, Any] | None) -> BridgeConnection:
        remote = self._remote_sidecar()
        try:
            return BridgeConnection(remote, role, fields)
        except SidecarAbsent as error:
            raise SidecarUnavailable(
                f"The sidecar at {remote.socket} does not let this server in: its certificate or secret is not the"
                f" one that is expected there ({error})"
            ) from error

    @property
    def _is_elsewhere(self) -> bool:
        """Whether the sidecar is one of another machine."""
        return bool(self._options.address)

    def _remote_sidecar(self) -> Discovery:
        if self._remote is None:
            from flasknb.kernel_bridge.tls import remote_sidecar

            self._remote = remote_sidecar(self._options, BRIDGE_VERSION)
        return self._remote

    def _find_sidecar(self) -> Discovery | None:
        """How to reach the sidecar, whether or not it runs; ``None`` where none has said so."""
        return self._remote_sidecar() if self._is_elsewhere else instance.read_discovery(self.instance_dir)

    def _join(self, role: str, fields: Mapping[str, Any], what: str) -> tuple[BridgeConnection, Mapping[str, Any]]:
        """A connection of its own to a kernel or terminal, and the answer to joining it. Raises what refused it."""
        connection = self._connect(role, {**fields, "viewer": self.viewer()})
        try:
            frame = connection.receive(JOIN_TIMEOUT_S)
        except (TimeoutError, ConnectionLost) as error:
            connection.close()
            raise SidecarUnavailable(f"The {what} could not be joined: {error}. Try again.") from error
        if frame.kind is Kind.RESULT:
            return connection, frame.json()
        connection.close()
        raise crossing.error_of(frame.json())

    def shown_status(self) -> SidecarStatus | None:
        """What the sidecar shows in its file, as long as this worker's connection to it stands; else ask ``status``."""
        connection = self._take()
        if connection is None:
            return None
        if not connection.stands():
            connection.close()
            return None
        if self._board is None:
            self._board = StatusReader(self.instance_dir)
        status = self._board.read(connection.sidecar_pid)
        self._give_back(connection)
        return status

    def _take(self) -> BridgeConnection | None:
        with self._lock:
            if self._owner_pid != os.getpid():  # after a fork: these belong to the parent, who still uses them
                self._idle, self._owner_pid = [], os.getpid()
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: BridgeConnection) -> None:
        with self._lock:
            if self._owner_pid == os.getpid() and len(self._idle) < IDLE_CONNECTIONS:
                self._idle.append(connection)
                return
        connection.close()


def _expect(frame: Frame, number: int, *kinds: Kind) -> Frame:
    if frame.kind not in kinds or frame.json().get("id") != number:
        raise ConnectionLost(f"the sidecar answered call {number} with {frame.kind.name}")
    return frame


def _no_answer(method: str, waited_s: float) -> SidecarUnavailable:
    return SidecarUnavailable(
        f"The process that runs the kernels did not answer within {waited_s:.0f} s ({method.replace('_', ' ')}). "
        "Files still work; try again in a moment."
    )
