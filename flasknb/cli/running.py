"""One run of the server: what it says and writes at start, what it does on signals, and its end."""

from __future__ import annotations

import logging
import os
import signal
from typing import Any

import gevent
from flask import Flask
from gevent.event import Event

from flasknb.blueprints.context import Services
from flasknb.cli.attaching import attach
from flasknb.cli.beforehand import prepare_later
from flasknb.cli.browser import open_browser
from flasknb.cli.idle import IdleWatch, Requests
from flasknb.cli.interrupt import Interrupt
from flasknb.cli.logs.form import BLOCK
from flasknb.cli.logs.kernel_log import log_changes
from flasknb.cli.messages import STOP_HINT, Addresses, entrance, running_lines, serving_line, warnings
from flasknb.cli.reloading import SourceWatch, start_anew
from flasknb.cli.runtime_files import RuntimeFiles, other_servers
from flasknb.cli.sockets.listening import Place
from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.instance import runtime_dir

log = logging.getLogger("flasknb")

WATCH_INTERVAL_S = 1.0
DESCRIBE_TIMEOUT_S = 3.0  # for the count of kernels; a hung sidecar must not keep Control-C waiting


class Running:
    """Everything between listening and the end. Made and used in the main greenlet."""

    def __init__(
        self, argv: list[str], app: Flask, services: Services, place: Place, *, stop: Event, requests: Requests
    ) -> None:
        """``stop``: set by whoever wants the server to end."""
        self._services = services
        self._place = place
        self._stop = stop
        self._options = services.settings.server
        self._addresses = Addresses(services, place.endpoint)
        self._folder = runtime_dir()
        self._files = RuntimeFiles(self._folder, os.getpid())
        self._idle = _idle_watch(services, requests)
        self._sources = SourceWatch() if self._options.autoreload and place.endpoint.is_local else None
        self._server = _server(argv, app, services, place)

    def until_stopped(self) -> int:
        """Serve until told to stop; the exit status."""
        self._server.start()
        attach(self._services)
        self._changes = log_changes(self._services)
        self._handle_signals()
        try:
            self._files.publish(self._services, self._place.endpoint)
            if self._place.is_inherited:
                log.info("Serving again.")
            else:
                self._announce()
            if self._place.endpoint.is_local:  # others are served by other processes
                prepare_later(self._options)
            return self._wait()
        finally:
            self._end()

    def _announce(self) -> None:
        for line in [serving_line(self._services), *running_lines(self._addresses), STOP_HINT]:
            log.info("%s", line, extra={BLOCK: True})
        for line in warnings(self._services, self._place.endpoint):
            log.warning("%s", line)
        has_file = self._options.use_redirect_file and not self._place.endpoint.sock
        page = None
        if has_file:
            opens_file = bool(self._options.file_to_run)
            page = self._files.write_open_page(self._addresses.to_open(), opens_file=opens_file)
        if self._services.identity.has_generated_token:
            log.critical("%s", entrance(self._services, self._place.endpoint, page), extra={BLOCK: True})
        if self._options.open_browser and not self._place.endpoint.sock:
            address = page.as_uri() if page else self._launch_address()
            open_browser(self._options.browser, address, self._options.webbrowser_open_new)

    def _launch_address(self) -> str:
        """For a command line, which other users of the machine can read: logs in once, and soon."""
        identity = self._services.identity
        return (
            self._addresses.launch(identity.launch_tickets.make())
            if identity.is_enabled()
            else self._addresses.to_open()
        )

    def _handle_signals(self) -> None:
        interrupt = Interrupt(self._describe, self._stop.set, asks=not self._options.answer_yes)
        gevent.signal_handler(signal.SIGINT, interrupt)
        for number in (signal.SIGTERM, signal.SIGHUP):
            gevent.signal_handler(number, self._terminate, number)
        for name in ("SIGUSR1", "SIGINFO"):
            if hasattr(signal, name):
                gevent.signal_handler(getattr(signal, name), self._tell)

    def _terminate(self, number: signal.Signals) -> None:
        log.critical("received signal %d, stopping", number)
        self._stop.set()

    def _tell(self) -> None:
        log.info("%s", self._describe(), extra={BLOCK: True})

    def _describe(self) -> str:
        """What is running, for whoever thinks of ending it."""
        count = self._kernel_count()
        kernels = (
            "unknown kernels: their process does not answer" if count is None else _counted(count, "active kernel")
        )
        return "\n".join([serving_line(self._services), kernels, *running_lines(self._addresses)])

    def _kernel_count(self) -> int | None:
        """``None`` when it cannot be learned in time. Starts no sidecar."""
        bridge = self._services.bridge
        with gevent.Timeout(DESCRIBE_TIMEOUT_S, False):
            try:
                return len(bridge.list_kernels()) if bridge.attach() else 0
            except FlasknbError:
                return None
        return None

    def _wait(self) -> int:
        while not self._stop.wait(WATCH_INTERVAL_S):
            if self._server.has_ended():
                log.error("gunicorn ended; see its messages above")
                return 1
            if self._idle is not None and self._idle.has_expired():
                return 0
            if self._sources is not None and (changed := self._sources.changed()):
                log.info("%s changed, starting anew; the kernels stay.", changed[0])
                self._start_anew()
        return 0

    def _start_anew(self) -> None:
        """End the web side only: the next process finds socket, kernels and sidecar as they are."""
        listeners = [os.dup(one.fileno()) for one in self._place.listeners]  # stopping closes the others
        self._server.stop()
        self._changes.close()
        self._services.bridge.close()
        start_anew(listeners)

    def _end(self) -> None:
        """Everything that the command started, in the order in which nothing is lost."""
        self._server.stop()
        self._files.remove()
        self._end_kernels()
        self._changes.close()
        self._services.bridge.close()

    def _end_kernels(self) -> None:
        others = other_servers(self._folder, self._services.settings.root_dir, os.getpid())
        if others:
            log.info("The kernels stay: process %d serves this folder too.", others[0])
            return
        count = self._kernel_count()
        if count:
            log.info("Shutting down %s", _counted(count, "kernel"))
        try:
            self._services.bridge.shutdown_sidecar()
        except FlasknbError as error:
            log.warning("the kernels could not be ended: %s", error.message)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _idle_watch(services: Services, requests: Requests) -> IdleWatch | None:
    timeout_s = services.settings.server.shutdown_no_activity_timeout
    return IdleWatch(services, timeout_s, lambda: requests.under_way > 0) if timeout_s > 0 else None


def _server(argv: list[str], app: Flask, services: Services, place: Place) -> Any:
    """gunicorn as soon as other machines are served: pywsgi is for this one only."""
    if place.endpoint.is_local:
        from flasknb.cli.loopback_server import LoopbackServer

        return LoopbackServer(app, place.listeners, place.context)
    from flasknb.cli.gunicorn_server import GunicornServer
    from flasknb.cli.gunicorn_settings import settings_of

    return GunicornServer(argv, place.listeners[0], settings_of(services.settings.server, place.tls))
