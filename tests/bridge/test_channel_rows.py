"""Rows 5 to 5.2 of the REST inventory: kernel websockets of gunicorn with two workers, in every protocol."""

from __future__ import annotations

import http.client
import json
from contextlib import closing

import pytest
import websocket

from flasknb.kernel_bridge.ws_codec import SEQ_PROTOCOL, V1_PROTOCOL
from tests.bridge.kernel_site import UNKNOWN_ID, KernelSite, every_protocol, text_of

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


@pytest.mark.row("1.5 websocket")
def test_a_handshake_carries_none_of_the_default_headers(site: KernelSite, kernel_id: str) -> None:
    with site.channels(kernel_id) as channels:
        unwanted = {"x-content-type-options", "content-security-policy", "etag", "set-cookie", "content-type"}
        assert not unwanted & set(channels.socket.headers)


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
        while not watching.wait_for("stream").content["text"].endswith("line 9\n"):
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
