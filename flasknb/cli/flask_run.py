"""``flask run``: where it listens, and the lines its user needs. Does nothing in other servers."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flasknb.blueprints.context import Services
from flasknb.cli.attaching import attach
from flasknb.cli.logs.access_log import ScrubFilter
from flasknb.cli.messages import start_message
from flasknb.cli.sockets.endpoint import Endpoint
from flasknb.config.files import BrokenConfigFile
from flasknb.config.loader import UnknownOption
from flasknb.config.options import is_loopback
from flasknb.errors import FlasknbError

RELOADER_CHILD = "WERKZEUG_RUN_MAIN"


def address() -> dict[str, dict[str, Any]]:
    """Host and port of the ``flask run`` that is loading us, as options; empty in every other process."""
    parameters = _parameters()
    return {"ServerApp": {"ip": parameters["host"], "port": parameters["port"]}} if parameters else {}


def announce(services: Services) -> None:
    """Print a mount's address with its token, once: the reloader loads the app in its child too, at every change."""
    parameters = _parameters()
    if not parameters:
        return
    logging.getLogger("werkzeug").addFilter(ScrubFilter())
    is_child = os.environ.get(RELOADER_CHILD) == "true"
    if is_child or not _has_reloader(parameters):
        attach(services)  # this process serves; with a reloader its parent only watches
    if is_child:
        return
    endpoint = Endpoint(str(parameters["host"]), int(parameters["port"]), is_secure=bool(parameters.get("cert")))
    print(start_message(services, endpoint), file=sys.stderr, flush=True)


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
