"""Options of the gateway: credentials go to it alone, and what makes no sense stops the start."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web
from traitlets import TraitError
from traitlets.config import Config

from flasknb.kernel_bridge.gateway_options import GatewayClient, GatewayTokenRenewerBase, passed_variables
from flasknb.kernel_bridge.sidecar.gateway.rest import GatewayRest
from tests.attacks.gateway_double import client, serving


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
