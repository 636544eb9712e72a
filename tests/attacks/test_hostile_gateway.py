"""A gateway that is down, slow, broken or hostile: a reason, no credentials to others, no memory eaten."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

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
from flasknb.kernel_bridge.sidecar.gateway.specs import GatewaySpecs
from tests.attacks.gateway_double import Answer, client, plain, serving

SPEC = {"name": "py", "spec": {"argv": [], "display_name": "Py", "language": "python"}, "resources": {}}


def refused(answer: Answer, **options: Any) -> FlasknbError:
    """What asking such a gateway ends with."""

    async def ask() -> FlasknbError:
        async with serving(answer) as url, client(url, **options) as rest:
            with pytest.raises(FlasknbError) as error:
                await rest.json("GET", "/api/kernels")
            return error.value

    return asyncio.run(ask())


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
