"""Which process of a running server does what. Reads the operating system, not the product's internals."""

from __future__ import annotations

import psutil

from tests.servers import Server


def workers_of(server: Server) -> list[int]:
    """Pids of gunicorn's workers."""
    return [child.pid for child in psutil.Process(server.pid).children()]


def sidecar_of(server: Server) -> int:
    """Pid of the sidecar that serves this server's root."""
    for process in psutil.process_iter(["pid", "cmdline", "environ"]):
        words = process.info["cmdline"] or []
        environ = process.info["environ"] or {}
        if "flasknb.kernel_bridge.sidecar" in words and environ.get("JUPYTER_RUNTIME_DIR") == str(server.runtime_dir):
            return int(process.info["pid"])
    raise LookupError("no sidecar of this server is running")
