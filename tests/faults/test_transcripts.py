"""Faults 10, 13, 14, 19 and 21: whatever breaks under a page, it shows what was printed, once.

The page is its own client code, run by Node (``page_client.ts``), behind a wire that breaks.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.bridge.kernel_site import KernelSite
from tests.e2e.processes import sidecar_of
from tests.faults.unsteady import NodePage, Shown
from tests.servers import start_server
from tests.waiting import eventually
from tests.wire import Wire

CODE = """
import time
for number in range({lines}):
    print(number)
    if number % {block} == 0:
        time.sleep({pause_s})
"""
FINISH_TIMEOUT_S = 90.0
MIDST_S = 2.0  # after its begin: a cell that runs for five seconds and more is in the midst of it

Plan = tuple[int, int, float]
"""Lines to print, disturbances, seconds between two."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelSite]:
    """gunicorn with two workers."""
    server = start_server("gunicorn", tmp_path_factory.mktemp("gunicorn"))
    yield KernelSite(server)
    server.stop()


@pytest.fixture
def wire(site: KernelSite) -> Iterator[Wire]:
    made = Wire(site.server.port)
    yield made
    made.close()


def open_page(site: KernelSite, wire: Wire, folder: Path, *, lines: int, for_s: float) -> NodePage:
    """A page whose cell prints ``lines`` numbers, takes about ``for_s`` seconds, and runs when this returns."""
    blocks = max(1, int(for_s / 0.02))
    code = CODE.format(lines=lines, block=max(1, lines // blocks), pause_s=0.02)
    kernel = f"api/kernels/{site.kernel()}"
    page = NodePage(
        folder, f"ws://127.0.0.1:{wire.port}/{kernel}/channels?session_id=page&token={site.server.token}", code
    )
    assert site.eventually(kernel, "execution_state", "busy")
    return page


def kill_a_worker(site: KernelSite) -> None:
    workers = [one for one in psutil.Process(site.server.pid).children() if "gunicorn" in " ".join(one.cmdline())]
    if len(workers) == 2:  # else the last one killed is not yet replaced
        os.kill(random.choice(workers).pid, signal.SIGKILL)


def cut_whom_is_there(site: KernelSite, wire: Wire) -> None:
    """Cut the page off once it is back: on a slow machine that takes longer than to the next cut."""
    eventually(lambda: site("GET", "api/status").json["connections"] > 0)
    wire.cut()


def end_the_sidecar(site: KernelSite) -> None:
    with suppress(LookupError):  # the next one is still on its way
        os.kill(sidecar_of(site.server), signal.SIGTERM)


def disturb(page: NodePage, times: int, every_s: float, *disturbances: Callable[[], None]) -> int:
    """Do one of ``disturbances``, in turn, at random moments; returns how often before the page was done."""
    for done in range(times):
        time.sleep(every_s * random.uniform(0.3, 1.7))
        if page.has_finished:
            return done
        disturbances[done % len(disturbances)]()
    return times


def assert_whole(shown: Shown, lines: int) -> None:
    assert shown.text == "".join(f"{number}\n" for number in range(lines))
    assert (shown.gaps, shown.bad, shown.reply) == ([], [], "ok")


def plans(quick: Plan, whole: Plan) -> pytest.MarkDecorator:
    """A plan for every test run, and one that takes minutes."""
    long = pytest.param(whole, id="whole", marks=[pytest.mark.slow, pytest.mark.timeout(1800)])
    return pytest.mark.parametrize("plan", [pytest.param(quick, id="quick"), long])


def disturbed(
    site: KernelSite, wire: Wire, folder: Path, plan: Plan, *disturbances: Callable[[], None]
) -> tuple[int, Shown]:
    """How often a page that prints by plan was disturbed, and what it showed, which is everything."""
    lines, times, every_s = plan
    page = open_page(site, wire, folder, lines=lines, for_s=times * every_s * 1.3)
    done = disturb(page, times, every_s, *disturbances)
    shown = page.shown(FINISH_TIMEOUT_S)
    assert_whole(shown, lines)
    return done, shown


@plans((5_000, 8, 0.5), (100_000, 100, 1.0))
def test_19_a_page_shows_what_was_printed_though_its_websocket_flaps(
    site: KernelSite, wire: Wire, tmp_path: Path, plan: Plan
) -> None:
    done, shown = disturbed(site, wire, tmp_path, plan, lambda: cut_whom_is_there(site, wire))
    assert done > plan[1] / 2
    assert shown.returns > plan[1] / 3


@plans((5_000, 3, 1.5), (100_000, 30, 3.0))
def test_10_a_page_shows_what_was_printed_though_web_workers_are_killed(
    site: KernelSite, wire: Wire, tmp_path: Path, plan: Plan
) -> None:
    _, shown = disturbed(site, wire, tmp_path, plan, lambda: kill_a_worker(site), wire.cut)
    assert shown.returns >= 1


@plans((5_000, 2, 3.0), (100_000, 10, 6.0))
def test_13_a_page_shows_what_was_printed_though_the_sidecar_is_ended(
    site: KernelSite, wire: Wire, tmp_path: Path, plan: Plan
) -> None:
    _, shown = disturbed(site, wire, tmp_path, plan, lambda: end_the_sidecar(site))
    assert shown.returns >= 1


def test_14_what_a_killed_sidecar_loses_is_told(site: KernelSite, wire: Wire, tmp_path: Path) -> None:
    page = open_page(site, wire, tmp_path, lines=20_000, for_s=5)
    time.sleep(MIDST_S)
    os.kill(sidecar_of(site.server), signal.SIGKILL)
    shown = page.shown(FINISH_TIMEOUT_S)
    whole = "".join(f"{number}\n" for number in range(20_000))
    assert shown.text == whole or shown.gaps
    assert shown.text.endswith("19999\n")
    lines = shown.text.split()
    assert len(lines) == len(set(lines))
    assert shown.reply == "ok"


def test_21_a_page_that_slept_catches_up(site: KernelSite, wire: Wire, tmp_path: Path) -> None:
    page = open_page(site, wire, tmp_path, lines=3_000, for_s=6)
    time.sleep(MIDST_S)
    page.sleep(3)
    wire.cut()
    page.wake()
    assert_whole(page.shown(FINISH_TIMEOUT_S), 3_000)


def times(quick: tuple[str, float], real: tuple[str, float]) -> pytest.MarkDecorator:
    """Times for every test run, and those that people really have, which take minutes."""
    long = pytest.param(*real, id="real", marks=[pytest.mark.slow, pytest.mark.timeout(600)])
    return pytest.mark.parametrize(("option", "wait_s"), [pytest.param(*quick, id="quick"), long])


@times(("c.ZMQChannelsWebsocketConnection.websocket_ping_interval_s = 0.5", 4.0), ("", 60.0))
def test_20_pings_keep_a_silent_websocket_open_behind_a_proxy_that_ends_idle_ones(
    tmp_path: Path, option: str, wait_s: float
) -> None:
    server = start_server("gunicorn", tmp_path / "server", more_config=option)
    site, wire = KernelSite(server), Wire(server.port, idle_s=wait_s)
    try:
        url = f"ws://127.0.0.1:{wire.port}/api/kernels/{site.kernel()}/channels?session_id=p&token={server.token}"
        page = NodePage(tmp_path, url, f"import time; time.sleep({2.5 * wait_s}); print('end')")
        shown = page.shown(FINISH_TIMEOUT_S + 3 * wait_s)
        assert (shown.text, shown.returns) == ("end\n", 0)
    finally:
        wire.close()
        server.stop()


PINGS = "websocket_ping_interval_s = 0.5\nc.ZMQChannelsWebsocketConnection.websocket_ping_timeout_s = 1"


@times((f"c.ZMQChannelsWebsocketConnection.{PINGS}", 12.0), ("", 200.0))
def test_21_a_page_that_slept_until_its_websocket_was_given_up_catches_up(
    tmp_path: Path, option: str, wait_s: float
) -> None:
    server = start_server("gunicorn", tmp_path / "server", more_config=option)
    site, wire = KernelSite(server), Wire(server.port)
    try:
        lines = int(60 * wait_s)
        page = open_page(site, wire, tmp_path, lines=lines, for_s=wait_s)  # so that it prints when it is given up
        (kernel,) = site("GET", "api/kernels").json
        page.sleep(0)
        assert eventually(lambda: connections_of(site, kernel["id"]) == 0, within_s=wait_s)
        page.wake()
        shown = page.shown(FINISH_TIMEOUT_S + 2 * wait_s)
        assert_whole(shown, lines)
        assert shown.returns >= 1
    finally:
        wire.close()
        server.stop()


def connections_of(site: KernelSite, kernel_id: str) -> int:
    return int(site("GET", f"api/kernels/{kernel_id}").json["connections"])


@pytest.mark.parametrize("hangs_s", [4, pytest.param(30, marks=[pytest.mark.slow, pytest.mark.timeout(400)])])
def test_11_a_page_shows_what_was_printed_though_its_worker_hangs(tmp_path: Path, hangs_s: int) -> None:
    server = start_server("gunicorn", tmp_path / "server", variables={"GUNICORN_CMD_ARGS": f"--timeout {hangs_s}"})
    site, wire = KernelSite(server), Wire(server.port)
    try:
        page = open_page(site, wire, tmp_path, lines=2_000, for_s=hangs_s + 4)  # so that it prints when they are killed
        time.sleep(MIDST_S)
        for worker in psutil.Process(server.pid).children():
            worker.suspend()
        assert_whole(page.shown(FINISH_TIMEOUT_S + hangs_s), 2_000)
        assert "WORKER TIMEOUT" in server.log
    finally:
        wire.close()
        server.stop()
