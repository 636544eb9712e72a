"""Ctrl-C at the terminal: asks before it ends everything; a second one does not wait for the answer."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable

from gevent import spawn

ANSWER_TIMEOUT_S = 5.0


class Interrupt:
    """Handler of SIGINT. Runs in the hub's greenlets; asks in a greenlet of its own."""

    def __init__(self, describe: Callable[[], str], stop: Callable[[], None], *, asks: bool) -> None:
        """``describe`` says what is running; ``stop`` ends it; without ``asks`` it ends at once."""
        self._describe = describe
        self._stop = stop
        self._asks = asks
        self._is_asking = False

    def __call__(self) -> None:
        """SIGINT came."""
        if not self._asks or self._is_asking or not _is_terminal():
            self._stop()
            return
        self._is_asking = True
        spawn(self._ask)

    def _ask(self) -> None:
        print(f"\n{self._describe()}\nShut down this Jupyter server (y/[n])? ", end="", flush=True)
        ready, _, _ = select.select([sys.stdin], [], [], ANSWER_TIMEOUT_S)
        answer = sys.stdin.readline() if ready else ""
        self._is_asking = False
        if answer.strip().lower().startswith("y"):
            self._stop()
        else:
            print("" if ready else f"No answer for {ANSWER_TIMEOUT_S:.0f}s:", "resuming operation...", flush=True)


def _is_terminal() -> bool:
    """Whether somebody is there to answer; a closed standard input is nobody."""
    try:
        return sys.stdin is not None and sys.stdin.isatty()
    except ValueError:
        return False
