"""How many conversions run at once on this instance, whichever worker started them: file locks, freed by death too."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flasknb.errors import ConversionBusy

try:
    import fcntl
except ImportError:  # Windows: one worker, and nobody is held back
    fcntl = None  # type: ignore[assignment]

POLL_INTERVAL_S = 0.1


@contextlib.contextmanager
def slot(folder: Path, count: int, wait_s: float, is_unwanted: Callable[[], bool]) -> Iterator[None]:
    """Hold one of ``count`` places. One greenlet or thread.

    Raises:
        ConversionBusy: none became free within ``wait_s`` seconds, or nobody waits for it any more.
    """
    deadline_s = time.monotonic() + wait_s
    while (held := _free_place(folder, max(count, 1))) is None:
        if time.monotonic() > deadline_s or is_unwanted():
            raise ConversionBusy(f"{count} conversions are running already. Try again in a moment.")
        time.sleep(POLL_INTERVAL_S)
    try:
        yield
    finally:
        os.close(held)


def _free_place(folder: Path, count: int) -> int | None:
    for number in range(count):
        place = os.open(folder / f"conversion-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(place)
        else:
            return place
    return None
