"""Websockets that the sidecar carries for the workers: nothing of them stays there, and they end as others do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psutil
import pytest
import websocket

from flasknb.kernel_bridge.instance import read_discovery
from tests.bridge.kernel_site import KernelSite, every_protocol, running_site, text_of
from tests.waiting import eventually

MANY = 40
PINGS = "c.ServerApp.websocket_ping_interval = 1\nc.ServerApp.websocket_ping_timeout = 3\n"
RESTARTING = 1012


@pytest.fixture(scope="module", params=["flask", "flasknb", "gunicorn", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelSite]:
    with running_site(tmp_path_factory.mktemp(request.param), request.param, PINGS) as running:
        yield running


def sidecar_of(site: KernelSite) -> psutil.Process:
    (folder,) = site.server.runtime_dir.glob("flasknb-*")
    found = read_discovery(folder)
    assert found is not None
    return psutil.Process(found.pid)


def workers_of(site: KernelSite) -> list[psutil.Process]:
    first = psutil.Process(site.server.pid)
    return [one for one in (first, *first.children(recursive=True)) if one.pid != sidecar_of(site).pid]


def descriptors_of(site: KernelSite) -> int:
    return sum(one.num_fds() for one in workers_of(site))


@every_protocol
def test_nothing_of_a_websocket_stays_with_its_worker(site: KernelSite, kernel_id: str, protocol: str) -> None:
    with site.channels(kernel_id, protocol=protocol) as first, ExitStack() as others:
        first.run("0")
        before, sidecars_before = descriptors_of(site), sidecar_of(site).num_fds()
        for _ in range(MANY):
            others.enter_context(site.channels(kernel_id, protocol=protocol))
        assert descriptors_of(site) <= before + MANY // 4  # workers keep a few connections for calls
        assert sidecar_of(site).num_fds() >= sidecars_before + MANY
        assert text_of(first.run("print('all hear')")) == "all hear\n"
    assert eventually(lambda: sidecar_of(site).num_fds() <= sidecars_before + MANY // 4)
    assert site.eventually(f"api/kernels/{kernel_id}", "connections", 0)


def test_the_worker_is_not_woken_by_messages(site: KernelSite, kernel_id: str) -> None:
    with site.channels(kernel_id) as channels:
        channels.run("0")
        before_s = sum(sum(one.cpu_times()[:2]) for one in workers_of(site))
        for _ in range(100):
            channels.run("0")
        assert sum(sum(one.cpu_times()[:2]) for one in workers_of(site)) - before_s < 0.05


def test_a_page_is_pinged_and_kept_while_it_answers(site: KernelSite, kernel_id: str) -> None:
    with site.channels(kernel_id) as channels:
        pings = 0
        while pings < 4:
            opcode, _ = channels.socket.recv_data_frame(control_frame=True)
            pings += opcode == websocket.ABNF.OPCODE_PING
        assert text_of(channels.run("print(1)")) == "1\n"


def test_a_silent_page_is_given_up(site: KernelSite, kernel_id: str) -> None:
    with closing(site.raw(kernel_id)) as page:
        page.settimeout(15)
        while page.recv(1000):
            pass
    assert site.eventually(f"api/kernels/{kernel_id}", "connections", 0)


def test_a_kernel_that_is_missing_is_an_ordinary_answer(site: KernelSite) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        site.open("00000000-0000-4000-8000-000000000000")
    assert refused.value.status_code == 404


def test_a_sidecar_that_hung_does_not_answer_a_request_that_was_given_up(site: KernelSite, kernel_id: str) -> None:
    with site.channels(kernel_id):  # there is a line to pass sockets over
        sidecar = sidecar_of(site)
        os.kill(sidecar.pid, signal.SIGSTOP)
        try:
            page = site.raw(kernel_id, expected=b"HTTP/1.1 503")
        finally:
            os.kill(sidecar.pid, signal.SIGCONT)
        with closing(page):
            assert site("GET", "api/kernels").status == 200
            page.settimeout(2)
            rest = b""
            try:
                while more := page.recv(4096):
                    rest += more
            except TimeoutError:
                pass
            assert b"101" not in rest


def test_a_death_of_the_sidecar_ends_them_and_pages_come_back(site: KernelSite) -> None:
    kernel_id = site.kernel()
    with closing(site.open(kernel_id).socket) as page:
        sidecar_of(site).kill()
        with suppress(websocket.WebSocketConnectionClosedException, ConnectionError):
            while True:
                page.recv_frame()
    assert eventually(lambda: site("GET", "api/kernels").status == 200)
    with site.channels(kernel_id) as channels:
        assert text_of(channels.run("print('again')")) == "again\n"
    site("DELETE", f"api/kernels/{kernel_id}")


def test_when_the_worker_goes_pages_are_told_to_come_back(tmp_path: Path) -> None:
    with running_site(tmp_path) as site, ExitStack() as opened:
        kernel_id = site.kernel()
        pages = [opened.enter_context(site.channels(kernel_id)) for _ in range(4)]
        for one in psutil.Process(site.server.pid).children():
            one.kill()
        assert {page.close_code() for page in pages} == {RESTARTING}
