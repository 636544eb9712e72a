"""Serves other machines too: gunicorn as a child process, on the socket that the ``flasknb`` command opened."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

NOTICES_SAID = "FLASKNB_NOTICES_SAID"  # read by config/notices.py
ARGUMENTS_VARIABLE = "FLASKNB_ARGV"
SETTINGS_VARIABLE = "FLASKNB_GUNICORN"  # read by gunicorn_conf.py
BOOT = (
    "import sys; sys.path[:1] = []; sys.path.append(sys.argv.pop(1)); "
    "from flasknb.cli.gunicorn_child import main; main()"
)
"""Not ``-m gunicorn``: that would import from the working directory, which holds the user's notebooks."""
PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])
STOP_TIMEOUT_S = 15.0  # above gunicorn's graceful_timeout


class GunicornServer:
    """The child gets the same command line, so that every worker builds the same app."""

    def __init__(self, argv: list[str], listener: socket.socket, settings: dict[str, Any]) -> None:
        """``settings``: as ``gunicorn_settings.settings_of`` makes them."""
        self._argv = argv
        self._listener = listener
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start gunicorn in a session of its own: Ctrl-C at the terminal is the parent's to answer."""
        where = f"fd://{self._listener.fileno()}"
        ip, port = self._listener.getsockname()[:2]
        settings = {**self._settings, "ip": ip, "port": port, "open_files": 0}
        own = {
            ARGUMENTS_VARIABLE: json.dumps(self._argv),
            SETTINGS_VARIABLE: json.dumps(settings),
            NOTICES_SAID: "by the command",
        }
        self._child = subprocess.Popen(
            [sys.executable, "-c", BOOT, PACKAGE_PARENT, "-c", "python:flasknb.gunicorn_conf", "-b", where, WORKER_APP],
            env=os.environ | own,
            pass_fds=(self._listener.fileno(),),
            start_new_session=True,
        )

    def has_ended(self) -> bool:
        """Whether gunicorn went away on its own."""
        return self._child is not None and self._child.poll() is not None

    def stop(self) -> None:
        """End gunicorn and wait ``STOP_TIMEOUT_S`` for it."""
        if self._child is None or self._child.poll() is not None:
            return
        self._child.send_signal(signal.SIGTERM)
        try:
            self._child.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(STOP_TIMEOUT_S)


WORKER_APP = "flasknb.cli.worker:app"
