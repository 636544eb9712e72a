"""Whether anybody listens to events, in any process: the age of one file. Asking costs one look at the disk's cache."""

from __future__ import annotations

import time
from pathlib import Path

FILE_NAME = "events-wanted"
BEAT_S = 10.0  # how often a listener says that it is still there
FRESH_S = 30.0  # how long it counts as there without a word; a killed worker's listeners end so


class Listening:
    """The listeners of one instance. Any thread, any process."""

    def __init__(self, folder: Path) -> None:
        """``folder``: private to the instance; made when somebody listens."""
        self._path = folder / FILE_NAME

    def is_anybody(self) -> bool:
        """Whether somebody listened within ``FRESH_S`` seconds."""
        try:
            beat_s = self._path.stat().st_mtime
        except OSError:
            return False
        return abs(time.time() - beat_s) < FRESH_S  # a beat in the future: the clock was set back

    def beat(self) -> None:
        """Say that somebody listens. Raises OSError where that cannot be said."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
