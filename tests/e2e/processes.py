"""Which process of a running server does what. Reads the operating system, not the product's internals."""

from __future__ import annotations

import time

import psutil

from tests.servers import Server

KEPT_ALIVE_TIMEOUT_S = 20.0


def family(server: Server) -> list[psutil.Process]:
    """The server's process and everything it started and still parents."""
    root = psutil.Process(server.pid)
    return [root, *root.children(recursive=True)]


def holders_of_connections(server: Server) -> set[int]:
    """Pids of the workers with an established connection on the server's port."""
    return {
        process.pid
        for process in family(server)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_ESTABLISHED and connection.laddr.port == server.port
    }


def holder_of_websocket(server: Server) -> int:
    """Pid of the worker that holds the page's websocket: the last one left when kept-alive connections have ended."""
    end_s = time.monotonic() + KEPT_ALIVE_TIMEOUT_S
    while time.monotonic() < end_s:
        holders = holders_of_connections(server)
        if len(holders) == 1:
            return holders.pop()
        time.sleep(0.2)
    raise LookupError(f"the connections of {server.pid} did not come down to one worker")


def sidecar_of(server: Server) -> int:
    """Pid of the sidecar that serves this server's root."""
    for process in psutil.process_iter(["pid", "cmdline", "environ"]):
        words = process.info["cmdline"] or []
        environ = process.info["environ"] or {}
        if "flasknb.kernel_bridge.sidecar" in words and environ.get("JUPYTER_RUNTIME_DIR") == str(server.runtime_dir):
            return int(process.info["pid"])
    raise LookupError("no sidecar of this server is running")
