"""When a kernel's process counts as heard: not by the last words of the one before it."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from flasknb.kernel_bridge.sidecar import readiness as subject
from flasknb.kernel_bridge.sidecar.kernel_line import KernelLine
from flasknb.kernel_bridge.sidecar.readiness import Readiness


class Questions:
    """Counts what is asked of a kernel that answers as a test says."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self, channel: str, msg_type: str) -> None:
        assert (channel, msg_type) == ("shell", "kernel_info_request")
        self.asked += 1


@pytest.fixture
def questions() -> Questions:
    return Questions()


@pytest.fixture
def ready(questions: Questions) -> Readiness:
    return Readiness("k", cast("KernelLine", questions))


async def is_waiting(waiting: asyncio.Task[None]) -> bool:
    await asyncio.sleep(0.25)  # more than the time between two questions
    return not waiting.done()


def test_an_old_processs_last_words_do_not_count(ready: Readiness, questions: Questions) -> None:
    async def restart() -> None:
        waiting = asyncio.create_task(ready.wait())
        assert ready.hear_iopub(is_answer=False)  # "restarting", or the shutdown's own status
        ready.heard_info(b"{}")
        assert await is_waiting(waiting)
        assert questions.asked > 1  # again, until its iopub is heard
        assert not ready.hear_iopub(is_answer=True)
        await asyncio.wait_for(waiting, 5)
        assert not ready.listens

    asyncio.run(restart())


def test_the_next_process_must_answer_anew(ready: Readiness) -> None:
    async def restart() -> None:
        ready.heard_info(b"{}")
        ready.hear_iopub(is_answer=True)
        await asyncio.wait_for(ready.wait(), 5)
        ready.forget()
        assert ready.listens
        waiting = asyncio.create_task(ready.wait())
        assert await is_waiting(waiting)
        waiting.cancel()

    asyncio.run(restart())


def test_a_kernel_that_never_publishes_about_questions_is_taken_as_heard(
    ready: Readiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "UNANSWERED_S", 0.2)

    async def start() -> None:
        ready.hear_iopub(is_answer=False)
        ready.heard_info(b"{}")
        await asyncio.wait_for(ready.wait(), 5)

    asyncio.run(start())


def test_one_that_publishes_nothing_is_not(
    ready: Readiness, questions: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "UNANSWERED_S", 0.01)

    async def start() -> None:
        ready.heard_info(b"{}")
        waiting = asyncio.create_task(ready.wait())
        assert await is_waiting(waiting)
        waiting.cancel()

    asyncio.run(start())
