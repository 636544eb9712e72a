"""A short way to one small answer that programs ask for again and again: ``GET /api/status`` with the token.

It answers what the guard surely lets in, and says what the long way says, header by header; a test holds one against
the other. Whatever is the least bit unusual goes the long way: another header, a cookie, an origin, a query, somebody's
own identity provider, authorizer, headers or hooks, figures that the sidecar has to be asked for. It refuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.signals import got_request_exception, request_finished, request_started, request_tearing_down
from werkzeug.http import generate_etag, quote_etag

from flasknb.auth.authorizer import AllowAllAuthorizer
from flasknb.auth.credentials import Credentials
from flasknb.auth.headers import FOR_EVERY_ANSWER, content_security_policy
from flasknb.auth.identity import IdentityProvider, PasswordIdentityProvider
from flasknb.auth.user import USER_VARIABLE
from flasknb.blueprints.guard import is_host_allowed
from flasknb.blueprints.status import status_json
from flasknb.blueprints.visitor import login_cookie

if TYPE_CHECKING:
    from flasknb.blueprints.context import Services

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

HANDLER = "status.status"
PLAIN_HEADERS = frozenset(
    f"HTTP_{name}"
    for name in ("HOST", "ACCEPT", "ACCEPT_ENCODING", "ACCEPT_LANGUAGE", "AUTHORIZATION", "CONNECTION", "USER_AGENT")
)
SIGNALS = (request_started, request_finished, request_tearing_down, got_request_exception)


class ShortWay:
    """WSGI middleware of an app that is nothing but one mount. Any thread."""

    def __init__(self, app: Flask, services: Services) -> None:
        """Call this when the app is complete: it is compared with what it was now."""
        self._long_way: Application = app.wsgi_app
        self._app, self._services = app, services
        self._hooks = _hooks_of(app)
        self._path = f"{services.settings.url_prefix}/api/status"
        self._is_open: bool | None = None
        base_url = f"{services.settings.url_prefix}/"
        self._headers = (
            *FOR_EVERY_ANSWER.items(),
            ("Content-Security-Policy", content_security_policy(base_url, is_api=True)),
            ("Cache-Control", "no-store"),
            ("Vary", "Cookie"),
        )

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") == self._path:
            began_s = monotonic()
            answer = self._answer(environ)
            if answer is not None:
                body, headers = answer
                self._count(environ, monotonic() - began_s)
                start_response("200 OK", headers)
                return [body]
        return self._long_way(environ, start_response)

    def _answer(self, environ: dict[str, Any]) -> tuple[bytes, list[tuple[str, str]]] | None:
        """Body and headers; ``None``: ask the long way."""
        if not (self._is_ours_alone() and _is_plain(environ)):
            return None
        host = environ.get("HTTP_HOST", "")
        if not is_host_allowed(self._services.settings.server, host):
            return None
        identity = self._services.identity
        login = identity.identify(Credentials(authorization=environ.get("HTTP_AUTHORIZATION", "")))
        if login is None or not login.by_token:
            return None
        bridge = self._services.bridge
        status = bridge.shown_status() or bridge.status_of_none()
        if status is None:
            return None
        environ[USER_VARIABLE] = login.user.username
        body = status_json(status)
        cookie = login_cookie(
            identity, login, host, self._path.removesuffix("api/status"), is_https=environ["wsgi.url_scheme"] == "https"
        )
        return body, [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            *self._headers,
            ("Set-Cookie", cookie),
            ("ETag", quote_etag(generate_etag(body))),
        ]

    def _is_ours_alone(self) -> bool:
        """Whether nobody's code but ours has a say in requests. Flask takes no more hooks after its first answer."""
        if self._is_open is None:
            if not self._app._got_first_request:
                return False
            self._is_open = _hooks_of(self._app) == self._hooks and _is_as_shipped(self._services)
        return self._is_open and not any(signal.receivers for signal in SIGNALS)

    def _count(self, environ: dict[str, Any], duration_s: float) -> None:
        """What is done after every answer (``aftermath``)."""
        self._services.events.send_waiting()
        self._services.relay.start()
        self._services.request_times.observe(environ["REQUEST_METHOD"], HANDLER, 200, duration_s)


def _is_plain(environ: dict[str, Any]) -> bool:
    """Whether it is a GET that asks for nothing special, and comes from no page."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and not environ.get("QUERY_STRING")
        and not environ.get("SCRIPT_NAME")
        and environ.get("CONTENT_LENGTH") in (None, "", "0")
        and all(name in PLAIN_HEADERS for name in environ if name.startswith("HTTP_"))
    )


def _is_as_shipped(services: Services) -> bool:
    return (
        type(services.identity) in (IdentityProvider, PasswordIdentityProvider)
        and type(services.authorizer) is AllowAllAuthorizer
        and not services.settings.server.headers
        and not services.origins.is_configured()
    )


def _hooks_of(app: Flask) -> tuple[dict[Any, list[Any]], ...]:
    """Everything that has a say in each request of ``app``."""
    tables = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
        app.url_value_preprocessors,
        {None: app.teardown_appcontext_funcs},
    )
    return tuple({scope: list(functions) for scope, functions in table.items() if functions} for table in tables)
