"""Messages between pages and a real kernel, through a real sidecar."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from flasknb.errors import KernelMissing
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelModel, KernelRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import Page
from tests.waiting import eventually


def test_output_and_reply_come_in_order(page: Page) -> None:
    outcome = page.run("print('one'); print('two')\n6 * 7")
    assert outcome.text == "one\ntwo\n"
    assert outcome.of("execute_result")[0]["data"]["text/plain"] == "42"
    assert outcome.reply["status"] == "ok"
    numbers = [message.sequence for message in outcome.messages]
    assert numbers == sorted(set(numbers))


def test_input_reaches_the_page_that_asked(page: Page) -> None:
    outcome = page.run("print('hello', input('name? '))", answer="Ada")
    assert outcome.of("input_request")[0]["prompt"] == "name? "
    assert "hello Ada" in outcome.text


def test_replies_go_to_the_asking_page_and_output_to_all(
    page: Page, bridge: BridgeClient, kernel: KernelModel, join: JoinKernel
) -> None:
    other = join(bridge, kernel.id, "other")
    asked = page.run("print('for all')")
    assert asked.reply["status"] == "ok"
    seen = []
    for message in other.received(10):
        seen.append(message)
        if message.msg_type == "status" and message.content == {"execution_state": "idle"}:
            break
    assert "".join(message.content["text"] for message in seen if message.msg_type == "stream") == "for all\n"
    assert not [message for message in seen if message.channel != "iopub"]


def test_control_answers_while_a_cell_runs(page: Page, bridge: BridgeClient, kernel: KernelModel) -> None:
    page.run_for_long()
    asked = page.send("kernel_info_request", {}, channel="control")
    reply = page.wait_for(lambda message: message.parent_id == asked and message.channel == "control")
    assert reply.msg_type == "kernel_info_reply"
    bridge.interrupt_kernel(kernel.id)
    page.wait_for(lambda message: message.msg_type == "execute_reply")


def test_connections_are_counted(bridge: BridgeClient, kernel: KernelModel, join: JoinKernel) -> None:
    pages = [join(bridge, kernel.id, name) for name in ("a", "b")]
    assert bridge.get_kernel(kernel.id).connections == 2
    for page in pages:
        page.leave()
    assert eventually(lambda: bridge.get_kernel(kernel.id).connections == 0)


def test_a_newer_connection_of_a_session_ends_the_older(
    bridge: BridgeClient, kernel: KernelModel, join: JoinKernel
) -> None:
    older = join(bridge, kernel.id, "twice")
    newer = join(bridge, kernel.id, "twice")
    assert list(older.received(5)) == []
    assert newer.run("print(1)").text == "1\n"


def test_a_page_that_comes_back_gets_exactly_what_it_missed(
    bridge: BridgeClient, kernel: KernelModel, join: JoinKernel
) -> None:
    first = join(bridge, kernel.id, "flaps")
    watcher = join(bridge, kernel.id, "stays")
    last_seen = first.run("print('before')").messages[-1].sequence
    first.leave()
    expected = watcher.run("for i in range(50): print(i, flush=True)")
    again = join(bridge, kernel.id, "flaps", since=last_seen, epoch=first.stream.joined.epoch)
    assert again.stream.joined.missing is None
    assert again.text_up_to("49\n", parent_id=expected.messages[0].parent_id) == expected.text


def test_a_session_that_comes_back_without_a_number_gets_what_it_missed_too(
    bridge: BridgeClient, kernel: KernelModel, join: JoinKernel
) -> None:
    first = join(bridge, kernel.id, "classic")
    first.run("x = 1")
    first.leave()
    assert eventually(lambda: bridge.get_kernel(kernel.id).connections == 0)
    join(bridge, kernel.id, "busy").run("print('meanwhile')")
    again = join(bridge, kernel.id, "classic")
    assert again.text_up_to("\n") == "meanwhile\n"


def test_a_page_that_comes_from_another_kernel_misses_nothing(
    bridge: BridgeClient, kernel: KernelModel, join: JoinKernel
) -> None:
    page = join(bridge, kernel.id, "stranger", since=10, epoch="of another kernel")
    assert page.stream.joined.missing is None


def test_a_missing_kernel_cannot_be_joined(bridge: BridgeClient) -> None:
    with pytest.raises(KernelMissing, match="Kernel does not exist: 00000000"):
        bridge.open_channels("00000000-0000-0000-0000-000000000000", "page")


def test_garbage_from_a_page_harms_nobody(page: Page) -> None:
    for garbage in (b"", b"\xff" * 100, b"\x06" + b"\0" * 70):
        page.stream.send(garbage)
    assert page.run("print('alive')").text == "alive\n"


def test_eight_megabytes_arrive_whole(page: Page) -> None:
    outcome = page.run("from IPython.display import display\ndisplay({'text/plain': 'x' * 8_000_000}, raw=True)")
    assert len(outcome.of("display_data")[0]["data"]["text/plain"]) == 8_000_000


def test_five_thousand_large_outputs_arrive_in_order(page: Page) -> None:
    code = "for i in range(5000): display({'text/plain': f'{i} ' + 'x' * 10_000}, raw=True)"
    outputs = page.run(f"from IPython.display import display\n{code}").of("display_data")
    assert [int(output["data"]["text/plain"].split()[0]) for output in outputs] == list(range(5000))


@pytest.mark.timeout(300)
def test_a_burst_of_small_outputs_loses_none(page: Page) -> None:
    assert page.run("for i in range(20_000): print(i, flush=True)").text.split() == list(map(str, range(20_000)))


@pytest.mark.timeout(300)  # two more processes compete for the processors; display() waits for nobody, print() does
def test_a_burst_on_a_busy_machine_loses_none(page: Page) -> None:
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        outcome = page.run("for i in range(20_000): display({'text/plain': str(i)}, raw=True)")
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()
    shown = [content["data"]["text/plain"] for content in outcome.of("display_data")]
    assert shown == list(map(str, range(20_000)))


def test_what_a_page_asked_before_it_left_still_runs(make_bridge: MakeBridge, join: JoinKernel, tmp_path: Path) -> None:
    bridge = make_bridge("leaving")
    kernel_id = bridge.start_kernel(KernelRequest()).id
    for number in range(5):
        page, mark = join(bridge, kernel_id, f"leaving-{number}"), tmp_path / f"mark-{number}"
        page.execute("print('x' * 5_000_000)")  # the sidecar is in the middle of writing when the page leaves
        page.stream.receive(10)
        page.execute(f"open({str(mark)!r}, 'w').close()")
        page.stream.close()
        while page.stream.receive(10) is not None:
            pass
        page.leave()
        assert eventually(mark.exists)


def test_a_request_that_comes_twice_runs_once_and_its_arrival_is_told(
    bridge: BridgeClient, kernel: KernelModel, join: JoinKernel
) -> None:
    page = join(bridge, kernel.id, "repeats", takes_notes=True)
    assert page.stream.joined.confirms
    page.run("times = 0")
    request = page.packed_execution("times += 1")
    page.stream.send(request)
    page.stream.send(request)
    again = join(bridge, kernel.id, "repeats", takes_notes=True)
    again.stream.send(request)
    assert again.run("print(times)").text == "1\n"
    again.run("pass")  # a confirmation travels with what comes next
    assert max(orjson.loads(note).get("arrived", 0) for note in again.stream.notes) >= 2
