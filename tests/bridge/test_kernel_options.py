"""Options of kernels and of their websockets, each seen acting on a real kernel."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import pytest

from flasknb.errors import KernelSpecMissing, SidecarUnavailable
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import ChangeKind, KernelRequest, SessionRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import state
from tests.waiting import SLOW_MACHINE, eventually

pytestmark = pytest.mark.slow

QUICK_CULLING = {"cull_idle_timeout": 4, "cull_interval": 1}


@pytest.fixture(scope="module")
def strict(make_bridge: MakeBridge) -> BridgeClient:
    """A sidecar that hides tracebacks, lets few messages pass, and keeps nothing for absent pages."""
    options = {
        "allow_tracebacks": False,
        "traceback_replacement_message": "hidden",
        "allowed_message_types": ["execute_request", "kernel_info_request"],
        "buffer_offline_messages": False,
    }
    return make_bridge("strict", MappingKernelManager=options)


@pytest.fixture(scope="module")
def strict_id(strict: BridgeClient) -> str:
    return strict.start_kernel(KernelRequest()).id


@pytest.mark.row("5.2 allow_tracebacks")
def test_tracebacks_are_hidden_in_outputs_and_replies(strict: BridgeClient, strict_id: str, join: JoinKernel) -> None:
    outcome = join(strict, strict_id).run("secret_name")
    for content in (*outcome.of("error"), outcome.reply):
        assert (content["ename"], content["evalue"]) == ("ExecutionError", "Execution error")
        assert content["traceback"] == ["hidden"]
        assert "secret_name" not in str(content)


@pytest.mark.row("5.2 allowed_message_types")
def test_messages_of_other_types_never_reach_the_kernel(strict: BridgeClient, strict_id: str, join: JoinKernel) -> None:
    page = join(strict, strict_id)
    asked = page.send("complete_request", {"code": "pri", "cursor_pos": 3})
    outcome = page.run("print(1)")
    assert outcome.text == "1\n"
    page.send("kernel_info_request", {})
    page.wait_for(lambda message: message.msg_type == "kernel_info_reply")
    with pytest.raises(TimeoutError):
        page.wait_for(lambda message: message.parent_id == asked, within_s=0.5)


LATER = """
import os, threading, time
def later():
    while not os.path.exists({gate!r}): time.sleep(0.05)
    print("while away", flush=True)
threading.Thread(target=later).start()
"""


@pytest.mark.row("5.2 buffering")
def test_nothing_is_kept_for_absent_pages_where_that_is_off(
    strict: BridgeClient, strict_id: str, join: JoinKernel, tmp_path: Path
) -> None:
    page, gate = join(strict, strict_id), tmp_path / "gate"
    page.run(LATER.format(gate=str(gate)))
    joined = page.stream.joined
    page.leave()
    assert eventually(lambda: strict.get_kernel(strict_id).connections == 0)
    before = strict.get_kernel(strict_id).last_activity
    gate.touch()
    assert eventually(lambda: strict.get_kernel(strict_id).last_activity > before)
    again = join(strict, strict_id)
    assert again.run("print('back')").text == "back\n"
    again.leave()
    numbered = join(strict, strict_id, "numbered", since=joined.sequence, epoch=joined.epoch)
    assert numbered.stream.joined.missing is not None


@pytest.mark.row("5.2 rate limit")
def test_limits_merge_first_and_then_leave_out_with_a_word(make_bridge: MakeBridge, join: JoinKernel) -> None:
    limits = {"iopub_msg_rate_limit": 20, "rate_limit_window": 1}
    limited = make_bridge("limited", ZMQChannelsWebsocketConnection=limits)
    page = join(limited, limited.start_kernel(KernelRequest()).id)
    printed = page.run("for i in range(300): print(i, flush=True)")
    assert printed.text.split() == [str(i) for i in range(300)]
    assert len(printed.of("stream")) < 100
    begun_s = time.monotonic()
    shown = page.run("from IPython.display import display\nfor i in range(300): display(i)")
    windows = int(time.monotonic() - begun_s) + 2
    assert len(shown.of("display_data")) <= 20 * windows
    notices = [one["text"] for one in shown.of("stream") if "IOPub message rate exceeded." in one["text"]]
    assert 1 <= len(notices) <= windows
    assert "--ServerApp.iopub_msg_rate_limit" in notices[0]
    assert shown.reply["status"] == "ok"
    assert page.run("print('on')").text == "on\n"


def test_limits_may_be_switched_off_together(make_bridge: MakeBridge, join: JoinKernel) -> None:
    limits = {"iopub_data_rate_limit": 1, "iopub_msg_rate_limit": 1, "limit_rate": False}
    free = make_bridge("free", ZMQChannelsWebsocketConnection=limits)
    page = join(free, free.start_kernel(KernelRequest()).id)
    assert len(page.run("for i in range(500): print(i)").text.split()) == 500


def test_idle_kernels_are_culled_and_busy_or_used_ones_are_not(
    make_bridge: MakeBridge, join: JoinKernel, request: pytest.FixtureRequest
) -> None:
    culling = make_bridge("culling", MappingKernelManager=QUICK_CULLING)
    culling.status()
    feed = culling.changes()
    request.addfinalizer(feed.close)
    feed.open()
    session = culling.create_session(SessionRequest(path="culled.ipynb", type="notebook"))
    used = culling.start_kernel(KernelRequest()).id
    user = join(culling, used)
    busy = culling.start_kernel(KernelRequest()).id
    page = join(culling, busy)
    page.execute("import time; time.sleep(120)")
    page.wait_for(state("busy"))
    page.leave()
    idle = culling.start_kernel(KernelRequest()).id
    assert eventually(lambda: {kernel.id for kernel in culling.list_kernels()} == {busy, used}, within_s=30)
    assert culling.list_sessions() == []
    assert user.run("print(1)").text == "1\n"
    told = list(takewhile(lambda change: change.kind is not ChangeKind.SESSION_DELETED, feed))
    stopped = [change for change in told if change.kind is ChangeKind.KERNEL_STOPPED]
    assert {change.kernel_id for change in stopped} <= {idle, session.kernel.id}
    assert all("without activity" in str(change.reason) for change in stopped)


def test_connected_and_busy_kernels_are_culled_where_the_options_say_so(
    make_bridge: MakeBridge, join: JoinKernel
) -> None:
    options = {**QUICK_CULLING, "cull_connected": True, "cull_busy": True}
    culling = make_bridge("culling-all", MappingKernelManager=options)
    page = join(culling, culling.start_kernel(KernelRequest()).id)
    page.execute("import time; time.sleep(60)")
    dead = page.wait_for(state("dead"), within_s=30)
    assert "without activity" in dead.content["reason"]
    assert eventually(lambda: culling.list_kernels() == [])


def test_a_dead_kernel_stays_dead_where_it_is_not_restarted(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("stay-dead", KernelManager={"autorestart": False})
    kernel_id = bridge.start_kernel(KernelRequest()).id
    page = join(bridge, kernel_id)
    os.kill(int(page.run("import os; print(os.getpid())").text), signal.SIGKILL)
    page.wait_for(state("dead"))
    model = bridge.get_kernel(kernel_id)
    assert (model.execution_state, model.reason) == ("dead", "The kernel was ended by signal SIGKILL.")


def test_a_kernel_that_does_not_end_is_killed_after_the_wait_time(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("impatient", KernelManager={"shutdown_wait_time": 0.5})
    kernel_id = bridge.start_kernel(KernelRequest()).id
    page = join(bridge, kernel_id)
    page.run("import signal\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)")
    page.run_for_long()
    started_s = time.monotonic()
    bridge.shutdown_kernel(kernel_id)
    assert time.monotonic() - started_s < 2 * SLOW_MACHINE


def test_only_allowed_specifications_are_listed_and_started(
    make_bridge: MakeBridge, install_spec: Callable[..., None]
) -> None:
    install_spec("unwanted", "-m", "ipykernel_launcher", "-f", "{connection_file}")
    bridge = make_bridge("allowed", KernelSpecManager={"allowed_kernelspecs": ["python3"]})
    assert set(bridge.kernel_specs().specs) == {"python3"}
    for refused in (
        lambda: bridge.kernel_spec("unwanted"),
        lambda: bridge.start_kernel(KernelRequest(name="unwanted")),
    ):
        with pytest.raises(KernelSpecMissing):
            refused()


def test_another_default_kernel_can_be_chosen(make_bridge: MakeBridge, install_spec: Callable[..., None]) -> None:
    install_spec("favourite", "-m", "ipykernel_launcher", "-f", "{connection_file}")
    bridge = make_bridge("default", MultiKernelManager={"default_kernel_name": "favourite"})
    assert bridge.kernel_specs().default == "favourite"
    assert bridge.start_kernel(KernelRequest()).name == "favourite"


def test_kernels_start_below_another_root_where_one_is_set(
    make_bridge: MakeBridge, join: JoinKernel, home: Path
) -> None:
    (home / "elsewhere" / "sub").mkdir(parents=True)
    bridge = make_bridge("rooted", MappingKernelManager={"root_dir": str(home / "elsewhere")})
    kernel_id = bridge.start_kernel(KernelRequest(disk_cwd=str(home / "root" / "sub"))).id
    assert join(bridge, kernel_id).run("import os; print(os.getcwd())").text == f"{home}/elsewhere/sub\n"


def test_a_class_that_cannot_be_used_is_named(make_bridge: MakeBridge) -> None:
    for name in ("no_such_module.Manager", "pathlib.Path"):
        bridge = make_bridge("classes", ServerApp={"kernel_spec_manager_class": name})
        with pytest.raises(SidecarUnavailable, match=name):
            bridge.kernel_specs()
