"""The gateway's REST API: one HTTP client with the options' credentials, bounded in time and size."""

from __future__ import annotations

import asyncio
import base64
import logging
import ssl
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import aiohttp
import orjson
from traitlets import TraitError
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from flasknb.errors import FlasknbError, GatewayRefused, GatewayUnavailable
from flasknb.kernel_bridge.gateway_options import GatewayClient, NoOpTokenRenewer
from flasknb.kernel_bridge.sidecar.gateway.refusals import refusal

log = logging.getLogger(__name__)

MAX_ANSWER_BYTES = 16 * 1024 * 1024
PIECE_BYTES = 64 * 1024
QUICK_TIMEOUT_S = 12.0
"""For everything but starts: a worker waits 15 s for the sidecar, and should hear the reason."""

WebSocket: TypeAlias = "aiohttp.ClientWebSocketResponse[Any]"
OnOutcome = Callable[[FlasknbError | None], None]


class GatewayRest:
    """Asks one gateway. Event loop only.

    Args:
        on_outcome: told after each request how it ended.
    """

    def __init__(self, options: GatewayClient, config: Config, on_outcome: OnOutcome = lambda error: None) -> None:
        self.options, self._on_outcome = options, on_outcome
        self.address = urlsplit(str(options.url)).netloc
        self._renewer = _renewer(options.gateway_token_renewer_class, config)
        self._token = options.auth_token
        self._tls = _tls(options)
        self._session: aiohttp.ClientSession | None = None

    async def json(self, method: str, path: str, body: Any = None, *, timeout_s: float | None = None) -> Any:
        """The JSON answer, ``None`` for an empty one.

        Raises:
            GatewayUnavailable, and what ``refusal`` makes of a status; GatewayRefused for an answer that is no JSON.
        """
        content = await self.content(method, path, body, timeout_s=timeout_s)
        try:
            return orjson.loads(content) if content else None
        except orjson.JSONDecodeError:
            raise GatewayRefused(
                f"The gateway {self.address} does not speak Jupyter's REST API at {path}: its answer is no JSON"
            ) from None

    async def content(
        self, method: str, path: str, body: Any = None, *, timeout_s: float | None = None, limit: int = MAX_ANSWER_BYTES
    ) -> bytes:
        """The answer as it is. Raises as ``json``."""
        try:
            content = await self._ask(method, path, body, timeout_s or self.quick_timeout_s, limit)
        except FlasknbError as error:
            self._on_outcome(error)
            raise
        self._on_outcome(None)
        return content

    @property
    def quick_timeout_s(self) -> float:
        """For requests that start nothing."""
        return min(self.options.request_timeout, QUICK_TIMEOUT_S)

    async def websocket(self, path: str, protocols: tuple[str, ...], *, max_bytes: int) -> WebSocket:
        """An open websocket. Raises GatewayUnavailable, and what ``refusal`` makes of a status."""
        url = f"{self.options.websocket_url}{path}"
        try:
            return await asyncio.wait_for(self._open(url, protocols, max_bytes), self.options.connect_timeout)
        except aiohttp.WSServerHandshakeError as error:
            raise refusal(error.status, b"", address=self.address) from error
        except _RedirectRefused as error:
            raise refusal(302, b"", address=self.address) from error
        except asyncio.TimeoutError:
            raise self._late(self.options.connect_timeout) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise self._unreachable(error) from error

    async def _open(self, url: str, protocols: tuple[str, ...], max_bytes: int) -> WebSocket:
        heartbeat_s = self.options.ws_ping_interval or None
        return await self._client().ws_connect(
            url, protocols=protocols, headers=self._headers(), heartbeat=heartbeat_s, max_msg_size=max_bytes
        )

    async def close(self) -> None:
        """Let go of all connections."""
        if self._session is not None:
            await self._session.close()

    async def _ask(self, method: str, path: str, body: Any, timeout_s: float, limit: int) -> bytes:
        times = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(timeout_s, self.options.connect_timeout))
        content = None if body is None else orjson.dumps(body)
        headers = {"Content-Type": "application/json", **self._headers()}
        asking = self._client().request(
            method, f"{self.options.url}{path}", data=content, headers=headers, timeout=times, allow_redirects=False
        )
        try:
            async with asking as answer:
                found = await self._body(answer, limit)
                if answer.status < 300:
                    return found
                raise refusal(answer.status, found, address=self.address, retry_after=answer.headers.get("Retry-After"))
        except asyncio.TimeoutError:
            raise self._late(timeout_s) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise self._unreachable(error) from error

    async def _body(self, answer: aiohttp.ClientResponse, limit: int) -> bytes:
        """Counted after decompression, which could make much of little."""
        pieces, size = [], 0
        async for piece in answer.content.iter_chunked(PIECE_BYTES):
            size += len(piece)
            if size > limit:
                raise GatewayRefused(f"The gateway {self.address} answers with more than {limit} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def _client(self) -> aiohttp.ClientSession:
        """The session, made in the running loop. Redirects would carry our credentials elsewhere: none is followed."""
        if self._session is None:
            tracing = aiohttp.TraceConfig()
            tracing.on_request_redirect.append(_refuse_redirect)
            jar = aiohttp.CookieJar(unsafe=True) if self.options.accept_cookies else aiohttp.DummyCookieJar()
            connector = aiohttp.TCPConnector(ssl=self._tls, limit=0)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=jar, trace_configs=[tracing])
        return self._session

    def _headers(self) -> dict[str, str]:
        options = self.options
        headers = dict(options.more_headers)
        if options.http_user is not None:
            pair = f"{options.http_user}:{options.http_pwd or ''}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        if self._token is not None:
            self._token = self._renewed(self._token)
            headers[options.auth_header_key] = f"{options.auth_scheme or ''} {self._token}".strip()
        return headers

    def _renewed(self, token: str) -> str:
        options = self.options
        try:
            return str(self._renewer.get_token(options.auth_header_key, options.auth_scheme, token))
        except Exception as error:  # noqa: BLE001 - an administrator's class; the token at hand may still do
            log.error("gateway token not renewed error=%s", type(error).__name__)
            return token

    def _late(self, waited_s: float) -> GatewayUnavailable:
        return GatewayUnavailable(f"The gateway {self.address} did not answer within {waited_s:.0f} s; try again")

    def _unreachable(self, error: Exception) -> GatewayUnavailable:
        reason = str(error) or type(error).__name__
        return GatewayUnavailable(f"The gateway {self.address} cannot be reached: {reason[:300]}")


class _RedirectRefused(aiohttp.ClientError):
    """The gateway wanted to send us elsewhere."""


async def _refuse_redirect(session: aiohttp.ClientSession, context: SimpleNamespace, params: Any) -> None:
    raise _RedirectRefused


def _tls(options: GatewayClient) -> ssl.SSLContext:
    """Raises TraitError for files that cannot be used."""
    try:
        context = ssl.create_default_context(cafile=options.ca_certs or None)
        if options.client_cert:
            context.load_cert_chain(options.client_cert, options.client_key or None)
    except (OSError, ValueError) as error:
        raise TraitError(f"GatewayClient.ca_certs, client_cert or client_key cannot be used: {error}") from error
    if not options.validate_cert:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _renewer(name: str, config: Config) -> Any:
    """An object with ``get_token``. Raises TraitError."""
    if not name or name.endswith(".NoOpTokenRenewer"):
        return NoOpTokenRenewer(config=config)
    try:
        made = import_item(name)(config=config)
    except Exception as error:
        raise TraitError(f"gateway_token_renewer_class: {name} cannot be used: {error}") from error
    if not callable(getattr(made, "get_token", None)):
        raise TraitError(f"gateway_token_renewer_class: {name} has no get_token")
    return made
