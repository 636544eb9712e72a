"""A site of one's own, with a notebook mounted in it: what was there goes on."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import websocket

from tests.cli_live.conftest import ask
from tests.servers import Server

TIMEOUT_S = 20
HEADER = {"msg_id": "asked", "msg_type": "kernel_info_request", "session": "s", "username": "", "version": "5.3"}


def test_the_hosts_own_websockets_stand_beside_ours(start: Callable[[str], Server]) -> None:
    server = start("mounted")
    echo = websocket.create_connection(f"ws://127.0.0.1:{server.port}/echo", timeout=TIMEOUT_S)
    echo.send("to the host")
    assert echo.recv() == "to the host"
    kernel = ask(server, "POST", "api/kernels")["id"]
    ours = f"{server.base_url.replace('http', 'ws', 1)}api/kernels/{kernel}/channels"
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(ours, timeout=TIMEOUT_S)
    channels = websocket.create_connection(
        ours, timeout=TIMEOUT_S, header=[f"Authorization: token {server.token}"], suppress_origin=True
    )
    channels.send(
        json.dumps({"channel": "shell", "header": HEADER, "parent_header": {}, "metadata": {}, "content": {}})
    )
    assert json.loads(channels.recv())["parent_header"]["msg_id"] == "asked"
    echo.send("still there")
    assert echo.recv() == "still there"
    channels.close()
    echo.close()
