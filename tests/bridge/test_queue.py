"""The execution queue with real kernels: order, errors, removal, questions that pass, death."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelModel, KernelRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import Page, Received
from tests.bridge.sidecars import sidecar_pid
from tests.waiting import eventually

SLEEP = "import time; time.sleep({})"
UNTIL = "import os, time\nwhile not os.path.exists({!r}): time.sleep(0.05)\nprint('slow')"


@pytest.fixture
def own(bridge: BridgeClient) -> Iterator[KernelModel]:
    """A kernel that the test may break."""
    made = bridge.start_kernel(KernelRequest())
    yield made
    bridge.shutdown_kernel(made.id)


def settled(page: Page, *msg_ids: str) -> dict[str, list[Received]]:
    """Everything about these requests, until each has its reply and its idle."""
    found: dict[str, list[Received]] = {msg_id: [] for msg_id in msg_ids}
    missing = {(msg_id, what) for msg_id in msg_ids for what in ("execute_reply", "idle")}
    for message in page.received():
        if message.parent_id in found:
            found[message.parent_id].append(message)
            missing -= {(message.parent_id, message.msg_type)}
            missing -= {(message.parent_id, message.content.get("execution_state"))}
        if not missing:
            return found
    raise AssertionError("the stream ended")


def status(messages: list[Received]) -> str:
    return next(str(one.content["status"]) for one in messages if one.msg_type == "execute_reply")


def notes_of(page: Page) -> list[dict[str, Any]]:
    """What the page was told of the queue."""
    return [told["queue"] for note in page.stream.notes if "queue" in (told := orjson.loads(note))]


def test_requests_run_in_the_order_in_which_they_came(page: Page) -> None:
    asked = [page.execute(f"print({number})") for number in range(20)]
    found = settled(page, *asked)
    assert text_of(page_order(found)) == "".join(f"{number}\n" for number in range(20))


def text_of(messages: list[Received]) -> str:
    """What was printed: one line may come in two messages."""
    return "".join(one.content["text"] for one in messages if one.msg_type == "stream")


def page_order(found: dict[str, list[Received]]) -> list[Received]:
    return sorted((one for messages in found.values() for one in messages), key=lambda one: one.sequence)


def test_an_error_aborts_what_waits_and_a_later_request_runs(page: Page) -> None:
    slow, second, third = page.execute(SLEEP.format(0.3) + "; 1/0"), page.execute("2"), page.execute("3")
    found = settled(page, slow, second, third)
    assert [status(found[one]) for one in (slow, second, third)] == ["error", "aborted", "aborted"]
    assert [one.content.get("execution_state") for one in found[second]] == ["busy", None, "idle"]
    assert page.run("1 + 1").reply["status"] == "ok"


def test_an_error_aborts_nothing_where_the_request_says_so(page: Page) -> None:
    slow, second = page.execute(SLEEP.format(0.3) + "; 1/0", stop_on_error=False), page.execute("2")
    found = settled(page, slow, second)
    assert [status(found[one]) for one in (slow, second)] == ["error", "ok"]


def test_a_silent_error_aborts_nothing(page: Page) -> None:
    slow, second = page.execute(SLEEP.format(0.3) + "; 1/0", silent=True), page.execute("2")
    found = settled(page, slow, second)
    assert [status(found[one]) for one in (slow, second)] == ["error", "ok"]


def test_questions_keep_their_place_among_executions(page: Page) -> None:
    page.execute(SLEEP.format(0.3))
    page.execute("made_later = 5")
    asked = page.send("inspect_request", {"code": "made_later", "cursor_pos": 4, "detail_level": 0})
    last = page.execute("del made_later")
    reply = page.wait_for(lambda one: one.parent_id == asked and one.channel == "shell")
    assert reply.content["found"] is True
    settled(page, last)


def test_pages_are_told_what_runs_and_what_waits(
    page: Page, bridge: BridgeClient, kernel: KernelModel, join: JoinKernel
) -> None:
    other = join(bridge, kernel.id, "other", takes_notes=True)
    slow, second = page.execute(SLEEP.format(0.6)), page.execute("2")
    settled(page, slow, second)
    assert eventually(lambda: told_of(other, slow, second))
    told = notes_of(other)
    during = next(one for one in told if one["running"] and one["running"]["msg_id"] == slow)
    assert [one["msg_id"] for one in during["waiting"]] == [second]
    assert 0 <= during["now_ms"] - during["running"]["started_ms"] < 60_000
    assert [one["status"] for one in told[-1]["finished"][-2:]] == ["ok", "ok"]


def told_of(page: Page, *msg_ids: str) -> bool:
    """Whether a note has said that these are over."""
    try:
        for _ in page.received(0.1):
            pass
    except TimeoutError:
        pass
    return bool(told := notes_of(page)) and {one["msg_id"] for one in told[-1]["finished"]} >= {*msg_ids}


def test_a_kernel_that_dies_leaves_no_cell_waiting(bridge: BridgeClient, own: KernelModel, join: JoinKernel) -> None:
    page = join(bridge, own.id)
    pid = int(page.run("import os; print(os.getpid())").text)
    slow = page.execute("print('before', flush=True); " + SLEEP.format(60))
    second = page.execute("2")
    page.wait_for(lambda one: one.msg_type == "stream" and one.parent_id == slow)
    os.kill(pid, signal.SIGKILL)
    found = settled(page, slow, second)
    failure = next(one for one in found[slow] if one.msg_type == "error")
    assert "SIGKILL" in failure.content["evalue"]
    assert [status(found[one]) for one in (slow, second)] == ["error", "aborted"]
    page.wait_for(lambda one: one.msg_type == "status" and one.content["execution_state"] == "restarting")
    assert page.run("1 + 1").reply["status"] == "ok"


def test_a_restart_calls_off_what_ran_and_what_waited(bridge: BridgeClient, own: KernelModel, join: JoinKernel) -> None:
    page = join(bridge, own.id)
    slow, second = page.execute(SLEEP.format(60)), page.execute("2")
    page.wait_for(lambda one: one.msg_type == "execute_input")
    bridge.restart_kernel(own.id)
    found = settled(page, slow, second)
    assert status(found[slow]) in ("aborted", "error")  # it is interrupted first, and may have the time to say so
    assert status(found[second]) == "aborted"
    assert page.run("1 + 1").reply["status"] == "ok"


def test_an_interrupt_ends_the_cell_and_aborts_the_rest(page: Page, bridge: BridgeClient, kernel: KernelModel) -> None:
    slow, second = page.run_for_long(), page.execute("2")
    assert eventually(lambda: len(bridge.executions.queue(kernel.id)["waiting"]) == 1)
    bridge.interrupt_kernel(kernel.id)
    found = settled(page, slow, second)
    assert [status(found[one]) for one in (slow, second)] == ["error", "aborted"]


def test_input_is_asked_while_others_wait(page: Page) -> None:
    asks = page.execute("print('got', input('? '))")
    after = page.execute("print('after')")
    page.wait_for(lambda one: one.msg_type == "input_request")
    page.send("input_reply", {"value": "it"}, channel="stdin")
    found = settled(page, asks, after)
    assert [status(found[one]) for one in (asks, after)] == ["ok", "ok"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_what_waits_outlives_the_sidecar(
    make_bridge: MakeBridge, join: JoinKernel, how: signal.Signals, tmp_path: Path
) -> None:
    bridge, gate = make_bridge(), tmp_path / "gate"
    kernel = bridge.start_kernel(KernelRequest())
    page = join(bridge, kernel.id)
    slow = page.execute(UNTIL.format(str(gate)))
    second, third = page.execute("print('second', flush=True)"), page.execute("print('third')")
    page.wait_for(lambda one: one.msg_type == "execute_input")
    assert eventually(lambda: len(bridge.executions.queue(kernel.id)["waiting"]) == 2)
    os.kill(sidecar_pid(bridge), how)
    assert eventually(lambda: page.stream.receive(5) is None or page.stream.has_ended)
    queue = bridge.executions.queue(kernel.id)
    assert queue["running"]["msg_id"] == slow
    assert [one["msg_id"] for one in queue["waiting"]] == [second, third]
    again = join(bridge, kernel.id)
    gate.touch()
    found = settled(again, third)
    assert text_of(found[third]) == "third\n"
    assert [one["msg_id"] for one in bridge.executions.queue(kernel.id)["finished"]] == [slow, second, third]
    bridge.shutdown_kernel(kernel.id)
