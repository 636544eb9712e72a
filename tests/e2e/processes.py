"""Which process of a running server does what. Reads the operating system, not the product's internals."""

from __future__ import annotations

import psutil

from tests.servers import Server


def family(server: Server) -> list[psutil.Process]:
    """The server's process and everything it started and still parents."""
    root = psutil.Process(server.pid)
    return [root, *root.children(recursive=True)]


def holder_of_websocket(server: Server) -> int:
    """Pid of the worker with an established connection to a browser on the server's port."""
    for process in reversed(family(server)):
        for connection in process.net_connections("inet"):
            if connection.status == psutil.CONN_ESTABLISHED and connection.laddr.port == server.port:
                return process.pid
    raise LookupError(f"no worker of {server.pid} holds a connection")


def sidecar_of(server: Server) -> int:
    """Pid of the sidecar that serves this server's root."""
    for process in psutil.process_iter(["pid", "cmdline", "environ"]):
        words = process.info["cmdline"] or []
        environ = process.info["environ"] or {}
        if "flasknb.kernel_bridge.sidecar" in words and environ.get("JUPYTER_RUNTIME_DIR") == str(server.runtime_dir):
            return int(process.info["pid"])
    raise LookupError("no sidecar of this server is running")
