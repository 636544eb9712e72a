"""A server that answers as a test says, in place of a gateway, and our client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from traitlets.config import Config

from flasknb.kernel_bridge.gateway_options import GatewayClient
from flasknb.kernel_bridge.sidecar.gateway.rest import GatewayRest

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


def plain(status: int, **more: Any) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, **more)

    return answer
