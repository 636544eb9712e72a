"""A network that breaks when told to, and the page's own client code on the other side of it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import REPO

sys.path.insert(0, str(REPO / "frontend"))
from toolchain import find_node

PIECE_BYTES = 64 * 1024
BUILD_TIMEOUT_S = 120


class Wire:
    """A TCP proxy on loopback whose connections can be cut, both ways at once and without goodbye.

    Args:
        port: where it leads.
        idle_s: silence from the server after which it cuts by itself, as many a proxy does; ``None`` for never.
    """

    def __init__(self, port: int, *, idle_s: float | None = None) -> None:
        self._idle_s = idle_s
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End everything that is open; what is on its way is lost."""
        with self._lock:
            for one in self._sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=10)
            except OSError:
                near.close()
                continue
            far.settimeout(self._idle_s)
            with self._lock:
                self._sockets |= {near, far}
            pair = [threading.Thread(target=self._carry, args=ends, daemon=True) for ends in ((near, far), (far, near))]
            for thread in pair:
                thread.start()
            threading.Thread(target=self._end, args=(near, far, pair), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                sink.sendall(piece)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _end(self, near: socket.socket, far: socket.socket, pair: list[threading.Thread]) -> None:
        for thread in pair:
            thread.join()
        with self._lock:
            self._sockets -= {near, far}
        near.close()
        far.close()


@dataclass(frozen=True)
class Shown:
    """What a page ended up with. ``gaps`` are pairs of numbers, or of ``None``."""

    text: str
    gaps: list[list[int | None]]
    bad: list[str]
    returns: int
    reply: str


class NodePage:
    """The page's client code in a Node of its own, from ``page_client.ts``.

    Args:
        folder: where its bundle is put.
        url: address of the kernel's websocket.
        code: what it executes.
    """

    def __init__(self, folder: Path, url: str, code: str) -> None:
        node = find_node()
        assert node is not None, "the front end's tests need Node"
        bundle = folder / "page_client.cjs"
        options = {
            "entryPoints": ["tests/faults/page_client.ts"],
            "bundle": True,
            "platform": "node",
            "outfile": str(bundle),
        }
        script = f"require({str(REPO / 'frontend/node_modules/esbuild')!r}).buildSync({json.dumps(options)})"
        subprocess.run([node.node, "-e", script], cwd=REPO, check=True, timeout=BUILD_TIMEOUT_S)
        self._process = subprocess.Popen(
            [node.node, "--experimental-websocket", "--no-warnings", str(bundle), url, code],
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def has_finished(self) -> bool:
        """Whether the cell is done."""
        return self._process.poll() is not None

    def sleep(self, for_s: float) -> None:
        """The laptop is closed: nothing of the page runs, for ``for_s`` seconds and until ``wake``."""
        self._process.send_signal(signal.SIGSTOP)
        time.sleep(for_s)

    def wake(self) -> None:
        """The laptop is opened."""
        self._process.send_signal(signal.SIGCONT)

    def shown(self, timeout_s: float) -> Shown:
        """Wait for the cell's end. Raises subprocess.TimeoutExpired."""
        try:
            told, _ = self._process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise
        found: dict[str, Any] = json.loads(told)
        return Shown(**found)
