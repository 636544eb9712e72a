"""What a gunicorn worker does once it runs: say where the server is, and close its websockets when it has to stop."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Any

import gevent

from flasknb.blueprints.context import STANDALONE, Services
from flasknb.cli.attaching import attach
from flasknb.cli.idle_connections import close_idle_connections
from flasknb.cli.logs.kernel_log import log_changes_in_turn
from flasknb.cli.logs.setup import configure_logging, is_configured
from flasknb.cli.messages import start_message
from flasknb.cli.runtime_files import RuntimeFiles
from flasknb.cli.sockets.endpoint import Endpoint
from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.instance import instance_dir, runtime_dir
from flasknb.kernel_bridge.open_websockets import close_all

log = logging.getLogger(__name__)

RETIRED_LOOK_S = 0.25
STOP_SIGNALS = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)


def prepare_logging(worker: Any) -> None:
    """Log as the options say, unless a host site has set up logging for itself."""
    mounts = _mounts(worker)
    if mounts and not is_configured():
        configure_logging(mounts[0].settings.server)


def attach_mounts(worker: Any) -> None:
    """Tell the sidecars that are running that this worker is there: kernels survive a reload."""
    for services in _mounts(worker):
        attach(services)


def log_kernels(worker: Any) -> None:
    """Have one of the master's workers write what happens to kernels; the flasknb command does it itself."""
    folders = {services.settings.root_dir: services for services in _own_mounts(worker)}
    for root_dir, services in folders.items():
        log_changes_in_turn(services, instance_dir(root_dir) / "log.lock", os.getppid())


def publish(worker: Any) -> None:
    """Describe the server under its master's process id; each worker writes the same file, the latest the newest."""
    endpoint = _endpoint(worker)
    for services in _own_mounts(worker)[:1]:
        try:
            RuntimeFiles(runtime_dir(), os.getppid()).publish(services, endpoint)
        except FlasknbError as error:
            log.warning("%s", error.message)


def announce(worker: Any) -> None:
    """Print the address of every mount, with the token where it was generated."""
    endpoint = _endpoint(worker)
    for services in _own_mounts(worker):
        print(start_message(services, endpoint), file=sys.stderr, flush=True)
        if services.settings.server.shutdown_no_activity_timeout > 0:
            log.warning("shutdown_no_activity_timeout has no effect under gunicorn: use the flasknb command")


def let_be_stopped(worker: Any) -> None:
    """``api/shutdown`` ends gunicorn where the app is nothing but the notebook; a host's site goes on."""
    name = getattr(worker.wsgi, "extensions", {}).get(STANDALONE)
    for services in _own_mounts(worker):
        if services.name == name:
            stop = partial(gevent.spawn, _stop, services, os.getppid())
            worker.wsgi.extensions["flasknb"][name] = replace(services, stop_server=stop)


def let_go_of_clients(worker: Any) -> None:
    """Close websockets and idle connections when ``worker`` is stopped: gunicorn would wait for them as long as it may.

    One that has served ``max_requests`` gets no signal, gunicorn only lets it take no more connections: that it waits
    for idle ones then is nobody's loss.
    """
    idle = close_idle_connections(worker)

    def let_go() -> None:
        close_all()
        if idle is not None:
            idle.close()

    def watch() -> None:
        while worker.alive:
            gevent.sleep(RETIRED_LOOK_S)
        close_all()

    gevent.spawn(watch)
    for number in STOP_SIGNALS:
        _before(number, lambda: gevent.spawn(let_go))


def _before(number: int, action: Callable[[], object]) -> None:
    """Have ``action`` done before what a signal does anyway."""
    previous = signal.getsignal(number)

    def handle(received: int, frame: FrameType | None) -> None:
        action()
        if callable(previous):
            previous(received, frame)

    signal.signal(number, handle)


def _stop(services: Services, master: int) -> None:
    """Kernels first, as with every server that is told to end; a reload of gunicorn leaves them alive."""
    try:
        services.bridge.shutdown_sidecar()
    except FlasknbError as error:
        log.warning("the kernels could not be ended: %s", error.message)
    os.kill(master, signal.SIGTERM)


def _endpoint(worker: Any) -> Endpoint:
    """Where gunicorn listens: its first TCP socket, else its first unix socket."""
    addresses = [listener.getsockname() for listener in worker.sockets]
    is_secure = bool(worker.cfg.is_ssl)
    for address in addresses:
        if isinstance(address, tuple):
            return Endpoint(str(address[0]), int(address[1]), is_secure=is_secure)
    return Endpoint("localhost", sock=os.path.abspath(addresses[0]), is_secure=is_secure)  # noqa: PTH100 - text to text


def _mounts(worker: Any) -> list[Services]:
    app = getattr(worker, "wsgi", None)
    return list(getattr(app, "extensions", {}).get("flasknb", {}).values())


def _own_mounts(worker: Any) -> list[Services]:
    """Those whose ``flasknb`` command does not say and write all that itself."""
    return [services for services in _mounts(worker) if services.stop_server is None]
