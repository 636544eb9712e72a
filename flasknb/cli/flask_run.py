"""``flask run``: where it listens, and the lines its user needs. Does nothing in other servers."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from flasknb.blueprints.context import Services
from flasknb.cli.access_log import ScrubFilter
from flasknb.cli.messages import start_message

RELOADER_CHILD = "WERKZEUG_RUN_MAIN"


def address() -> dict[str, dict[str, Any]]:
    """Host and port of the ``flask run`` that is loading us, as options; empty in every other process."""
    parameters = _parameters()
    if "host" not in parameters or "port" not in parameters:
        return {}
    return {"ServerApp": {"ip": parameters["host"], "port": parameters["port"]}}


def announce(services: Services) -> None:
    """Print the address with its token, once, also when the reloader loads the app in two processes."""
    parameters = _parameters()
    logging.getLogger("werkzeug").addFilter(ScrubFilter())
    if _has_reloader(parameters) and os.environ.get(RELOADER_CHILD) != "true":
        return
    scheme = "https" if parameters.get("cert") else "http"
    print(
        start_message(services, str(parameters["host"]), int(parameters["port"]), scheme), file=sys.stderr, flush=True
    )


def _parameters() -> dict[str, Any]:
    import click

    context = click.get_current_context(silent=True)
    return dict(context.params) if context is not None and context.info_name == "run" else {}


def _has_reloader(parameters: dict[str, Any]) -> bool:
    from flask.helpers import get_debug_flag

    asked = parameters.get("reload")
    return get_debug_flag() if asked is None else bool(asked)
