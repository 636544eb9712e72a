"""``flask run``: where it listens, and the lines its user needs. Does nothing in other servers."""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Flask

from flasknb.blueprints.context import STANDALONE, Services
from flasknb.cli.attaching import attach
from flasknb.cli.logs.access_log import ScrubFilter
from flasknb.cli.messages import start_message
from flasknb.cli.runtime_files import RuntimeFiles
from flasknb.cli.sockets.endpoint import Endpoint
from flasknb.config.files import BrokenConfigFile
from flasknb.config.loader import UnknownOption
from flasknb.config.options import is_loopback
from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.instance import runtime_dir

FLASKS_OWN = {
    "certfile": "use flask run --cert and --key",
    "sock": "use flask run --host unix://PATH",
    "autoreload": "use flask run --reload",
    "shutdown_no_activity_timeout": "use the flasknb command",
}
"""Options of what Flask's command does itself, and how it is told to."""

RELOADER_CHILD = "WERKZEUG_RUN_MAIN"
TIME_TO_ANSWER_S = 0.2

log = logging.getLogger(__name__)


def address() -> dict[str, dict[str, Any]]:
    """Host and port of the ``flask run`` that is loading us, as options; empty in every other process."""
    parameters = _parameters()
    return {"ServerApp": {"ip": parameters["host"], "port": parameters["port"]}} if parameters else {}


def announce(services: Services) -> None:
    """Tell a mount's address with its token, once: the reloader loads the app in its child too, at every change."""
    parameters = _parameters()
    if not parameters:
        return
    logging.getLogger("werkzeug").addFilter(ScrubFilter())
    endpoint = Endpoint(str(parameters["host"]), int(parameters["port"]), is_secure=bool(parameters.get("cert")))
    is_child = os.environ.get(RELOADER_CHILD) == "true"
    if is_child or not _has_reloader(parameters):  # this process serves; with a reloader its parent only watches
        attach(services)
        _publish(services, endpoint)
    if is_child:
        return
    print(start_message(services, endpoint), file=sys.stderr, flush=True)
    if not endpoint.port:  # nothing listens yet
        print("    Put the port that Flask names below in the place of 0.", file=sys.stderr, flush=True)
    for option, instead in FLASKS_OWN.items():
        if getattr(services.settings.server, option):
            print(f"    ServerApp.{option} has no effect under flask run: {instead}", file=sys.stderr, flush=True)


def let_be_stopped(app: Flask) -> None:
    """``api/shutdown`` ends ``flask run`` where the app is nothing but the notebook."""
    if not _parameters():
        return
    mounts, name = app.extensions["flasknb"], app.extensions[STANDALONE]
    stop = partial(_stop, mounts[name])
    mounts[name] = replace(mounts[name], stop_server=lambda: threading.Timer(TIME_TO_ANSWER_S, stop).start())


def _stop(services: Services) -> None:
    """Kernels first; then as with Control-C, which a reloader takes for the end too."""
    try:
        services.bridge.shutdown_sidecar()
    except FlasknbError as error:
        log.warning("the kernels could not be ended: %s", error.message)
    os.kill(os.getpid(), signal.SIGINT)


def _publish(services: Services, endpoint: Endpoint) -> None:
    """Describe the server for ``jupyter server list`` until the process ends."""
    try:
        files = RuntimeFiles(runtime_dir(), os.getpid())
        files.publish(services, endpoint)
    except FlasknbError as error:
        print(f"    {error.message}", file=sys.stderr, flush=True)
    else:
        atexit.register(files.remove)


def refuse_open_debugger() -> None:
    """Whoever reaches the debugger can run code. Raises click.UsageError where other machines would."""
    from click import UsageError
    from flask.helpers import get_debug_flag

    host = str(_parameters().get("host", "localhost"))
    if get_debug_flag() and not is_loopback(host):
        raise UsageError(f"Debug mode lets everybody who reaches {host} run code. Leave out --debug, or use 127.0.0.1")


@contextmanager
def told_briefly() -> Iterator[None]:
    """Under ``flask run``, what is wrong with the options is one line instead of a traceback."""
    from click import ClickException
    from traitlets import TraitError

    try:
        yield
    except (BrokenConfigFile, UnknownOption, TraitError, ValueError, FlasknbError) as error:
        if _parameters():
            raise ClickException(str(error)) from error
        raise


def _parameters() -> dict[str, Any]:
    """Those of the ``flask run`` that is loading us; empty in every other process."""
    import click

    context = click.get_current_context(silent=True)
    if context is None or context.info_name != "run" or not {"host", "port"} <= context.params.keys():
        return {}
    return dict(context.params)


def _has_reloader(parameters: dict[str, Any]) -> bool:
    from flask.helpers import get_debug_flag

    asked = parameters.get("reload")
    return get_debug_flag() if asked is None else bool(asked)
