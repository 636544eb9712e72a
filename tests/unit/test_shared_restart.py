"""Who gets which process where several ask for a restart of one kernel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from flasknb.errors import KernelFailed
from flasknb.kernel_bridge.lifecycle import Event, State, advance
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.launch import StartAbandoned
from flasknb.kernel_bridge.sidecar.shared_restart import SharedRestart


class Stage:
    """A kernel whose restarts end when the test says how."""

    def __init__(self, *, patience_s: float = 60) -> None:
        self.state = State.IDLE
        self.called_off = 0
        self.starts: list[asyncio.Future[None]] = []
        self.restarts = SharedRestart(cast(Kernel, self), self._restart, patience_s=patience_s)

    def happen(self, event: Event) -> None:
        self.state = advance(self.state, event)

    def call_off(self, reason: str) -> None:
        self.called_off += 1

    async def _restart(self) -> None:
        self.starts.append(asyncio.get_running_loop().create_future())
        await self.starts[-1]

    async def ask(self) -> asyncio.Task[None]:
        """Ask, and let everything happen that can."""
        asked = asyncio.create_task(self.restarts.ask())
        await settle()
        return asked

    def ready(self, index: int = -1) -> None:
        self.happen(Event.READY)
        self.starts[index].set_result(None)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def run(story: Callable[[], Any]) -> None:
    asyncio.run(asyncio.wait_for(story(), 10))


def test_restarts_of_a_kernel_that_starts_share_its_process() -> None:
    async def story() -> None:
        stage = Stage()
        asked = [await stage.ask() for _ in range(5)]
        assert (len(stage.starts), stage.called_off) == (1, 4)
        stage.ready()
        await asyncio.gather(*asked)

    run(story)


def test_a_restart_of_a_process_that_somebody_may_use_is_one_of_its_own() -> None:
    async def story() -> None:
        stage = Stage()
        first = await stage.ask()
        stage.happen(Event.READY)  # its start has not returned yet
        second = await stage.ask()
        assert (len(stage.starts), stage.called_off) == (2, 0)
        stage.ready(0)
        stage.ready(1)
        await asyncio.gather(first, second)

    run(story)


def test_a_start_that_hangs_is_given_up_for_the_next_restart_and_nobody_is_told() -> None:
    async def story() -> None:
        stage = Stage(patience_s=0)
        first, second = await stage.ask(), await stage.ask()
        assert len(stage.starts) == 2
        stage.starts[0].set_exception(StartAbandoned("restarted"))
        await settle()
        assert not first.done()
        stage.ready(1)
        await asyncio.gather(first, second)

    run(story)


@pytest.mark.parametrize("failure", [KernelFailed("no memory"), StartAbandoned("shut down")])
def test_a_restart_that_fails_or_is_ended_by_a_shutdown_fails_for_all(failure: KernelFailed) -> None:
    async def story() -> None:
        stage = Stage()
        asked = [await stage.ask() for _ in range(2)]
        stage.starts[0].set_exception(failure)
        assert await asyncio.gather(*asked, return_exceptions=True) == [failure, failure]
        third = await stage.ask()
        stage.ready()
        await third

    run(story)


def test_whoever_goes_away_takes_the_restart_from_nobody() -> None:
    async def story() -> None:
        stage = Stage()
        first, second = await stage.ask(), await stage.ask()
        first.cancel()
        await settle()
        stage.ready()
        await second
        assert len(stage.starts) == 1

    run(story)
