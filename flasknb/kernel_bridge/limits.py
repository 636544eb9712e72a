"""How many kernels and terminals there may be, and how fast they may come. The options, and the count of starts.

The sidecar counts, so all workers agree. No clock: times are arguments.
"""

from __future__ import annotations

import math
from collections import deque

from traitlets import Integer
from traitlets.config import Configurable

WINDOW_S = 60.0
USERS_REMEMBERED = 10_000


class ResourceLimits(Configurable):
    """What one user, and all together, may have. Who knows the token or the password counts as one user."""

    max_kernels = Integer(0, min=0, help="How many kernels there may be at once; 0 for any number.").tag(config=True)
    max_kernels_per_user = Integer(0, min=0, help="How many of them one user may have; 0 for any number.").tag(
        config=True
    )
    max_terminals_per_user = Integer(
        0, min=0, help="How many terminals one user may have; 0 for any number. See TerminalManager.max_terminals."
    ).tag(config=True)
    starts_per_minute = Integer(
        0, min=0, help="How many kernels and terminals may be started in a minute; 0 for any number."
    ).tag(config=True)
    starts_per_minute_per_user = Integer(
        0, min=0, help="How many of them one user may start in a minute; 0 for any number."
    ).tag(config=True)


class StartRate:
    """The starts of the last minute, of all and of each user.

    Args:
        per_minute: how many of all there may be; 0 for any number.
        per_user: how many of one user.
    """

    def __init__(self, per_minute: int, per_user: int) -> None:
        self._limit, self._user_limit = per_minute, per_user
        self._all: deque[float] = deque()
        self._of: dict[str, deque[float]] = {}

    def wait_s(self, user: str, *, now_s: float) -> tuple[int, bool]:
        """Whole seconds until ``user`` may start something, 0 for now; and whether it is the user's own limit."""
        self._forget(now_s)
        own = _wait_s(self._of.get(user, deque()), self._user_limit, now_s)
        return (own, True) if own else (_wait_s(self._all, self._limit, now_s), False)

    def count(self, user: str, *, now_s: float) -> None:
        """Note a start."""
        if self._limit:
            self._all.append(now_s)
        if self._user_limit:
            self._of.setdefault(user, deque()).append(now_s)

    def _forget(self, now_s: float) -> None:
        _drop_old(self._all, now_s)
        crowd = list(self._of) if len(self._of) > USERS_REMEMBERED else ()
        for times in self._of.values() if crowd else ():
            _drop_old(times, now_s)
        for user in [name for name in crowd if not self._of[name]]:
            del self._of[user]


def _wait_s(times: deque[float], limit: int, now_s: float) -> int:
    _drop_old(times, now_s)
    if not limit or len(times) < limit:
        return 0
    return max(1, math.ceil(times[len(times) - limit] + WINDOW_S - now_s))


def _drop_old(times: deque[float], now_s: float) -> None:
    while times and times[0] <= now_s - WINDOW_S:
        times.popleft()
