"""What a gunicorn worker does once it runs: print the address, and close its websockets the moment it has to stop."""

from __future__ import annotations

import logging
import os
import signal
import sys
from types import FrameType
from typing import Any

import gevent

from flasknb.blueprints.context import Services
from flasknb.cli.attaching import attach
from flasknb.cli.kernel_log import log_changes_in_turn
from flasknb.cli.log_format import log_to_terminal
from flasknb.cli.messages import start_message
from flasknb.kernel_bridge.instance import instance_dir
from flasknb.kernel_bridge.websocket import close_all

STOP_SIGNALS = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)


def prepare_logging() -> None:
    """Show our log lines where nobody configured logging."""
    if not logging.getLogger().handlers:
        log_to_terminal(logging.INFO)


def attach_mounts(worker: Any) -> None:
    """Tell the sidecars that are running that this worker is there: kernels survive a reload."""
    for services in _mounts(worker):
        attach(services)


def log_kernels(worker: Any) -> None:
    """Have one of the master's workers write what happens to kernels; the flasknb command does it itself."""
    folders = {services.settings.root_dir: services for services in _mounts(worker) if services.stop_server is None}
    for root_dir, services in folders.items():
        log_changes_in_turn(services, instance_dir(root_dir) / "log.lock", os.getppid())


def announce(worker: Any) -> None:
    """Print the address of every mount, with the token where it was generated."""
    addresses = [listener.getsockname() for listener in worker.sockets]
    host, port = next(((str(one[0]), int(one[1])) for one in addresses if isinstance(one, tuple)), ("", 0))
    for services in _mounts(worker):
        if port and services.stop_server is None:  # otherwise the flasknb command has printed it
            print(start_message(services, host, port), file=sys.stderr, flush=True)


def close_websockets_on_exit() -> None:
    """On every stopping signal, close open websockets first: gunicorn would wait for them as long as it may."""
    for number in STOP_SIGNALS:
        previous = signal.getsignal(number)

        def handle(received: int, frame: FrameType | None, previous: Any = previous) -> None:
            gevent.spawn(close_all)
            if callable(previous):
                previous(received, frame)

        signal.signal(number, handle)


def _mounts(worker: Any) -> list[Services]:
    app = getattr(worker, "wsgi", None)
    return list(getattr(app, "extensions", {}).get("flasknb", {}).values())
