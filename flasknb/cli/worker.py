"""The app inside a gunicorn that the ``flasknb`` command started; imported by each worker after it patched."""

from __future__ import annotations

import json
import os
import signal

from flasknb.app import FlaskNB, standalone
from flasknb.cli.arguments import parse
from flasknb.cli.gunicorn_server import ARGUMENTS_VARIABLE
from flasknb.cli.idle import Requests


def _stop_server() -> None:
    """End the master; the command that started it then ends kernels and sidecar."""
    os.kill(os.getppid(), signal.SIGTERM)


_arguments = parse(json.loads(os.environ.get(ARGUMENTS_VARIABLE, "[]")))
app = standalone(FlaskNB(command_line=_arguments.options, config_file=_arguments.config_file, stop_server=_stop_server))
Requests(app, app.extensions["flasknb"]["flasknb"])
