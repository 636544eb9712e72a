"""gunicorn's settings for flasknb: ``gunicorn -c python:flasknb.gunicorn_conf wsgi:app``.

Read before a gevent worker patches the standard library, so nothing here may import Flask, ssl or threading; hooks
import what they need when they run, inside the patched worker.
"""

from __future__ import annotations

import os
from typing import Any

DEFAULT_PORT = "8888"  # that of config/options.py, which imports too much for this moment

_ip = os.environ.get("FLASKNB_IP", "127.0.0.1")
_port = os.environ.get("FLASKNB_PORT") or os.environ.get("JUPYTER_PORT") or DEFAULT_PORT
bind = f"[{_ip}]:{_port}" if ":" in _ip else f"{_ip}:{_port}"

worker_class = "gevent"
workers = 2
worker_connections = 1000
preload_app = False  # the app must be imported after the worker patched
timeout = 60
graceful_timeout = 10
keepalive = 5
limit_request_line = 8190  # a long name in a far script is nine bytes per character
control_socket_disable = True  # nothing here needs a second way to steer the server
logger_class = "flasknb.cli.gunicorn_log.ScrubbedLog"


def post_fork(server: Any, worker: Any) -> None:
    """Tell the app where gunicorn really listens: the Host check depends on it."""
    addresses = [listener.getsockname() for listener in worker.sockets]
    tcp = [address for address in addresses if isinstance(address, tuple)]
    if tcp:
        os.environ["FLASKNB_IP"], os.environ["FLASKNB_PORT"] = str(tcp[0][0]), str(tcp[0][1])


def post_worker_init(worker: Any) -> None:
    """The first worker says where the server is; every worker prepares its end."""
    from flasknb.cli.gunicorn_hooks import (
        announce,
        attach_mounts,
        close_websockets_on_exit,
        log_kernels,
        prepare_logging,
    )

    prepare_logging()
    close_websockets_on_exit()
    attach_mounts(worker)
    log_kernels(worker)
    if worker.age == 1:
        announce(worker)
