"""A gateway's websocket that is cut, refused or full of nonsense: what is sent waits, and attempts end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from flasknb.kernel_bridge.sidecar.gateway.channels import Backoff, GatewayChannels, Listener
from flasknb.kernel_bridge.sidecar.gateway.rest import GatewayRest
from flasknb.kernel_bridge.ws_codec import V1_PROTOCOL, join_parts
from tests.attacks.gateway_double import client, plain, serving
from tests.waiting import WITHIN_S

LAST_DELAY_S = 0.2  # several times what lies between two attempts


def test_frames_that_make_no_sense_are_dropped_and_the_rest_goes_on() -> None:
    header = b'{"msg_id": "1", "msg_type": "stream", "session": "s"}'
    good = join_parts([b"iopub", header, b"{}", b"{}", b'{"text": "x"}'])
    nonsense: list[bytes | str] = [b"", b"\xff" * 40, bytes(8) + good, "text", b"[" * 100_000]
    nonsense += [join_parts([b"mind", header, b"{}", b"{}", b"{}"]), join_parts([b"iopub", b"[]", b"{}", b"{}", b"{}"])]
    heard: list[str] = []

    async def talk(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=[V1_PROTOCOL])
        await socket.prepare(request)
        for frame in [*nonsense, good]:
            await (socket.send_str(frame) if isinstance(frame, str) else socket.send_bytes(frame))
        await socket.receive()
        return socket

    async def listen() -> None:
        done = asyncio.Event()

        def on_message(channel: str, frames: Any) -> None:
            heard.append(channel)
            done.set()

        async with serving(talk) as url, client(url) as rest:
            channels = open_channels(rest, on_message)
            await asyncio.wait_for(done.wait(), 10)
            channels.close()

    asyncio.run(listen())
    assert heard == ["iopub"]


def open_channels(rest: GatewayRest, on_message: Any = lambda channel, frames: None, **more: Any) -> GatewayChannels:
    def nothing(*_: object) -> None:
        return None

    async def exists() -> None:
        await rest.json("GET", "/api/kernels/a")

    listener = Listener(on_message, nothing, nothing, nothing, nothing, more.get("on_gone", nothing))
    backoff = more.get("backoff", Backoff(0.01, 0.02, 3))
    return GatewayChannels(
        rest, "/api/kernels/a/channels", protocol=V1_PROTOCOL, backoff=backoff, listener=listener, exists=exists
    )


def test_what_is_sent_while_the_gateway_is_away_waits_in_order() -> None:
    attempts, got = 0, []
    everything = asyncio.Event()

    async def talk(request: web.Request) -> web.StreamResponse:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            return web.Response(status=503)
        socket = web.WebSocketResponse(protocols=[V1_PROTOCOL])
        await socket.prepare(request)
        async for message in socket:
            assert message.type is WSMsgType.BINARY
            got.append(message.data)
            if len(got) == 3:
                everything.set()
        return socket

    async def send() -> None:
        async with serving(talk) as url, client(url) as rest:
            channels = open_channels(rest)
            for number in range(3):
                channels.send("shell", [b"<IDS|MSG>", b"", b"{}", b"{}", b"{}", str(number).encode()])
            await asyncio.wait_for(everything.wait(), 10)
            channels.close()

    asyncio.run(send())
    assert got == [join_parts([b"shell", b"{}", b"{}", b"{}", str(number).encode()]) for number in range(3)]


async def until(is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < end_s
        await asyncio.sleep(0.01)


def test_attempts_end_until_somebody_needs_the_kernel() -> None:
    attempts = 0

    async def away(_: web.Request) -> web.Response:
        nonlocal attempts
        attempts += 1
        return web.Response(status=503)

    async def wait() -> None:
        async with serving(away) as url, client(url) as rest:
            channels = open_channels(rest)
            await until(lambda: attempts == 4)
            await asyncio.sleep(LAST_DELAY_S)
            assert attempts == 4
            channels.wake()
            await until(lambda: attempts == 8)
            await asyncio.sleep(LAST_DELAY_S)
            assert attempts == 8
            channels.close()

    asyncio.run(wait())


def test_a_kernel_that_the_gateway_does_not_know_is_gone() -> None:
    async def listen() -> None:
        gone = asyncio.Event()
        async with serving(plain(404)) as url, client(url) as rest:
            channels = open_channels(rest, on_gone=gone.set)
            await asyncio.wait_for(gone.wait(), 10)
            channels.close()

    asyncio.run(listen())


def test_delays_grow_to_their_limit() -> None:
    backoff = Backoff(1.0, 30.0, 5)
    assert 1.0 <= backoff.delay_s(0) <= 1.25
    assert 8.0 <= backoff.delay_s(3) <= 10.0
    assert 30.0 <= backoff.delay_s(10_000) <= 37.5
