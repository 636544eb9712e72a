"""Web workers come and go, leave children to whom they belong, and fork: rows 12, 47, 48 of the faults."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import websocket

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest
from flasknb.kernel_bridge.ws_codec import SEQ_PROTOCOL, split_parts
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.kernel_site import Channels, KernelSite, text_of
from tests.processes import has_zombies
from tests.servers import STOP_TIMEOUT_S, start_server
from tests.waiting import SLOW_MACHINE, eventually

NOTEBOOK: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
SERVED = 30
RESTARTING = 1012
GRACE_S = 10  # gunicorn's graceful_timeout, which nobody must wait for


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[KernelSite]:
    """gunicorn of this test alone, whose workers retire after SERVED requests."""
    server = start_server("gunicorn", tmp_path, variables={"GUNICORN_CMD_ARGS": f"--max-requests {SERVED}"})
    try:
        yield KernelSite(server)
    finally:
        server.stop()


def come_back(site: KernelSite, kernel_id: str, channels: Channels, since: int) -> Channels:
    """As the page does: at once, then again and again, with what it knows."""
    greeting = channels.greeting
    assert greeting is not None
    query = f"&since={since}&epoch={greeting['epoch']}"
    end_s = time.monotonic() + 20
    while True:
        try:
            return site.open(kernel_id, session=channels.session, protocol=SEQ_PROTOCOL, query=query)
        except (OSError, websocket.WebSocketException):
            if time.monotonic() > end_s:
                raise
            time.sleep(0.05)


def workers_of(site: KernelSite) -> list[psutil.Process]:
    found = []
    for one in psutil.Process(site.server.pid).children():
        with suppress(psutil.NoSuchProcess):  # it ends just now
            found += [one] if "gunicorn" in " ".join(one.cmdline()) else []
    return found


def retire(site: KernelSite) -> None:
    """Ask until every worker has served what it may."""
    old = {one.pid for one in workers_of(site)}
    for _ in range(20 * SERVED):
        with suppress(OSError):
            site("GET", "api")
        if not old & {one.pid for one in workers_of(site)}:
            return


def end_workers(site: KernelSite, how: str) -> None:
    if how == "reload":
        os.kill(site.server.pid, signal.SIGHUP)
    elif how == "max_requests":
        threading.Thread(target=retire, args=(site,)).start()
    else:
        for worker in workers_of(site):
            worker.send_signal(signal.SIGTERM)


def frame_before_close(channels: Channels) -> bytes | None:
    """The next message; ``None`` once the server closes, which it does because it restarts."""
    while True:
        opcode, data = channels.socket.recv_data(control_frame=True)
        if opcode == websocket.ABNF.OPCODE_BINARY:
            return bytes(data)
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            assert int.from_bytes(data[:2], "big") == RESTARTING
            return None


@pytest.mark.parametrize("how", ["reload", "max_requests", "worker told to end"])
def test_row_12_pages_are_told_at_once_and_come_back(own_site: KernelSite, how: str) -> None:
    kernel_id = own_site.kernel()
    channels = own_site.open(kernel_id, protocol=SEQ_PROTOCOL)
    channels.execute("import time\nfor number in range(100):\n    print(number, flush=True)\n    time.sleep(0.05)")
    printed, sequence = "", 0
    while not printed:
        frame = channels.socket.recv()
        if isinstance(frame, bytes):
            printed, sequence = printed + text_in(frame), int.from_bytes(frame[:8], "little")
    begun_s = time.monotonic()
    end_workers(own_site, how)
    while (frame := frame_before_close(channels)) is not None:
        printed, sequence = printed + text_in(frame), int.from_bytes(frame[:8], "little")
    closed_s = time.monotonic()
    channels.socket.shutdown()
    again = come_back(own_site, kernel_id, channels, sequence)
    back_s = time.monotonic()
    assert back_s - closed_s < 1 * SLOW_MACHINE
    if how != "max_requests":  # there, asking takes its time
        assert closed_s - begun_s < 1 * SLOW_MACHINE < GRACE_S
    assert again.greeting is not None
    assert again.greeting["missing"] is None
    while "99\n" not in printed:
        frame = again.socket.recv()
        if isinstance(frame, bytes) and frame:
            sequence = int.from_bytes(frame[:8], "little")
            printed += text_in(frame)
        elif not frame:  # the worker it came back to was told to end too
            again.socket.shutdown()
            again = come_back(own_site, kernel_id, again, sequence)
    assert printed.split() == [str(number) for number in range(100)]
    again.socket.close()


def test_row_12_a_master_told_to_end_waits_for_nobody_and_the_next_one_goes_on(tmp_path: Path) -> None:
    server = start_server("gunicorn", tmp_path)
    site = KernelSite(server)
    try:
        kernel_id = site.kernel()
        channels = site.open(kernel_id, protocol=SEQ_PROTOCOL)
        channels.execute("import time\nfor number in range(100):\n    print(number, flush=True)\n    time.sleep(0.1)")
        printed, sequence = "", 0
        begun_s = 0.0
        while (frame := frame_before_close(channels)) is not None:
            printed, sequence = printed + text_in(frame), int.from_bytes(frame[:8], "little")
            if printed and not begun_s:
                begun_s = time.monotonic()
                os.kill(server.pid, signal.SIGTERM)
        assert time.monotonic() - begun_s < 1 * SLOW_MACHINE
        channels.socket.shutdown()
        server.process.wait(GRACE_S)
        site = KernelSite(server := start_server("gunicorn", tmp_path, after=server))
        there_s = time.monotonic()
        again = come_back(site, kernel_id, channels, sequence)
        assert time.monotonic() - there_s < 1 * SLOW_MACHINE
        assert again.greeting is not None
        assert again.greeting["missing"] is None
        while "99\n" not in printed:
            frame = again.socket.recv()
            printed += text_in(frame) if isinstance(frame, bytes) else ""
        assert printed.split() == [str(number) for number in range(100)]
        again.socket.close()
    finally:
        server.stop()


@pytest.mark.parametrize("asks_first", [True, False])
def test_row_12_nobody_waits_for_connections_on_which_nothing_is_asked(tmp_path: Path, asks_first: bool) -> None:
    long_s = 2 * STOP_TIMEOUT_S
    patient = {"GUNICORN_CMD_ARGS": f"--keep-alive {long_s:.0f} --graceful-timeout {long_s:.0f}"}
    server = start_server("gunicorn", tmp_path, variables=patient)
    try:
        address = urlsplit(server.base_url).netloc
        idle = [HTTPConnection(address, timeout=STOP_TIMEOUT_S) for _ in range(4)]
        for connection in idle:
            connection.connect()
            if asks_first:
                connection.request("GET", "/api")
                assert connection.getresponse().read()
        os.kill(server.pid, signal.SIGTERM)
        for connection in idle:
            assert connection.sock.recv(1) == b""
            connection.close()
        server.process.wait(STOP_TIMEOUT_S)
    finally:
        server.stop()


def test_row_12_what_was_asked_is_still_answered(tmp_path: Path) -> None:
    server = start_server("gunicorn", tmp_path)
    content = json.dumps({"type": "file", "format": "text", "content": "kept\n" * 100_000}).encode()
    try:
        connection, idle = (HTTPConnection(urlsplit(server.base_url).netloc, timeout=STOP_TIMEOUT_S) for _ in range(2))
        connection.putrequest("PUT", "/api/contents/a.txt")
        connection.putheader("Authorization", f"token {server.token}")
        connection.putheader("Content-Length", str(len(content)))
        connection.endheaders()
        connection.send(content[:1000])
        idle.connect()
        os.kill(server.pid, signal.SIGTERM)
        assert idle.sock.recv(1) == b""  # those on which nothing was asked are gone by now
        connection.send(content[1000:])
        assert connection.getresponse().status == HTTPStatus.CREATED
        connection.close()
        idle.close()
        server.process.wait(STOP_TIMEOUT_S)
        assert (server.root_dir / "a.txt").read_text() == "kept\n" * 100_000
    finally:
        server.stop()


def text_in(frame: bytes) -> str:
    """What a numbered frame prints."""
    parts = split_parts(frame[8:])
    content = json.loads(parts[4])
    return str(content["text"]) if content.get("name") == "stdout" else ""


def test_row_47_children_are_the_sidecars_and_none_is_left_unburied(site: KernelSite) -> None:
    for _ in range(2):
        kernel_id = site.kernel()
        assert site("DELETE", f"api/kernels/{kernel_id}").status == 204
    workers = workers_of(site)
    assert len(workers) == 2
    assert [worker.children(recursive=True) for worker in workers] == [[], []]
    (sidecar,) = [one for one in psutil.process_iter(["cmdline"]) if is_sidecar_of(one, site)]
    assert eventually(lambda: not has_zombies(sidecar))


def is_sidecar_of(process: psutil.Process, site: KernelSite) -> bool:
    try:
        home = process.environ().get("JUPYTER_RUNTIME_DIR")
        return home == str(site.server.runtime_dir) and "flasknb.kernel_bridge.sidecar" in process.cmdline()
    except psutil.Error:
        return False


def test_row_48_web_workers_load_no_zmq(site: KernelSite) -> None:
    kernel_id = site.kernel()
    with site.channels(kernel_id) as channels:
        channels.run("1 + 1")
    for worker in workers_of(site):
        assert "zmq" not in Path(f"/proc/{worker.pid}/maps").read_text()
    site("DELETE", f"api/kernels/{kernel_id}")


def test_row_48_a_forked_child_talks_over_connections_of_its_own(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge: BridgeClient = make_bridge("forked")
    kernel = bridge.start_kernel(KernelRequest())
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, bridge.get_kernel(kernel.id).id.encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        assert bridge.get_kernel(kernel.id).id == kernel.id
        assert told.read().decode() == kernel.id
    os.waitpid(child, 0)
    assert join(bridge, kernel.id).run("print('well')").text == "well\n"


def test_row_48_an_app_that_was_loaded_before_the_fork_serves_everybody_at_once(tmp_path: Path) -> None:
    server = start_server("gunicorn", tmp_path, variables={"GUNICORN_CMD_ARGS": "--preload --max-requests 12"})
    site = KernelSite(server)
    try:
        kernel_id = site.kernel()
        with ExitStack() as stack:
            pages = [stack.enter_context(site.channels(kernel_id, protocol=SEQ_PROTOCOL)) for _ in range(6)]
            asked = [page.execute("import time; time.sleep(0.5); print('well')") for page in pages]
            begun_s = time.monotonic()
            assert site("GET", "api/status").json["connections"] == len(pages)
            assert site("GET", "api/contents").status == 200
            assert time.monotonic() - begun_s < 1 * SLOW_MACHINE
            for page, msg_id in zip(pages, asked, strict=True):
                assert text_of(page.answers_to(msg_id)) == "well\n"
        for _ in range(30):  # each worker is replaced meanwhile
            saved = site("PUT", "api/contents/a.ipynb", {"type": "notebook", "content": NOTEBOOK})
            assert saved.status in (200, 201), saved.text
        for worker in workers_of(site):
            assert "zmq" not in Path(f"/proc/{worker.pid}/maps").read_text()
        assert "Traceback" not in server.log
    finally:
        server.stop()
