"""Waits for the sidecar to say that outputs came while no page was there, and has them saved."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from flasknb.away.saving import Saver
from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.bridge import Feed
from flasknb.kernel_bridge.executions import Executions

log = logging.getLogger(__name__)


class AwayOutputs:
    """Any thread may start it; it runs until its process ends. The sidecar gives each claim to one worker.

    Args:
        executions: the calls to the sidecar.
        listen: begins to hear that there is something.
        run: does disk work without stopping the worker.
    """

    def __init__(
        self,
        executions: Callable[[], Executions],
        listen: Callable[[], Feed[str]],
        saver: Saver,
        run: Callable[[Callable[[], str | None]], str | None],
    ) -> None:
        self._executions, self._listen, self._saver, self._run = executions, listen, saver, run
        self._pid = 0

    def start(self) -> None:
        """Begin, if this process has not."""
        if self._pid == os.getpid():
            return
        self._pid = os.getpid()
        threading.Thread(target=self._wait, name="outputs while away", daemon=True).start()

    def _wait(self) -> None:
        for _ in self._listen():
            try:
                self._save_all()
            except FlasknbError as error:
                log.warning("outputs wait for another worker reason=%s", error.message)
            except Exception:  # a contents manager of the user's may raise anything; later outputs must be saved
                log.exception("outputs could not be saved")

    def _save_all(self) -> None:
        executions = self._executions()
        while (claim := executions.claim_away()) is not None:
            content_hash = self._saved(claim)
            executions.settle_away(claim, content_hash)

    def _saved(self, claim: dict[str, Any]) -> str | None:
        return self._run(lambda: self._saver.save(claim))
