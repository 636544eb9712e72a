"""Kernel processes: what they see, how they are interrupted and restarted, what they leave behind."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from flasknb.errors import KernelIdTaken, KernelMissing
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelModel, KernelRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import Page, state
from tests.processes import is_running
from tests.waiting import SLOW_MACHINE, eventually

CHOSEN_ID = "0a1b2c3d-0000-4000-8000-00000000abcd"


@pytest.fixture
def own_kernel(bridge: BridgeClient) -> KernelModel:
    """A kernel that a test may break."""
    return bridge.start_kernel(KernelRequest())


@pytest.fixture
def own_page(bridge: BridgeClient, own_kernel: KernelModel, join: JoinKernel) -> Page:
    """A page on it."""
    return join(bridge, own_kernel.id)


def pid_of(page: Page) -> int:
    return int(page.run("import os; print(os.getpid())").text)


def test_a_kernel_gets_the_wanted_id_folder_and_environment(bridge: BridgeClient, home: Path, join: JoinKernel) -> None:
    request = KernelRequest(kernel_id=CHOSEN_ID, disk_cwd=str(home / "root" / "missing"), env={"MY_NAME": "Ada"})
    assert bridge.start_kernel(request).id == CHOSEN_ID
    page = join(bridge, CHOSEN_ID)
    assert page.run("import os; print(os.getcwd(), os.environ['MY_NAME'])").text == f"{home}/root Ada\n"
    with pytest.raises(KernelIdTaken, match=CHOSEN_ID):
        bridge.start_kernel(KernelRequest(kernel_id=CHOSEN_ID))
    bridge.shutdown_kernel(CHOSEN_ID)


def test_secrets_of_the_host_site_are_not_in_the_kernel(page: Page) -> None:
    names = page.run("import os; print(*os.environ)").text.split()
    assert "SECRET_KEY" not in names
    assert "FLASKNB_TEST_DATABASE_URL" not in names
    assert "PATH" in names


def test_the_launcher_leaves_no_trace_in_the_import_path(page: Page) -> None:
    assert "kernel_bridge" not in page.run("import sys; print(sys.path)").text


def test_the_connection_file_is_private_and_goes_with_the_kernel(
    bridge: BridgeClient, own_kernel: KernelModel, home: Path
) -> None:
    path = home / "runtime" / f"kernel-{own_kernel.id}.json"
    assert path.stat().st_mode & 0o777 == 0o600
    bridge.shutdown_kernel(own_kernel.id)
    assert not path.exists()
    with pytest.raises(KernelMissing):
        bridge.get_kernel(own_kernel.id)


def test_shutdown_ends_the_children_of_the_kernel_too(
    bridge: BridgeClient, own_kernel: KernelModel, own_page: Page
) -> None:
    code = "import subprocess; child = subprocess.Popen(['sleep', '300']); print(child.pid)"
    child = int(own_page.run(code).text)
    kernel_pid = pid_of(own_page)
    bridge.shutdown_kernel(own_kernel.id)
    assert eventually(lambda: not is_running(child) and not is_running(kernel_pid))


def test_interrupt_stops_a_cell(bridge: BridgeClient, kernel: KernelModel, page: Page) -> None:
    page.run_for_long()
    bridge.interrupt_kernel(kernel.id)
    error = page.wait_for(lambda message: message.msg_type == "error", within_s=10)
    assert error.content["ename"] == "KeyboardInterrupt"


def test_interrupt_of_a_kernel_that_ignores_it_returns(
    bridge: BridgeClient, own_kernel: KernelModel, own_page: Page
) -> None:
    own_page.run("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)")
    begun_s = time.monotonic()
    bridge.interrupt_kernel(own_kernel.id)
    assert time.monotonic() - begun_s < 2 * SLOW_MACHINE
    bridge.shutdown_kernel(own_kernel.id)


def test_restart_keeps_id_connection_and_pages(bridge: BridgeClient, own_kernel: KernelModel, own_page: Page) -> None:
    own_page.run("x = 1")
    before = pid_of(own_page)
    assert bridge.restart_kernel(own_kernel.id).id == own_kernel.id
    assert own_page.run("print('x' in globals())").text == "False\n"
    assert pid_of(own_page) != before
    bridge.shutdown_kernel(own_kernel.id)


def test_what_waits_behind_a_cell_does_not_run_after_a_restart(
    bridge: BridgeClient, own_kernel: KernelModel, own_page: Page
) -> None:
    own_page.execute("import time; time.sleep(60)")
    own_page.execute("leftover = 1")
    bridge.restart_kernel(own_kernel.id)
    assert own_page.run("print('leftover' in globals())").text == "False\n"
    bridge.shutdown_kernel(own_kernel.id)


def test_a_kernel_that_was_killed_comes_back_by_itself(
    bridge: BridgeClient, own_kernel: KernelModel, own_page: Page
) -> None:
    os.kill(pid_of(own_page), signal.SIGKILL)
    told = own_page.wait_for(state("restarting"), within_s=6)
    assert "SIGKILL" in told.content["reason"]
    assert eventually(lambda: bridge.get_kernel(own_kernel.id).execution_state == "idle")
    assert own_page.run("print('back')").text == "back\n"
    bridge.shutdown_kernel(own_kernel.id)


def test_a_kernel_that_keeps_dying_is_dead_with_a_reason(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("mortal", KernelRestarter={"restart_limit": 1})
    kernel = bridge.start_kernel(KernelRequest())
    page = join(bridge, kernel.id)
    for _ in range(2):
        pid = pid_of(page)
        os.kill(pid, signal.SIGKILL)
        page.wait_for(lambda message: message.msg_type == "status" and "reason" in message.content)
        eventually(lambda: bridge.get_kernel(kernel.id).execution_state in ("idle", "dead"))
    found = bridge.get_kernel(kernel.id)
    assert found.execution_state == "dead"
    assert found.reason == "The kernel was ended by signal SIGKILL."
    assert bridge.restart_kernel(kernel.id).execution_state == "idle"


def test_probes_do_not_count_as_activity(bridge: BridgeClient, kernel: KernelModel, page: Page) -> None:
    page.run("pass")
    before = bridge.get_kernel(kernel.id).last_activity
    asked = page.send("kernel_info_request", {})
    page.wait_for(lambda message: message.parent_id == asked and message.channel == "shell")
    assert bridge.get_kernel(kernel.id).last_activity == before
    page.run("pass")
    assert bridge.get_kernel(kernel.id).last_activity > before


def test_a_running_cell_shows_as_busy(bridge: BridgeClient, kernel: KernelModel, page: Page) -> None:
    page.run_for_long()
    assert bridge.get_kernel(kernel.id).execution_state == "busy"
    bridge.interrupt_kernel(kernel.id)
    page.wait_for(state("idle"))
    assert bridge.get_kernel(kernel.id).execution_state == "idle"
