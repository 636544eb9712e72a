"""What happens to kernels, as log lines for the operator, in the words that Jupyter's users know."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from flasknb.blueprints.context import Services
from flasknb.kernel_bridge.bridge import ChangeFeed
from flasknb.kernel_bridge.models import Change, ChangeKind

log = logging.getLogger(__name__)

TURN_INTERVAL_S = 5.0  # between two looks whether the worker that wrote the lines has ended
LINES: Mapping[ChangeKind, tuple[int, str]] = {
    ChangeKind.KERNEL_STARTED: (logging.INFO, "Kernel started: {kernel_id}"),
    ChangeKind.KERNEL_TAKEN_OVER: (logging.INFO, "Kernel found running: {kernel_id}"),
    ChangeKind.KERNEL_DIED: (logging.WARNING, "Kernel {kernel_id} died ({reason}), restarting"),
    ChangeKind.KERNEL_RESTARTED: (logging.INFO, "Kernel restarted: {kernel_id}"),
    ChangeKind.KERNEL_INTERRUPTED: (logging.INFO, "Kernel interrupted: {kernel_id}"),
    ChangeKind.KERNEL_DEAD: (logging.ERROR, "Kernel {kernel_id} is dead: {reason}"),
    ChangeKind.KERNEL_STOPPED: (logging.INFO, "Kernel shutdown: {kernel_id}"),
    ChangeKind.SESSION_CREATED: (logging.DEBUG, "Session created: {session_id} path={path} kernel={kernel_id}"),
    ChangeKind.SESSION_CHANGED: (logging.DEBUG, "Session changed: {session_id} path={path} kernel={kernel_id}"),
    ChangeKind.SESSION_DELETED: (logging.DEBUG, "Session deleted: {session_id}"),
    ChangeKind.MISSED: (logging.WARNING, "Kernels changed faster than could be logged: {reason} left out"),
}


def log_changes(services: Services) -> ChangeFeed:
    """Write a line for every change from now on, in a thread that keeps no process from ending.

    Returns:
        The feed; ``close`` ends the lines.
    """
    feed = services.bridge.changes()
    threading.Thread(target=_write_lines, args=(feed,), name="kernel log", daemon=True).start()
    return feed


def log_changes_in_turn(services: Services, lock_file: Path, group: int) -> None:
    """The same in one process of ``group`` (a master's pid) at a time: another one goes on when it ends.

    ``lock_file`` may be shared by groups.
    """
    thread = threading.Thread(target=_wait_for_turn, args=(services, lock_file, group), name="kernel log", daemon=True)
    thread.start()


def line_of(change: Change) -> tuple[int, str]:
    """Level and text."""
    level, words = LINES[change.kind]
    return level, words.format(**vars(change))


def _write_lines(feed: ChangeFeed) -> None:
    for change in feed:
        log.log(*line_of(change))


def _wait_for_turn(services: Services, lock_file: Path, group: int) -> None:
    """The lock is of the kind that the system takes from a process that ends, and on one byte per group."""
    never = threading.Event()
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while True:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, group)
        except OSError:
            never.wait(TURN_INTERVAL_S)
        else:
            _write_lines(services.bridge.changes())
            return
