"""Rows 5 of the REST inventory: kernel websockets of gunicorn with two workers, in every protocol."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
import websocket

from flasknb.kernel_bridge.ws_codec import SEQ_PROTOCOL, V1_PROTOCOL, join_parts
from tests.bridge.kernel_site import PROTOCOLS, UNKNOWN_ID, KernelSite, Message
from tests.servers import start_server

every_protocol = pytest.mark.parametrize("protocol", PROTOCOLS, ids=["legacy", "v1", "seq"])
OTHER_THREAD = """
import threading, time
def later():
    for number in range(10):
        time.sleep(0.05)
        print("line", number, flush=True)
threading.Thread(target=later).start()
"""
BUFFERS = """
from ipykernel.comm import Comm
import IPython
def opened(comm, message):
    comm.send(data={"sizes": [len(one) for one in message["buffers"]]}, buffers=message["buffers"])
get_ipython().kernel.comm_manager.register_target("echo", opened)
"""
COUNT_BYTES = """
def opened(comm, message):
    print(sum(map(len, message["buffers"])), flush=True)
get_ipython().kernel.comm_manager.register_target("echo", opened)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelSite]:
    server = start_server("gunicorn", tmp_path_factory.mktemp("gunicorn"))
    try:
        yield KernelSite(server)
        assert "Traceback" not in server.log
    finally:
        server.stop()


@pytest.fixture(scope="module")
def kernel_id(site: KernelSite) -> str:
    """A kernel that tests share; none may break it."""
    return site.kernel()


@pytest.fixture
def own_id(site: KernelSite) -> Iterator[str]:
    """A kernel that a test may break."""
    made = site.kernel()
    yield made
    site("DELETE", f"api/kernels/{made}")


def text_of(found: list[Message]) -> str:
    return "".join(one.content["text"] for one in found if one.kind == "stream")


def status_of_handshake(site: KernelSite, kernel_id: str, **headers: str) -> int:
    """Status of a handshake."""
    sent = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    sent |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} | headers
    with closing(http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=10)) as connection:
        connection.request("GET", f"/api/kernels/{kernel_id}/channels?session_id=x", headers=sent)
        return connection.getresponse().status


@pytest.mark.row("5 upgrade", "5.2 origin")
def test_a_handshake_is_refused_before_the_upgrade(site: KernelSite, kernel_id: str) -> None:
    token = f"token {site.server.token}"
    assert status_of_handshake(site, kernel_id) == 403
    assert status_of_handshake(site, kernel_id, Authorization="token wrong") == 403
    assert status_of_handshake(site, UNKNOWN_ID, Authorization=token) == 404
    assert status_of_handshake(site, kernel_id, Authorization=token, **{"Sec-WebSocket-Version": "7"}) == 400
    assert status_of_handshake(site, kernel_id, Origin="http://evil.example") == 403
    with site.channels(kernel_id, suppress_origin=False, origin="http://anywhere.example") as channels:
        assert text_of(channels.run("print(1)")) == "1\n"  # a token may come from everywhere


@pytest.mark.row("5.1 choice")
@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ([], None),
        ([V1_PROTOCOL], V1_PROTOCOL),
        (["unknown", V1_PROTOCOL], V1_PROTOCOL),
        ([V1_PROTOCOL, SEQ_PROTOCOL], SEQ_PROTOCOL),
    ],
)
def test_the_best_protocol_that_both_speak_is_chosen(
    site: KernelSite, kernel_id: str, offered: list[str], chosen: str | None
) -> None:
    where = site.server.base_url.replace("http", "ws", 1)
    url = f"{where}api/kernels/{kernel_id}/channels?session_id=choice&token={site.server.token}"
    with closing(websocket.create_connection(url, subprotocols=offered, timeout=10)) as socket:
        assert socket.getsubprotocol() == chosen
        assert "sec-websocket-extensions" not in socket.headers


@pytest.mark.row("5.1 choice")
def test_a_protocol_that_nobody_knows_is_passed_over(site: KernelSite, kernel_id: str) -> None:
    token = f"token {site.server.token}"
    assert status_of_handshake(site, kernel_id, Authorization=token, **{"Sec-WebSocket-Protocol": "unknown"}) == 101


@pytest.mark.row("5.1 legacy text", "5.1 v1")
@every_protocol
def test_shell_iopub_control_and_stdin_share_a_websocket(site: KernelSite, kernel_id: str, protocol: str) -> None:
    with site.channels(kernel_id, protocol=protocol) as channels:
        info = channels.answers_to(channels.send("kernel_info_request", {}, channel="control"))
        assert [one.channel for one in info if one.kind == "kernel_info_reply"] == ["control"]
        msg_id = channels.execute("print('before'); print(input('name? '))")
        asked = channels.wait_for("input_request")
        assert (asked.channel, asked.content["prompt"]) == ("stdin", "name? ")
        channels.send("input_reply", {"value": "Ada"}, channel="stdin", parent=json.dumps(asked.header).encode())
        found = channels.answers_to(msg_id)
        assert "Ada" in text_of(found)
        assert {"shell", "iopub"} <= {one.channel for one in found}


@pytest.mark.row("5.1 legacy text")
def test_legacy_text_is_one_object_with_type_and_id_beside_the_header(site: KernelSite, kernel_id: str) -> None:
    with site.channels(kernel_id, protocol="") as channels:
        channels.execute("1")
        frame = json.loads(channels.socket.recv())
    names = {"header", "parent_header", "metadata", "content", "buffers", "channel", "msg_id", "msg_type"}
    assert set(frame) == names
    assert (frame["msg_id"], frame["msg_type"]) == (frame["header"]["msg_id"], frame["header"]["msg_type"])


@pytest.mark.row("5.1 legacy binary", "5.1 v1")
@every_protocol
def test_buffers_travel_both_ways(site: KernelSite, kernel_id: str, protocol: str) -> None:
    sent = [b"", b"\x00\xff" * 100, bytes(300_000)]
    with site.channels(kernel_id, protocol=protocol) as channels:
        channels.run(BUFFERS)
        content = {"comm_id": f"c{protocol}", "target_name": "echo", "data": {}}
        channels.send("comm_open", content, buffers=sent)
        back = channels.wait_for("comm_msg")
    assert back.content["data"]["sizes"] == [len(one) for one in sent]
    assert back.buffers == sent


@pytest.mark.row("5.2 session_id")
@every_protocol
def test_a_newer_connection_of_a_session_ends_the_older(site: KernelSite, kernel_id: str, protocol: str) -> None:
    older = site.open(kernel_id, session=f"same{protocol}", protocol=protocol)
    with site.channels(kernel_id, session=f"same{protocol}", protocol=protocol) as newer:
        assert older.close_code() == 1000
        assert text_of(newer.run("print('here')")) == "here\n"
    with site.channels(kernel_id, session="", protocol=protocol) as nameless:
        assert text_of(nameless.run("print('nobody')")) == "nobody\n"


@pytest.mark.row("5.2 session_id")
def test_replies_go_to_the_session_that_asked_whatever_its_messages_say(site: KernelSite, kernel_id: str) -> None:
    with site.channels(kernel_id) as one, site.channels(kernel_id) as other:
        msg_id = one.execute("print('x')", session=other.session)
        assert "execute_reply" in [found.kind for found in one.answers_to(msg_id)]
        other.wait_for("stream")
        assert [found.kind for found in other.silence(0.5) if found.channel != "iopub"] == []


@pytest.mark.row("5.2 nudge")
@every_protocol
def test_the_first_words_of_a_kernel_are_never_lost(site: KernelSite, protocol: str) -> None:
    for _ in range(4):
        made = site.kernel()
        with site.channels(made, protocol=protocol) as channels:
            found = channels.run("print('first')")
            assert [one.state for one in found if one.kind == "status"] == ["busy", "idle"]
            assert text_of(found) == "first\n"
        site("DELETE", f"api/kernels/{made}")


@pytest.mark.row("5.2 buffering")
@every_protocol
def test_a_session_that_comes_back_gets_what_it_missed_once_and_others_do_not(
    site: KernelSite, own_id: str, protocol: str
) -> None:
    first = site.open(own_id, session="back", protocol=protocol)
    first.execute(OTHER_THREAD)
    found = [first.wait_for("execute_reply")]
    first.socket.shutdown()
    assert site.eventually(f"api/kernels/{own_id}", "connections", 0)
    with site.channels(own_id, session="watching") as watching:
        while watching.wait_for("stream").content["text"] != "line 9\n":
            pass
    query = ""
    if first.greeting:
        query = f"&epoch={first.greeting['epoch']}&since={first.greeting['seq']}"
    with site.channels(own_id, session="back", protocol=protocol, query=query) as again:
        found += again.silence(1.0)
    assert text_of(found) == "".join(f"line {number}\n" for number in range(10))
    with site.channels(own_id, session="stranger", protocol=protocol) as stranger:
        assert text_of(stranger.silence(0.5)) == ""


@pytest.mark.row("5.2 channel")
@every_protocol
def test_a_missing_channel_is_shell_and_an_unknown_one_is_dropped(
    site: KernelSite, kernel_id: str, protocol: str
) -> None:
    with site.channels(kernel_id, protocol=protocol) as channels:
        for unknown in ("iopub", "hb", "../shell", "x" * 5000):
            channels.execute("print('never')", channel=unknown)
        assert text_of(channels.answers_to(channels.execute("print('shell')", channel=""))) == "shell\n"


@pytest.mark.row("5.2 crash")
@every_protocol
def test_a_kernel_that_is_killed_says_so_and_works_again(site: KernelSite, own_id: str, protocol: str) -> None:
    with site.channels(own_id, protocol=protocol) as channels:
        pid = int(text_of(channels.run("import os; print(os.getpid())")))
        os.kill(pid, signal.SIGKILL)
        told = channels.wait_for("status", "restarting")
        assert (told.parent, told.channel) == ({}, "iopub")
        assert channels.wait_for("status", "starting").parent in ({}, None)
        assert text_of(channels.run("print('again')")) == "again\n"


@pytest.mark.row("5.2 crash")
def test_requests_sent_while_a_kernel_comes_back_lose_no_output(site: KernelSite, own_id: str) -> None:
    with site.channels(own_id) as channels:
        for _ in range(3):
            os.kill(int(text_of(channels.run("import os; print(os.getpid())"))), signal.SIGKILL)
            channels.wait_for("status", "restarting")
            assert text_of(channels.run("print('at once')")) == "at once\n"


@pytest.mark.row("5.2 crash")
def test_a_kernel_that_keeps_dying_is_dead_with_a_reason(site: KernelSite, own_id: str) -> None:
    with site.channels(own_id) as channels:
        channels.run("1")
        pid = int(text_of(channels.run("import os; print(os.getpid())")))
        connection = site.server.runtime_dir / f"kernel-{own_id}.json"
        saved = connection.read_text()
        connection.write_text("{")  # no kernel can start from it
        os.kill(pid, signal.SIGKILL)
        dead = channels.wait_for("status", "dead")
        assert dead.parent == {}
        connection.write_text(saved)
    model = site("GET", f"api/kernels/{own_id}").json
    assert model["execution_state"] == "dead"
    assert model["reason"]


@pytest.mark.row("5.2 restart")
@every_protocol
def test_a_restart_over_rest_keeps_the_websocket_and_tells_the_states(
    site: KernelSite, own_id: str, protocol: str
) -> None:
    with site.channels(own_id, protocol=protocol) as channels:
        channels.run("x = 1")
        assert site("POST", f"api/kernels/{own_id}/restart").status == 200
        assert channels.wait_for("shutdown_reply").content["restart"] is True
        channels.wait_for("status", "starting")
        assert text_of(channels.run("print('x' in globals())")) == "False\n"


@pytest.mark.row("5.2 delete")
@every_protocol
def test_a_deleted_kernel_tells_its_pages_and_lets_them_go(site: KernelSite, protocol: str) -> None:
    made = site.kernel()
    channels = site.open(made, protocol=protocol)
    assert site("DELETE", f"api/kernels/{made}").status == 204
    dead = channels.wait_for("status", "dead")
    assert dead.content["reason"] == "The kernel was shut down."
    assert channels.close_code() == 1000


@pytest.mark.row("5.2 activity")
def test_questions_do_not_count_as_activity_and_work_of_others_does(site: KernelSite, own_id: str) -> None:
    where = f"api/kernels/{own_id}"
    with site.channels(own_id) as channels:
        channels.run("1")
        before = site("GET", where).json["last_activity"]
        for kind in ("kernel_info_request", "comm_info_request"):
            channels.answers_to(channels.send(kind, {}))
        assert site("GET", where).json["last_activity"] == before
        assert site("GET", where).json["execution_state"] == "idle"
    client = blocking_client(site.server.runtime_dir / f"kernel-{own_id}.json")
    client.execute_interactive("pass", timeout=20)
    client.stop_channels()
    assert site("GET", where).json["last_activity"] > before


def blocking_client(connection_file: Path) -> Any:
    """What ``jupyter console --existing`` uses."""
    from jupyter_client.blocking import BlockingKernelClient

    client = BlockingKernelClient(connection_file=str(connection_file))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=20)
    return client


# Hostile pages


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
    end_s = time.monotonic() + 20
    while max(one.memory_info().rss for one in workers(site)) > 400 * 1024 * 1024:
        assert time.monotonic() < end_s
        time.sleep(0.2)


def workers(site: KernelSite) -> list[psutil.Process]:
    return psutil.Process(site.server.pid).children()


def test_a_page_that_reads_nothing_slows_nobody_and_resumes(site: KernelSite, own_id: str) -> None:
    lazy = site.open(own_id, session="lazy", protocol=SEQ_PROTOCOL)
    with site.channels(own_id) as busy:
        started_s = time.monotonic()
        found = busy.run("for i in range(3000): print(i, 'x' * 3000, flush=True)")
        assert time.monotonic() - started_s < 60
        assert [line.split()[0] for line in text_of(found).splitlines()] == [str(i) for i in range(3000)]
    numbers = []
    while not numbers or numbers[-1] != 2999:
        message = lazy.receive()
        if message.kind == "stream":
            numbers += [int(line.split()[0]) for line in message.content["text"].splitlines()]
    assert numbers == list(range(3000))
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
