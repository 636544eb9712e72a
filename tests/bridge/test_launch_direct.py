"""ipykernel's main thread reads and publishes itself, as our launcher has it: nothing is lost, torn or out of order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import ipykernel
import pytest
from jupyter_client.session import json_packer

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelModel, KernelRequest
from flasknb.kernel_bridge.sidecar.in_kernel.launch_economy import packer
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.kernel_site import blocking_client
from tests.bridge.page import Page

pytestmark = pytest.mark.skipif(ipykernel.version_info < (7, 4), reason="an older ipykernel is left as it is")
PATIENCE_S = 30.0
IS_DIRECT = "print(get_ipython().kernel.shell_channel_thread.manager.flasknb_direct.is_on)"
ALARMED = """
import signal
class Alarm(BaseException): pass
is_armed = False
def ring(*_):
    global is_armed
    if is_armed:
        is_armed = False
        raise Alarm
signal.signal(signal.SIGALRM, ring)
kernel = get_ipython().kernel
def packed():  # before the alarms: orjson crashes when one comes
    message = kernel.session.msg("stream", {"name": "stdout", "text": "again"}, parent=kernel.get_parent())
    return kernel.session.serialize(message, ident=b"stream.stdout")
ready = iter([packed() for _ in range(12_000)])
signal.setitimer(signal.ITIMER_REAL, 0.0007, 0.0007)
for _ in range(300):
    try:
        is_armed = True
        for frames in ready:
            kernel.iopub_socket.send_multipart(frames)
        is_armed = False
    except Alarm:
        pass
signal.setitimer(signal.ITIMER_REAL, 0)
"""
PRINTING_HANDLER = """
import signal
from IPython.display import display
def ring(*_): display({"text/plain": "rung"}, raw=True)
signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
for number in range(3000):
    display({"text/plain": f"{number}"}, raw=True)
signal.setitimer(signal.ITIMER_REAL, 0)
"""
FORKED_WHILE_PUBLISHING = """
import os, threading
from IPython.display import display
is_over = False
def flood():
    while not is_over:
        display({"text/plain": "flood"}, raw=True)
flooding = threading.Thread(target=flood)
flooding.start()
for _ in range(20):
    if os.fork() == 0:
        print("child", flush=True)
        os._exit(0)
    os.wait()
is_over = True
flooding.join()
"""


@pytest.fixture
def own(make_bridge: MakeBridge) -> Iterator[KernelModel]:
    """A kernel that a test may change."""
    bridge = make_bridge()
    made = bridge.start_kernel(KernelRequest())
    yield made
    bridge.shutdown_kernel(made.id)


@pytest.fixture
def client(own: KernelModel, home: Path) -> Iterator[Any]:
    """Somebody who talks to that kernel without us, and sends as much at once as they like."""
    made = blocking_client(home / "runtime" / f"kernel-{own.id}.json")
    yield made
    made.stop_channels()


def reply(client: Any, msg_id: str) -> dict[str, Any]:
    """The content of the answer to a request on shell."""
    while True:
        message = client.get_shell_msg(timeout=PATIENCE_S)
        if message["parent_header"]["msg_id"] == msg_id:
            return dict(message["content"])


def asked_on_control(client: Any, msg_type: str, content: dict[str, Any]) -> dict[str, Any]:
    client.control_channel.send(client.session.msg(msg_type, content))
    return dict(client.get_control_msg(timeout=PATIENCE_S)["content"])


def test_our_kernels_read_in_their_main_thread(page: Page) -> None:
    assert page.run(IS_DIRECT).text == "True\n", "ipykernel has changed: see whether it is still right"


def test_after_an_error_what_waits_is_aborted_and_what_comes_later_runs(client: Any) -> None:
    asked = [client.execute(code) for code in ("import time; time.sleep(0.5); 1 / 0", "1", "2")]
    assert [reply(client, one)["status"] for one in asked] == ["error", "aborted", "aborted"]
    assert reply(client, client.execute("3"))["status"] == "ok"


def test_requests_that_come_together_are_handled_in_order(client: Any) -> None:
    asked = [client.execute(f"seen = [*globals().get('seen', []), {number}]") for number in range(200)]
    assert [reply(client, one)["status"] for one in asked] == ["ok"] * 200
    expressions = {"seen": "seen == list(range(200))"}
    answer = reply(client, client.execute("", user_expressions=expressions))
    assert answer["user_expressions"]["seen"]["data"]["text/plain"] == "True"


def test_a_subshell_works_while_the_main_one_is_busy_and_so_does_that_after_it(client: Any) -> None:
    busy = client.execute("import time\nwhile 'end' not in globals(): time.sleep(0.01)")
    waiting = client.execute("after = 1")
    subshell_id = asked_on_control(client, "create_subshell_request", {})["subshell_id"]
    message = client.session.msg("execute_request", {"code": "end = True", "silent": False, "user_expressions": {}})
    message["header"]["subshell_id"] = subshell_id
    client.shell_channel.send(message)
    done = {client.get_shell_msg(timeout=PATIENCE_S)["parent_header"]["msg_id"] for _ in range(3)}
    assert done == {busy, waiting, message["header"]["msg_id"]}
    for number in range(50):
        assert reply(client, client.execute(f"{number}"))["status"] == "ok"


def test_a_subshell_that_is_not_there_is_refused_and_the_main_one_goes_on(client: Any) -> None:
    message = client.session.msg("execute_request", {"code": "1", "silent": False, "user_expressions": {}})
    message["header"]["subshell_id"] = "unknown"
    client.shell_channel.send(message)
    assert reply(client, message["header"]["msg_id"])["status"] == "error"
    assert reply(client, client.execute("1"))["status"] == "ok"


def test_variables_of_a_context_outlive_the_change(client: Any) -> None:
    reply(client, client.execute("import contextvars; kept = contextvars.ContextVar('kept'); _ = kept.set(7)"))
    asked_on_control(client, "create_subshell_request", {})
    answer = reply(client, client.execute("", user_expressions={"kept": "kept.get()"}))
    assert answer["user_expressions"]["kept"]["data"]["text/plain"] == "7"


def test_a_window_s_event_loop_finds_the_stream_it_waits_for(client: Any) -> None:
    code = "from ipykernel.eventloops import get_shell_stream as of; print(of(get_ipython().kernel).socket)"
    assert reply(client, client.execute(code))["status"] == "ok"
    assert reply(client, client.execute("1"))["status"] == "ok"


def test_a_cell_that_waits_lets_widgets_answer(client: Any) -> None:
    code = (
        "import asyncio, comm\nheard = asyncio.Event()\n"
        "made = comm.create_comm('test', comm_id='c1')\nmade.on_msg(lambda message: heard.set())\n"
        "await asyncio.wait_for(heard.wait(), 20)"
    )
    asked = client.execute(code)
    while client.get_iopub_msg(timeout=PATIENCE_S)["msg_type"] != "comm_open":
        pass
    client.shell_channel.send(client.session.msg("comm_msg", {"comm_id": "c1", "data": {}}))
    assert reply(client, asked)["status"] == "ok"


@pytest.mark.parametrize("code", [ALARMED, PRINTING_HANDLER, FORKED_WHILE_PUBLISHING], ids=["alarm", "handler", "fork"])
def test_whatever_comes_between_no_message_is_torn_or_missed(
    bridge: BridgeClient, own: KernelModel, join: JoinKernel, code: str
) -> None:
    page = join(bridge, own.id)
    outcome = page.run(code)
    assert outcome.reply["status"] == "ok", outcome.reply
    assert page.run("print('well')").text == "well\n"
    log = (bridge.instance_dir / "sidecar.log").read_text()
    assert "output lost" not in log
    assert "wrong signature" not in log, "two messages became one"
    if code is PRINTING_HANDLER:
        told = [content["data"]["text/plain"] for content in outcome.of("display_data")]
        assert [one for one in told if one != "rung"] == [str(number) for number in range(3000)]


def test_what_a_library_prints_comes_before_the_cell_is_done(page: Page) -> None:
    code = "import ctypes\nlibrary = ctypes.PyDLL(None)\nlibrary.printf(b'printed %d\\n', {})\nlibrary.fflush(None)"
    for number in range(30):
        assert page.run(code.format(number)).text == f"printed {number}\n"


def test_log_records_are_made_where_somebody_takes_them(page: Page) -> None:
    code = (
        "import logging\nlog, seen = get_ipython().kernel.log, []\nhandler = logging.Handler()\n"
        "handler.emit = lambda record: seen.append(record.getMessage())\nbefore = log.isEnabledFor(10)\n"
        "log.addHandler(handler)\nlog.debug('seen')\nlog.removeHandler(handler)\nprint(before, seen)"
    )
    assert page.run(code).text == "False ['seen']\n"


def test_json_is_that_of_jupyter_client() -> None:
    pack = packer(json_packer)
    header = {"msg_id": "1", "date": datetime(2026, 1, 2, tzinfo=timezone.utc), "more": [1, {"ü": b"x"}]}
    for value in ({}, header, header, {**header, "msg_id": "2"}, [1], {"a": (1, 2), "b": {3}}, {"a": "\udcff"}):
        assert pack(value) == json_packer(value)
    header["more"] = "changed"
    assert pack(header) == json_packer(header)
