"""The sidecar's life: lock, socket, discovery file, serving, grace time, ending."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flasknb.kernel_bridge.crossing import to_json
from flasknb.kernel_bridge.handshake import BRIDGE_VERSION, TOPIC_AWAY, TOPIC_CHANGES, TOPIC_EVENTS
from flasknb.kernel_bridge.instance import (
    Discovery,
    discovery_path,
    process_start,
    read_discovery,
    socket_dir,
    write_discovery,
    write_root_dir,
)
from flasknb.kernel_bridge.kept_outputs import KeptOutputs
from flasknb.kernel_bridge.models import Change, ChangeKind, RaisedEvent
from flasknb.kernel_bridge.sidecar.away import Away
from flasknb.kernel_bridge.sidecar.calls import Calls
from flasknb.kernel_bridge.sidecar.chosen import chosen
from flasknb.kernel_bridge.sidecar.door import Door
from flasknb.kernel_bridge.sidecar.early_spare import EarlySpare
from flasknb.kernel_bridge.sidecar.external import ServerApp
from flasknb.kernel_bridge.sidecar.house import Attendance, House, Topic
from flasknb.kernel_bridge.sidecar.kernels import Kernels
from flasknb.kernel_bridge.sidecar.page_keeper import PageKeeper
from flasknb.kernel_bridge.sidecar.sessions import SessionManager
from flasknb.kernel_bridge.sidecar.settings import Settings
from flasknb.kernel_bridge.sidecar.terminals import make_terminals

log = logging.getLogger(__name__)

HOUSEKEEPING_S = 1.0
FIRST_LOOK_S = 0.1  # whoever had us started may want a kernel soon; what it asks for at once comes first
FAREWELL_S = 0.2  # for the answer to the call that ended us
BACKLOG = 128
HANDSHAKE_TIMEOUT_S = 10.0


class SidecarServer:
    """One run of the sidecar. Make it inside a running event loop; ``early`` is the spare that is on its way."""

    def __init__(self, settings: Settings, early: EarlySpare | None = None) -> None:
        self._instance_dir = settings.instance_dir
        self._kernels = Kernels(settings, early)
        self._kernels.takeover.take_all()  # before the sessions, which belong to living kernels
        name = ServerApp(config=settings.config).session_manager_class
        keep_sessions = chosen(name, SessionManager, "session_manager_class")
        self._sessions = keep_sessions(self._kernels, settings.instance_dir, config=settings.config)
        kept, delay_s = KeptOutputs(settings.instance_dir), self._kernels.options.away_save_delay_s
        self._away = Away(self._kernels, self._sessions, kept, delay_s=delay_s)
        self._kernels.before_stop = self._away.keep_beside
        self._terminals = make_terminals(settings, self._kernels.options)
        self._terminals.on_start = self._kernels.board.take_down
        self._terminals.admission = self._kernels.admission
        self._attendance = Attendance()
        self._ended = asyncio.Event()
        self._stops_kernels = True
        self._secret = secrets.token_hex(32)

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Serve until shut down, lonely for too long, or SIGTERM."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._on_sigterm)
        loop.add_signal_handler(signal.SIGINT, self._ended.set)
        await self._kernels.takeover.take_elsewhere()
        await self._kernels.spares.take_early()
        calls = Calls(self._kernels, self._sessions, self._terminals, self._away, self._shutdown)
        house = House(
            self._secret,
            self._kernels,
            self._terminals,
            calls,
            _topics(self._kernels, self._away),
            self._attendance,
            PageKeeper(),
            self._hand_over,
        )
        socket_path = self._fresh_socket_path()
        server = await loop.create_unix_server(lambda: Door(house), socket_path, backlog=BACKLOG)
        socket_path.chmod(0o600)
        remote_server = await self._serve_elsewhere(house)
        self._publish(socket_path)
        self._attendance.lonely_since_s = loop.time()
        on_ready()
        log.info("sidecar serves pid=%d root=%s", os.getpid(), self._kernels.root_dir)
        await self._keep_house()
        server.close()
        if remote_server is not None:
            remote_server.close()
        await self._leave(socket_path)

    async def _serve_elsewhere(self, house: House) -> asyncio.Server | None:
        """Listen for workers of other machines, where the options say so. Raises ValueError, OSError."""
        options = self._kernels.options
        if not options.listen:
            return None
        from flasknb.kernel_bridge.tls import parsed_address, read_secret, server_context

        host, port = parsed_address(options.listen)
        guarded = replace(house, secret=read_secret(options.secret_file))
        server = await asyncio.get_running_loop().create_server(
            lambda: Door(guarded, is_local=False),
            host,
            port,
            ssl=server_context(options),
            ssl_handshake_timeout=HANDSHAKE_TIMEOUT_S,
            backlog=BACKLOG,
        )
        log.info("sidecar serves other machines address=%s", server.sockets[0].getsockname())
        return server

    async def _keep_house(self) -> None:
        pause_s = FIRST_LOOK_S
        while not self._ended.is_set():
            try:
                await asyncio.wait_for(self._ended.wait(), pause_s)
            except asyncio.TimeoutError:
                pause_s = HOUSEKEEPING_S
                self._kernels.board.beat()
                self._kernels.keep_house(asyncio.get_running_loop().time())
                self._terminals.cull()
                self._away.look(asyncio.get_running_loop().time())
                await self._keep_spares()
                if self._is_forgotten():
                    log.info("no worker for %.0f s", self._kernels.options.grace_time_s)
                    self._ended.set()

    async def _keep_spares(self) -> None:
        try:
            await self._kernels.keep_spares()
        except Exception:  # a comfort must not end the sidecar
            log.exception("spares failed")

    def _is_forgotten(self) -> bool:
        grace_s, since_s = self._kernels.options.grace_time_s, self._attendance.lonely_since_s
        return grace_s > 0 and since_s is not None and asyncio.get_running_loop().time() - since_s >= grace_s

    def _on_sigterm(self) -> None:
        self._stops_kernels = self._kernels.options.stop_kernels_on_sigterm
        self._ended.set()

    def _hand_over(self) -> None:
        """A worker of a later version starts its own sidecar, whatever the policy about signals is."""
        self._stops_kernels = False
        self._ended.set()

    async def _shutdown(self) -> None:
        await asyncio.gather(self._kernels.shutdown_all(), self._terminals.end_all())
        asyncio.get_running_loop().call_later(FAREWELL_S, self._ended.set)

    async def _leave(self, socket_path: Path) -> None:
        self._attendance.is_over = True
        discovery_path(self._instance_dir).unlink(missing_ok=True)
        socket_path.unlink(missing_ok=True)
        await self._terminals.end_all()  # nobody could take them over: their ptys end with us
        if self._stops_kernels:
            await self._kernels.shutdown_all()
        else:
            await self._kernels.hand_over()
        for door in list(self._attendance.connections):
            door.end("the sidecar ends")
        await asyncio.sleep(0)
        self._sessions.close()
        await self._kernels.close()
        log.info("sidecar ends kernels_stopped=%s", self._stops_kernels)

    def _fresh_socket_path(self) -> Path:
        """A path nobody uses: we hold the instance's lock, so an old socket file is a dead sidecar's."""
        old = read_discovery(self._instance_dir)
        if old is not None:
            Path(old.socket).unlink(missing_ok=True)
        return socket_dir(self._instance_dir) / f"s{secrets.token_hex(4)}"

    def _publish(self, socket_path: Path) -> None:
        write_root_dir(self._instance_dir, self._kernels.root_dir)
        start = process_start(os.getpid()) or 0
        write_discovery(
            self._instance_dir, Discovery(os.getpid(), start, str(socket_path), self._secret, BRIDGE_VERSION)
        )


def _topics(kernels: Kernels, away: Away) -> dict[str, Topic]:
    return {
        TOPIC_AWAY: Topic(away.news, lambda kernel_id: {"kernel_id": kernel_id}, lambda missed: {"kernel_id": ""}),
        TOPIC_CHANGES: Topic(kernels.changes, to_json, lambda missed: to_json(_missed(missed))),
        TOPIC_EVENTS: Topic(kernels.events, to_json, lambda missed: to_json(RaisedEvent(missed=missed))),
    }


def _missed(count: int) -> Change:
    return Change(ChangeKind.MISSED, reason=f"{count} changes")
