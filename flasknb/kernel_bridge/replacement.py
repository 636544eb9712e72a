"""A killed sidecar is replaced by a worker that listened to it: what kernels say meanwhile nobody hears."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.instance import read_discovery

log = logging.getLogger(__name__)

PAUSE_S = 5.0  # between two starts: one that is killed again and again must not keep the machine busy


class Replacement:
    """Called when a connection to the sidecar has ended by itself. One thread or greenlet.

    Args:
        instance_dir: private folder of the instance.
        ask: a call to the sidecar; where none runs it starts one. Any number of workers may ask at once.
    """

    def __init__(self, instance_dir: Callable[[], Path], ask: Callable[[], object]) -> None:
        self._instance_dir, self._ask = instance_dir, ask
        self._not_before_s = 0.0

    def __call__(self) -> None:
        """Start the next one. Where the last one ended in order, or had no kernels, it waits until it is needed."""
        if not self._is_wanted():
            return
        time.sleep(max(0.0, self._not_before_s - time.monotonic()))
        self._not_before_s = time.monotonic() + PAUSE_S
        try:
            self._ask()
        except SidecarUnavailable as error:
            log.warning("killed sidecar not replaced reason=%s", error.message)

    def _is_wanted(self) -> bool:
        try:
            folder = self._instance_dir()
        except SidecarUnavailable:
            return False
        return read_discovery(folder) is not None and any((folder / "kernels").glob("*.json"))
