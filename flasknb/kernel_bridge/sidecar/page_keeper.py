"""Pings silent pages whose websockets are ours, and gives up those that are gone: one timer for all of them."""

from __future__ import annotations

import asyncio

from flasknb.kernel_bridge.keeper import LONGEST_LOOK_S, SHORTEST_LOOK_S, Kept


class PageKeeper:
    """Event loop only."""

    def __init__(self) -> None:
        self._kept: set[Kept] = set()
        self._timer: asyncio.TimerHandle | None = None

    def keep(self, one: Kept) -> None:
        """Look after ``one`` from now on."""
        self._kept.add(one)
        if self._timer is None or one.next_look_s < self._timer.when():
            self._look_at(one.next_look_s)

    def let_go(self, one: Kept) -> None:
        """It is over."""
        self._kept.discard(one)

    def _look_at(self, due_s: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
        wait_s = min(max(SHORTEST_LOOK_S, due_s - loop.time()), LONGEST_LOOK_S)
        self._timer = loop.call_later(wait_s, self._look)

    def _look(self) -> None:
        self._timer = None
        now_s = asyncio.get_running_loop().time()
        for one in [one for one in self._kept if one.next_look_s <= now_s]:
            one.look(now_s)
        if self._kept:
            self._look_at(min(one.next_look_s for one in self._kept))
