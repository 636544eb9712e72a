"""A gateway that is down, slow, broken or hostile: a reason, no credentials to others, no memory eaten."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from traitlets import TraitError
from traitlets.config import Config

from flasknb.errors import (
    BadRequest,
    FlasknbError,
    GatewayRefused,
    GatewayUnavailable,
    KernelFailed,
    KernelMissing,
    KernelSpecMissing,
    TooManyKernels,
    status_of,
)
from flasknb.kernel_bridge.gateway_options import GatewayClient, GatewayTokenRenewerBase, passed_variables
from flasknb.kernel_bridge.sidecar.gateway.channels import Backoff, GatewayChannels, Listener
from flasknb.kernel_bridge.sidecar.gateway.rest import GatewayRest
from flasknb.kernel_bridge.sidecar.gateway.specs import GatewaySpecs
from flasknb.kernel_bridge.ws_codec import V1_PROTOCOL, join_parts

SPEC = {"name": "py", "spec": {"argv": [], "display_name": "Py", "language": "python"}, "resources": {}}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[str]:
    """A server that answers everything so; its address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def client(url: str, **options: Any) -> AsyncIterator[GatewayRest]:
    rest = GatewayRest(GatewayClient(url=url, **options), Config())
    try:
        yield rest
    finally:
        await rest.close()


def refused(answer: Answer, **options: Any) -> FlasknbError:
    """What asking such a gateway ends with."""

    async def ask() -> FlasknbError:
        async with serving(answer) as url, client(url, **options) as rest:
            with pytest.raises(FlasknbError) as error:
                await rest.json("GET", "/api/kernels")
            return error.value

    return asyncio.run(ask())


def plain(status: int, **more: Any) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, **more)

    return answer


@pytest.mark.parametrize(
    ("status", "error_class", "ours"),
    [
        (400, BadRequest, 400),
        (401, GatewayRefused, 502),
        (403, GatewayRefused, 502),
        (404, KernelMissing, 404),
        (409, BadRequest, 400),
        (429, TooManyKernels, 429),
        (500, KernelFailed, 500),
        (503, GatewayUnavailable, 503),
        (599, KernelFailed, 500),
    ],
)
def test_each_refusal_has_a_meaning_here(status: int, error_class: type[FlasknbError], ours: int) -> None:
    error = refused(plain(status, text=json.dumps({"message": "because"})))
    assert type(error) is error_class
    assert status_of(error) == ours
    assert "because" in error.message


def test_a_page_of_some_proxy_is_not_shown() -> None:
    error = refused(plain(502, text="<script>alert(1)</script>", content_type="text/html"))
    assert isinstance(error, GatewayUnavailable)
    assert "<script>" not in error.message


def test_what_is_no_json_is_no_gateway() -> None:
    assert "is no JSON" in refused(plain(200, text="<html>")).message


def test_endless_answers_are_cut_off_also_compressed_ones() -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024), 1)
    for headers, body in (({}, bytes(17 * 1024 * 1024)), ({"Content-Encoding": "gzip"}, bomb)):
        error = refused(plain(200, body=body, headers=headers))
        assert isinstance(error, GatewayRefused)
        assert "more than" in error.message


def test_a_slow_gateway_costs_its_time_and_no_more() -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(1.5)
        return web.Response()

    error = refused(slow, request_timeout=0.3)
    assert isinstance(error, GatewayUnavailable)
    assert "did not answer" in error.message


def test_nobody_there_is_a_503_that_says_so() -> None:
    async def ask() -> None:
        async with client("http://127.0.0.1:1") as rest:
            with pytest.raises(GatewayUnavailable, match=r"127\.0\.0\.1:1 cannot be reached"):
                await rest.json("GET", "/")
            with pytest.raises(GatewayUnavailable, match="cannot be reached"):
                await rest.websocket("/", (), max_bytes=1)

    asyncio.run(ask())


def test_redirects_are_not_followed_and_nothing_is_told_to_others() -> None:
    told: list[str] = []

    async def thief(request: web.Request) -> web.Response:
        told.append(str(request.headers))
        return web.json_response([])

    async def attack() -> None:
        async with serving(thief) as elsewhere:

            async def lead_away(_: web.Request) -> web.Response:
                raise web.HTTPTemporaryRedirect(f"{elsewhere}/api/kernels")

            options = {"auth_token": "secret", "headers": '{"X-Key": "secret"}'}
            async with serving(lead_away) as url, client(url, **options) as rest:
                with pytest.raises(GatewayRefused, match="redirect"):
                    await rest.json("GET", "/api/kernels")
                with pytest.raises(GatewayRefused, match="redirect"):
                    await rest.websocket("/api/kernels/a/channels", (), max_bytes=1000)

    asyncio.run(attack())
    assert told == []


def seen_headers(**options: Any) -> dict[str, str]:
    """What a gateway is shown with such options, the second time it is asked."""
    shown: list[dict[str, str]] = []

    async def note(request: web.Request) -> web.Response:
        shown.append(dict(request.headers))
        answer = web.json_response([])
        answer.set_cookie("balancer", "7")
        return answer

    async def ask() -> None:
        async with serving(note) as url, client(url, **options) as rest:
            await rest.json("GET", "/")
            await rest.json("GET", "/")

    asyncio.run(ask())
    return shown[-1]


class CountingRenewer(GatewayTokenRenewerBase):
    """Another token each time."""

    def get_token(self, auth_header_key: str, auth_scheme: str | None, auth_token: str, **more: Any) -> str:
        return auth_token + "+"


def test_credentials_are_shown_as_the_options_say() -> None:
    assert seen_headers(auth_token="abc")["Authorization"] == "token abc"
    assert seen_headers(auth_token="abc", auth_scheme="Bearer")["Authorization"] == "Bearer abc"
    assert seen_headers(auth_token="abc", auth_scheme="", auth_header_key="X-Auth")["X-Auth"] == "abc"
    assert seen_headers(http_user="ann", http_pwd="pw")["Authorization"] == "Basic YW5uOnB3"
    assert seen_headers(headers='{"X-Team": "red"}')["X-Team"] == "red"
    renewer = f"{__name__}.CountingRenewer"
    assert seen_headers(auth_token="abc", gateway_token_renewer_class=renewer)["Authorization"] == "token abc++"
    assert "Authorization" not in seen_headers()


def test_cookies_are_kept_only_where_that_is_asked_for() -> None:
    assert "Cookie" not in seen_headers()
    assert seen_headers(accept_cookies=True)["Cookie"] == "balancer=7"


@pytest.mark.parametrize(
    "options",
    [
        {"url": "gateway:8888"},
        {"url": "file:///etc/passwd"},
        {"url": "http://ann:pw@gateway"},
        {"url": "http://gateway/?token=1"},
        {"ws_url": "http://gateway"},
        {"headers": "no json"},
        {"headers": '{"X": "a\\r\\nB: c"}'},
        {"headers": '["X"]'},
    ],
)
def test_options_that_make_no_sense_stop_the_start(options: dict[str, str]) -> None:
    with pytest.raises(TraitError):
        GatewayClient(**options)


def test_files_and_classes_that_do_not_exist_are_said() -> None:
    for options in ({"ca_certs": "/no/such/file"}, {"gateway_token_renewer_class": "no.such.Class"}):
        with pytest.raises(TraitError):
            GatewayRest(GatewayClient(url="http://g", **options), Config())


def test_only_variables_for_kernels_are_passed() -> None:
    environ = {"KERNEL_A": "1", "COLOUR": "2", "AWS_SECRET": "3"}
    options = GatewayClient(url="http://g", allowed_envs="COLOUR, NONE")
    assert options.kernel_variables(environ, {"KERNEL_A": "4"}) == {"KERNEL_A": "4", "COLOUR": "2"}
    assert passed_variables(options, environ) == ["KERNEL_A", "COLOUR"]
    assert passed_variables(GatewayClient(), environ) == []
    assert GatewayClient(url="https://g/x").websocket_url == "wss://g/x"


@pytest.mark.parametrize("answer", [[], {}, {"kernelspecs": 7}, "text", None, 7])
def test_odd_lists_of_specifications_are_refused(answer: Any, tmp_path: Path) -> None:
    async def odd(_: web.Request) -> web.Response:
        return web.json_response(answer)

    async def ask() -> None:
        async with serving(odd) as url, client(url) as rest:
            with pytest.raises(GatewayRefused):
                await GatewaySpecs(rest, tmp_path).all()

    asyncio.run(ask())


def test_names_and_addresses_of_files_lead_nowhere(tmp_path: Path) -> None:
    asked: list[str] = []
    resources = {
        "a": "http://169.254.169.254/logo-a.png",
        "b": "/x/../../../etc/passwd",
        "c": "file:///etc/logo-../x",
        "d": "/kernelspecs/py/kernel.js",
        "e": "http://[bad/logo-e.png",
        "f": 7,
    }

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.raw_path)
        if request.path == "/api/kernelspecs":
            found = {"../../py": {**SPEC, "resources": resources}, "odd": {"spec": 7}, "none": None}
            return web.json_response({"default": "gone", "kernelspecs": found})
        return web.Response(text="content")

    async def ask() -> None:
        async with serving(answer) as url, client(url) as rest:
            specs = GatewaySpecs(rest, tmp_path / "gateway")
            found = await specs.all()
            assert list(found.specs) == ["../../py"]
            assert found.default == "../../py"
            spec = await specs.one("../../py")
            assert spec.resources == ("kernel.js", "logo-a.png")
            assert Path(spec.resource_dir).parent == tmp_path / "gateway"
            with pytest.raises(KernelSpecMissing):
                await specs.one("none")

    asyncio.run(ask())
    assert asked[2:4] == ["/kernelspecs/..%2F..%2Fpy/kernel.js", "/kernelspecs/..%2F..%2Fpy/logo-a.png"]
    assert all(path.is_relative_to(tmp_path) for path in tmp_path.rglob("*"))


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


def test_attempts_end_until_somebody_needs_the_kernel() -> None:
    attempts = 0

    async def away(_: web.Request) -> web.Response:
        nonlocal attempts
        attempts += 1
        return web.Response(status=503)

    async def wait() -> None:
        async with serving(away) as url, client(url) as rest:
            channels = open_channels(rest)
            await asyncio.sleep(0.5)
            assert attempts == 4
            channels.wake()
            await asyncio.sleep(0.5)
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
