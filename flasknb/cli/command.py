"""The ``flasknb`` command after patching: from arguments to a served page, and the end of everything it started."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from traitlets import TraitError

from flasknb import __version__
from flasknb.app import FlaskNB, standalone
from flasknb.blueprints.context import Services
from flasknb.cli.arguments import Arguments, UnusablePlace, parse
from flasknb.cli.attaching import attach
from flasknb.cli.browser import open_browser
from flasknb.cli.interrupt import Interrupt
from flasknb.cli.kernel_log import log_changes
from flasknb.cli.listening import CannotListen, listen
from flasknb.cli.log_format import log_to_terminal
from flasknb.cli.messages import command_message, first_url, server_url
from flasknb.cli.runtime_files import published
from flasknb.config.files import BrokenConfigFile
from flasknb.config.loader import UnknownOption
from flasknb.config.options import is_loopback
from flasknb.errors import FlasknbError

log = logging.getLogger("flasknb")

WATCH_INTERVAL_S = 1.0
START_ERRORS = (
    UnusablePlace,
    BrokenConfigFile,
    UnknownOption,
    CannotListen,
    TraitError,
    ValueError,
    OSError,
    FlasknbError,
)


def run(argv: list[str]) -> int:
    """Run the command; 0 after an orderly end, 1 when it could not start."""
    try:
        arguments = parse(argv)
        log_to_terminal(arguments.log_level)
        return _Command(argv, arguments).serve()
    except START_ERRORS as error:
        print(f"flasknb: {error}", file=sys.stderr)
        return 1


class _Command:
    """One run of the command."""

    def __init__(self, argv: list[str], arguments: Arguments) -> None:
        self._argv = argv
        self._answers_yes = arguments.answers_yes
        self._stopping = Event()
        notebook = FlaskNB(
            command_line=arguments.options, config_file=arguments.config_file, stop_server=self._stopping.set
        )
        self._app = standalone(notebook)
        self._services: Services = self._app.extensions["flasknb"]["flasknb"]

    def serve(self) -> int:
        """Listen, tell, serve until told to stop, clean up."""
        options = self._services.settings.server
        if _is_root() and not options.allow_root:
            raise CannotListen("Running as root is not recommended. Use --allow-root to bypass.")
        listener = listen(options.ip, options.port, options.port_retries)
        server = self._server(listener)
        server.start()
        attach(self._services)
        self._changes = log_changes(self._services)
        self._handle_signals()
        with published(_runtime_dir(), self._info(listener), self._url(listener)) as page:
            print(command_message(self._services, options.ip, _port(listener), page), file=sys.stderr, flush=True)
            if options.open_browser:
                open_browser(options.browser, page)
            self._wait(server)
            self._end(server)
        return 0

    def _server(self, listener: socket.socket) -> Any:
        if is_loopback(self._services.settings.server.ip):
            from flasknb.cli.loopback_server import LoopbackServer

            return LoopbackServer(self._app, listener)
        from flasknb.cli.gunicorn_server import GunicornServer

        return GunicornServer(self._argv, listener)

    def _handle_signals(self) -> None:
        interrupt = Interrupt(self._describe, self._stopping.set, asks=not self._answers_yes)
        gevent.signal_handler(signal.SIGINT, interrupt)
        for number in (signal.SIGTERM, signal.SIGHUP):
            gevent.signal_handler(number, self._terminate, number)

    def _terminate(self, number: signal.Signals) -> None:
        log.info("received signal %d, stopping", number)
        self._stopping.set()

    def _wait(self, server: Any) -> None:
        while not self._stopping.wait(WATCH_INTERVAL_S):
            if server.has_ended():
                log.error("gunicorn ended; see its messages above")
                return

    def _end(self, server: Any) -> None:
        """Everything that the command started, in the order in which nothing is lost."""
        server.stop()
        try:
            self._services.bridge.shutdown_sidecar()
        except FlasknbError as error:
            log.warning("the kernels could not be ended: %s", error.message)
        self._changes.close()
        self._services.bridge.close()

    def _describe(self) -> str:
        return f"Serving notebooks from local directory: {self._services.settings.root_dir}"

    def _url(self, listener: socket.socket) -> str:
        return first_url(self._services, self._services.settings.server.ip, _port(listener))

    def _info(self, listener: socket.socket) -> dict[str, Any]:
        settings, identity = self._services.settings, self._services.identity
        return {
            "base_url": f"{settings.url_prefix}/",
            "hostname": settings.server.ip or "localhost",
            "password": identity.has_password(),
            "pid": os.getpid(),
            "port": _port(listener),
            "root_dir": str(settings.root_dir),
            "secure": False,
            "sock": "",
            "token": identity.token,
            "url": server_url(self._services, settings.server.ip, _port(listener)),
            "version": __version__,
        }


def _port(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _runtime_dir() -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir())
