"""The answer to a websocket's handshake: what a client of another make accepts, and nothing to what is unusual."""

from __future__ import annotations

from typing import Any

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Request

from flasknb.kernel_bridge.ws_codec import V1_PROTOCOL
from flasknb.kernel_bridge.ws_handshake import accepting


def environ_of(request: bytes) -> dict[str, Any]:
    head, *lines = request.decode().strip().split("\r\n")
    method, _, version = head.split(" ")
    fields = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (line.split(": ") for line in lines)}
    return {"REQUEST_METHOD": method, "SERVER_PROTOCOL": version, **fields}


def asked(client: WSConnection, subprotocols: list[str]) -> dict[str, Any]:
    return environ_of(client.send(Request(host="localhost", target="/", subprotocols=subprotocols)))


@pytest.mark.parametrize("subprotocol", ["", V1_PROTOCOL])
def test_a_client_accepts_the_answer(subprotocol: str) -> None:
    client = WSConnection(ConnectionType.CLIENT)
    answer = accepting(asked(client, [subprotocol] if subprotocol else []), subprotocol)
    assert answer is not None
    client.receive_data(answer.encode())
    (accepted,) = client.events()
    assert isinstance(accepted, AcceptConnection)
    assert (accepted.subprotocol or "", accepted.extensions) == (subprotocol, [])


@pytest.mark.parametrize(
    "unusual",
    [
        {"REQUEST_METHOD": "POST"},
        {"SERVER_PROTOCOL": "HTTP/1.0"},
        {"HTTP_SEC_WEBSOCKET_VERSION": "8"},
        {"HTTP_UPGRADE": "h2c"},
        {"HTTP_CONNECTION": "keep-alive"},
        {"HTTP_SEC_WEBSOCKET_KEY": "c2hvcnQ="},
        {"HTTP_SEC_WEBSOCKET_KEY": "no base64 at all !!!!!!!"},
        {"HTTP_SEC_WEBSOCKET_KEY": "grün"},
    ],
    ids=str,
)
def test_what_is_unusual_gets_no_answer(unusual: dict[str, str]) -> None:
    environ = asked(WSConnection(ConnectionType.CLIENT), [])
    assert accepting(environ, "") is not None
    assert accepting({**environ, **unusual}, "") is None


def test_without_a_host_or_a_key_there_is_no_answer() -> None:
    environ = asked(WSConnection(ConnectionType.CLIENT), [])
    for name in ("HTTP_HOST", "HTTP_SEC_WEBSOCKET_KEY", "HTTP_UPGRADE", "HTTP_CONNECTION"):
        assert accepting({key: value for key, value in environ.items() if key != name}, "") is None
