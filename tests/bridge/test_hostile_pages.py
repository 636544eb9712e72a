"""Kernel websockets of gunicorn with two workers and pages that lie, flood, sleep or vanish."""

from __future__ import annotations

import json
import threading
import time

import psutil
import pytest
import websocket

from flasknb.kernel_bridge.ws_codec import SEQ_PROTOCOL, join_parts
from tests.bridge.kernel_site import PROTOCOLS, KernelSite, text_of
from tests.waiting import eventually

COUNT_BYTES = """
def opened(comm, message):
    print(sum(map(len, message["buffers"])), flush=True)
get_ipython().kernel.comm_manager.register_target("echo", opened)
"""


def test_forged_and_colliding_ids_harm_nobody(site: KernelSite, kernel_id: str) -> None:
    with site.channels(kernel_id) as one, site.channels(kernel_id) as other:
        fields = {"msg_type": "execute_request", "msg_id": "same", "session": other.session, "username": "root"}
        header = json.dumps({**fields, "date": "never", "version": "99", "hmac": "x"}).encode()
        for number, page in enumerate((one, other)):
            content = {"code": f"print({number})", "silent": False, "user_expressions": {}}
            page.socket.send_binary(join_parts([b"shell", header, b"{}", b"{}", json.dumps(content).encode()]))
        for page in (one, other):
            assert text_of(page.run("print('fine')")) == "fine\n"


@pytest.mark.parametrize(
    "parts",
    [
        [b"shell", b"not json", b"{}", b"{}", b"{}"],
        [b"shell", b"[]", b"{}", b"{}", b"{}"],
        [b"shell", b'{"msg_id": 5, "msg_type": {}, "session": []}', b"{}", b"{}", b"{}"],
        [b"shell", b'{"msg_type": "execute_request"}', b"\xff", b"\xff", b"\xff"],
        [b"\xff\xfe", b"{}", b"{}", b"{}", b"{}"],
        [b"shell", b"{}" + b" " * 1_000_000, b"[" * 100_000, b"{}", b"{}"],
        [b"control", b'{"msg_type":"nonsense","msg_id":"1","session":"s"}', b"{}", b"{}", b"{}", *[b""] * 10_000],
    ],
    ids=["header", "list", "types", "bytes", "channel", "deep", "buffers"],
)
def test_nonsense_inside_a_right_frame_is_survived(site: KernelSite, kernel_id: str, parts: list[bytes]) -> None:
    with site.channels(kernel_id) as channels:
        channels.socket.send_binary(join_parts(parts))
        assert text_of(channels.run("print('alive')")) == "alive\n"


def test_a_hundred_megabytes_pass_and_memory_comes_back(site: KernelSite, own_id: str) -> None:
    with site.channels(own_id) as channels:
        blob = [bytes(100 * 1024 * 1024)]
        channels.run(COUNT_BYTES)
        channels.send("comm_open", {"comm_id": "big", "target_name": "echo", "data": {}}, buffers=blob)
        assert channels.wait_for("stream").content["text"] == f"{100 * 1024 * 1024}\n"
    del blob
    assert eventually(lambda: max(one.memory_info().rss for one in workers(site)) < 400 * 1024 * 1024, within_s=20)


def workers(site: KernelSite) -> list[psutil.Process]:
    return list(psutil.Process(site.server.pid).children())


@pytest.mark.timeout(240)  # nine megabytes in small pieces, twice, also where others keep the processors busy
def test_a_page_that_reads_nothing_slows_nobody_and_resumes(site: KernelSite, own_id: str) -> None:
    lazy = site.open(own_id, session="lazy", protocol=SEQ_PROTOCOL)
    with site.channels(own_id) as busy:
        started_s = time.monotonic()
        found = busy.run("for i in range(3000): print(i, 'x' * 3000, flush=True)")
        assert time.monotonic() - started_s < 60
        assert [line.split()[0] for line in text_of(found).splitlines()] == [str(i) for i in range(3000)]
    text = ""
    while text.count("\n") < 3000:
        message = lazy.receive()
        text += message.content["text"] if message.kind == "stream" else ""
    assert [line.split()[0] for line in text.splitlines()] == [str(i) for i in range(3000)]
    lazy.socket.close()


def test_pages_that_vanish_in_the_middle_of_a_frame_leave_nothing(site: KernelSite, own_id: str) -> None:
    for _ in range(10):
        channels = site.open(own_id)
        frame = websocket.ABNF.create_frame(join_parts([b"shell", b"{}", b"{}", b"{}", bytes(10_000)]), 2).format()
        channels.socket.sock.sendall(frame[:500])
        channels.socket.sock.close()
    assert site.eventually(f"api/kernels/{own_id}", "connections", 0)


def test_many_pages_at_once_get_their_own_replies(site: KernelSite, own_id: str) -> None:
    failures: list[str] = []

    def use(number: int) -> None:
        with site.channels(own_id, protocol=PROTOCOLS[number % 3]) as channels:
            for _ in range(3):
                said = text_of(channels.run(f"print({number})"))
                if said != f"{number}\n":
                    failures.append(said)

    users = [threading.Thread(target=use, args=(number,)) for number in range(12)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert failures == []
