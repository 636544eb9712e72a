"""Options of kernels and of their websockets, each seen acting on a real kernel."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from flasknb.errors import KernelFailed, KernelMissing, KernelSpecMissing, NotSupportedHere, SidecarUnavailable
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import ChangeKind, KernelRequest, SessionRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import eventually, state
from tests.bridge.test_channel_rows import blocking_client

PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")
QUICK_CULLING = {"cull_idle_timeout": 1, "cull_interval": 1}


def connection_info(home: Path, kernel_id: str) -> Any:
    return json.loads((home / "runtime" / f"kernel-{kernel_id}.json").read_text())


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


@pytest.mark.row("5.2 buffering")
def test_nothing_is_kept_for_absent_pages_where_that_is_off(
    strict: BridgeClient, strict_id: str, join: JoinKernel
) -> None:
    page = join(strict, strict_id)
    page.run("import time, threading")
    page.execute("threading.Timer(0.5, lambda: print('while away', flush=True)).start()")
    page.wait_for(lambda message: message.msg_type == "execute_reply")
    joined = page.stream.joined
    page.leave()
    time.sleep(1.5)
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
    shown = page.run("from IPython.display import display\nfor i in range(300): display(i)")
    assert len(shown.of("display_data")) <= 40
    notices = [one["text"] for one in shown.of("stream") if "IOPub message rate exceeded." in one["text"]]
    assert len(notices) == 1
    assert "--ServerApp.iopub_msg_rate_limit" in notices[0]
    assert shown.reply["status"] == "ok"
    assert page.run("print('on')").text == "on\n"


def test_limits_may_be_switched_off_together(make_bridge: MakeBridge, join: JoinKernel) -> None:
    limits = {"iopub_data_rate_limit": 1, "iopub_msg_rate_limit": 1, "limit_rate": False}
    free = make_bridge("free", ZMQChannelsWebsocketConnection=limits)
    page = join(free, free.start_kernel(KernelRequest()).id)
    assert len(page.run("for i in range(500): print(i)").text.split()) == 500


def test_idle_kernels_are_culled_and_busy_or_used_ones_are_not(make_bridge: MakeBridge, join: JoinKernel) -> None:
    culling = make_bridge("culling", MappingKernelManager=QUICK_CULLING)
    culling.status()
    feed = culling.changes()
    feed.open()
    session = culling.create_session(SessionRequest(path="culled.ipynb", type="notebook"))
    idle, busy, used = (culling.start_kernel(KernelRequest()).id for _ in range(3))
    page = join(culling, busy)
    page.execute("import time; time.sleep(8); print('done')")
    page.wait_for(state("busy"))
    page.leave()
    user = join(culling, used)
    assert eventually(lambda: len(culling.list_kernels()) == 2, within_s=30)
    assert {kernel.id for kernel in culling.list_kernels()} == {busy, used}
    assert culling.list_sessions() == []
    assert user.run("print(1)").text == "1\n"
    stopped = next(change for change in feed if change.kind is ChangeKind.KERNEL_STOPPED)
    assert stopped.kernel_id in (idle, session.kernel.id)
    assert "without activity" in str(stopped.reason)
    feed.close()


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


@pytest.mark.parametrize("transport", ["ipc", "tcp"])
def test_traffic_is_encrypted_where_that_is_required(
    make_bridge: MakeBridge, join: JoinKernel, home: Path, install_spec: Callable[..., None], transport: str
) -> None:
    name = f"curve-{transport}"
    launcher = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
    install_spec(name, *launcher, metadata={"supported_encryption": ["curve"]})
    install_spec(f"plain-{transport}", *launcher)
    options = {"transport_encryption": "required"}
    required = make_bridge(name, MappingKernelManager=options, KernelManager={"transport": transport})
    kernel_id = required.start_kernel(KernelRequest(name=name)).id
    info = connection_info(home, kernel_id)
    assert info["transport"] == transport
    assert info["curve_publickey"]
    page = join(required, kernel_id)
    assert page.run("print('secret')").text == "secret\n"
    required.restart_kernel(kernel_id)
    assert page.run("print('again')").text == "again\n"
    with pytest.raises(KernelFailed, match="supported_encryption"):
        required.start_kernel(KernelRequest(name=f"plain-{transport}"))
    required.shutdown_kernel(kernel_id)


def test_auto_encrypts_what_can_be(make_bridge: MakeBridge, home: Path, join: JoinKernel) -> None:
    auto = make_bridge("auto", MappingKernelManager={"transport_encryption": "auto"})
    kernel_id = auto.start_kernel(KernelRequest()).id
    assert "curve_publickey" in connection_info(home, kernel_id)
    assert join(auto, kernel_id).run("print(1)").text == "1\n"


@pytest.mark.parametrize("transport", ["ipc", "tcp"])
def test_others_attach_by_the_connection_file_and_ports_are_kept_over_a_restart(
    make_bridge: MakeBridge, home: Path, transport: str
) -> None:
    bridge = make_bridge(f"attach-{transport}", ConnectionFileMixin={"transport": transport})
    kernel_id = bridge.start_kernel(KernelRequest()).id
    before = connection_info(home, kernel_id)
    assert (home / "runtime" / f"kernel-{kernel_id}.json").stat().st_mode & 0o777 == 0o600
    for _ in range(2):
        client = blocking_client(home / "runtime" / f"kernel-{kernel_id}.json")
        assert client.execute_interactive("1 + 1", timeout=20)["content"]["status"] == "ok"
        client.stop_channels()
        bridge.restart_kernel(kernel_id)
    assert {name: connection_info(home, kernel_id)[name] for name in PORTS} == {name: before[name] for name in PORTS}


def test_a_kernel_can_be_told_its_ports_key_and_scheme(make_bridge: MakeBridge, home: Path, join: JoinKernel) -> None:
    from tests.servers import free_port

    ports = {name: free_port() for name in PORTS}
    manager = {"transport": "tcp", "ip": "127.0.0.1", "cache_ports": False, **ports}
    session = {"signature_scheme": "hmac-sha512", "key": b"a key of mine"}
    bridge = make_bridge("told", KernelManager=manager, Session=session)
    kernel_id = bridge.start_kernel(KernelRequest()).id
    info = connection_info(home, kernel_id)
    assert {name: info[name] for name in PORTS} == ports
    assert (info["signature_scheme"], info["key"]) == ("hmac-sha512", "a key of mine")
    assert join(bridge, kernel_id).run("print(1)").text == "1\n"


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
    page.execute("import signal, time\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\ntime.sleep(60)")
    page.wait_for(state("busy"))
    time.sleep(0.3)
    started_s = time.monotonic()
    bridge.shutdown_kernel(kernel_id)
    assert time.monotonic() - started_s < 6


# Pending kernels

SLOW = """
import sys, time
time.sleep(2)
sys.argv[0] = "ipykernel"
from ipykernel import kernelapp
kernelapp.launch_new_instance()
"""


@pytest.fixture(scope="module")
def pending(make_bridge: MakeBridge, install_spec: Callable[..., None]) -> BridgeClient:
    install_spec("slow", "-c", textwrap.dedent(SLOW), "-f", "{connection_file}")
    install_spec("failing", "-c", "raise SystemExit('no luck')", "-f", "{connection_file}")
    return make_bridge("pending", AsyncMultiKernelManager={"use_pending_kernels": True})


def test_a_pending_kernel_is_there_at_once_and_loses_no_output(pending: BridgeClient, join: JoinKernel) -> None:
    started_s = time.monotonic()
    model = pending.start_kernel(KernelRequest(name="slow"))
    assert model.execution_state == "starting"
    assert time.monotonic() - started_s < 1.5
    page = join(pending, model.id)
    assert page.run("print('early')").text == "early\n"
    assert eventually(lambda: pending.get_kernel(model.id).execution_state == "idle")
    pending.shutdown_kernel(model.id)


def test_a_pending_kernel_that_fails_is_shown_dead_with_its_reason(pending: BridgeClient, join: JoinKernel) -> None:
    model = pending.start_kernel(KernelRequest(name="failing"))
    join(pending, model.id).wait_for(state("dead"))
    assert eventually(lambda: "no luck" in str(pending.get_kernel(model.id).reason))
    pending.shutdown_kernel(model.id)
    with pytest.raises(KernelMissing):
        pending.get_kernel(model.id)


def test_a_pending_kernel_can_be_shut_down_while_it_starts(pending: BridgeClient) -> None:
    model = pending.start_kernel(KernelRequest(name="slow"))
    pending.shutdown_kernel(model.id)
    assert model.id not in [kernel.id for kernel in pending.list_kernels()]


# Kernels of others


@contextmanager
def foreign_kernel(folder: Path) -> Iterator[Any]:
    """A kernel that nobody here started, with its connection file in ``folder``."""
    folder.mkdir(exist_ok=True)
    manager = KernelManager(connection_file=str(folder / "foreign.json"))
    manager.start_kernel()
    try:
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        client.stop_channels()
        yield manager
    finally:
        manager.shutdown_kernel(now=True)


def test_kernels_of_others_are_shown_used_and_never_ended(
    make_bridge: MakeBridge, join: JoinKernel, home: Path
) -> None:
    folder = home / "external"
    options = {"allow_external_kernels": True, "external_connection_dir": str(folder)}
    bridge = make_bridge("external", ServerApp=options)
    assert bridge.list_kernels() == []
    with foreign_kernel(folder) as manager:
        (folder / "garbage.json").write_text("{")
        (found,) = bridge.list_kernels()
        page = join(bridge, found.id)
        assert page.run("print('hello')").text == "hello\n"
        assert eventually(lambda: bridge.get_kernel(found.id).execution_state == "idle")
        with pytest.raises(NotSupportedHere, match="another program"):
            bridge.restart_kernel(found.id)
        page.execute("import time; time.sleep(60)")
        page.wait_for(state("busy"))
        time.sleep(0.5)
        bridge.interrupt_kernel(found.id)
        page.wait_for(lambda message: message.msg_type == "error")
        bridge.shutdown_kernel(found.id)
        assert bridge.list_kernels() == []
        assert manager.is_alive()


def test_a_kernel_of_others_goes_with_its_file(make_bridge: MakeBridge, join: JoinKernel, home: Path) -> None:
    folder = home / "runtime" / "external_kernels"
    bridge = make_bridge("external-default", ServerApp={"allow_external_kernels": True})
    bridge.status()
    with foreign_kernel(folder):
        (found,) = bridge.list_kernels()
        page = join(bridge, found.id)
        (folder / "foreign.json").unlink()
        page.wait_for(state("dead"))
        assert bridge.list_kernels() == []


# Specifications and classes


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


def test_jupyter_console_attaches(make_bridge: MakeBridge, home: Path) -> None:
    bridge = make_bridge("console")
    kernel_id = bridge.start_kernel(KernelRequest()).id
    command = [sys.executable, "-m", "jupyter_console", "--existing", kernel_id, "--simple-prompt"]
    environ = {**os.environ, "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    said = "print(6 * 7)\nexit(keep_kernel=True)\n"
    done = subprocess.run(command, input=said, capture_output=True, text=True, timeout=60, env=environ, check=False)
    assert "42" in done.stdout, done.stderr
    assert bridge.get_kernel(kernel_id).execution_state in ("idle", "busy")
