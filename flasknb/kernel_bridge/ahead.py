"""The time before the first sidecar: while nothing can run yet, nobody has to wait for one.

A server that nobody has visited has none, which spares its memory. The first visitor has it started behind an answer.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.instance import discovery_path
from flasknb.kernel_bridge.models import SidecarStatus

log = logging.getLogger(__name__)

DELAY_S = 0.05  # the answer goes first: starting a process would hold it up
END_TIMEOUT_S = 30.0
SETTLED_S = 1.0  # a folder that did not change for so long will not change unseen: its time may be coarse
KERNELS_ELSEWHERE = (
    ("KernelSidecar", "address"),
    ("GatewayClient", "url"),
    ("ServerApp", "allow_external_kernels"),
    ("ServerApp", "kernel_manager_class"),
    ("ServerApp", "session_manager_class"),
)
"""Options by which there may be kernels that this server has not started: set to anything, the sidecar is asked."""


class BeforeTheFirst:
    """What one process knows about that time. Any thread or greenlet, also after a fork.

    Args:
        folder: private folder of the instance.
        config: the options.
        connect: starts the sidecar and keeps a connection to it. May raise FlasknbError.
    """

    def __init__(self, folder: Callable[[], Path], config: Mapping[str, Any], connect: Callable[[], None]) -> None:
        self._folder, self._config, self._connect = folder, config, connect
        self._known_folder: Path | None = None
        self._empty_since_ns = 0
        self._since = datetime.now(timezone.utc)
        self._lock = threading.Lock()
        self._starting: threading.Thread | None = None
        self._pid = 0
        self._given_up = threading.Event()
        self.is_over = False
        """A sidecar has been seen, or could not be started: it alone can tell from now on."""

    def status(self) -> SidecarStatus | None:
        """The figures of a server on which nothing can run yet; ``None``: ask the sidecar."""
        if not self._goes_on():
            return None
        moment = self._since.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return SidecarStatus(connections=0, kernels=0, last_activity=moment, started=moment)

    def expect_use(self, *, at_once: bool) -> None:
        """Begin to start the sidecar, where there is none yet: somebody is about who may want a kernel.

        Args:
            at_once: they surely will, and wait for it longer than for the answer that is being made.
        """
        if not self._goes_on():
            return
        with self._lock:
            if self._pid == os.getpid() or self._given_up.is_set():
                return
            self._pid = os.getpid()
            delay_s = 0.0 if at_once else DELAY_S
            self._starting = threading.Thread(
                target=self._start, args=(delay_s,), name="first start of the sidecar", daemon=True
            )
            self._starting.start()

    def end(self) -> None:
        """Start none any more; one that is being started is waited for."""
        self._given_up.set()
        starting = self._starting
        if starting is not None and self._pid == os.getpid():
            starting.join(END_TIMEOUT_S)

    def _goes_on(self) -> bool:
        self.is_over = self.is_over or not self._is_empty()
        return not self.is_over

    def _is_empty(self) -> bool:
        """Whether neither a sidecar nor kernels of a dead one are there, and kernels come from nowhere else."""
        if any(self._config.get(section, {}).get(option) for section, option in KERNELS_ELSEWHERE):
            return False
        folder = self._known_folder = self._known_folder or self._folder()
        return not discovery_path(folder).exists() and not self._has_records(folder / "kernels")

    def _has_records(self, records: Path) -> bool:
        """Whether there are records of kernels; read again only when the folder has changed."""
        try:
            changed_ns = records.stat().st_mtime_ns
        except FileNotFoundError:
            return False
        if changed_ns == self._empty_since_ns:
            return False
        if next(records.glob("*.json"), None) is not None:
            return True
        if time.time_ns() - changed_ns > SETTLED_S * 1e9:
            self._empty_since_ns = changed_ns
        return False

    def _start(self, delay_s: float) -> None:
        if self._given_up.wait(delay_s):
            return
        try:
            self._connect()
        except FlasknbError as error:
            log.warning("sidecar not started reason=%s", error.message)
        except Exception:  # whoever needs it next starts it, and hears why that fails
            log.exception("sidecar not started")
        self.is_over = True
