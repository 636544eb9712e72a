"""Websocket routes in Flask-Sock's manner, with the decision to upgrade left to the view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from flasknb.blueprints.websocket_settings import websocket_settings
from flasknb.kernel_bridge.bridge import CarriedWebsocket
from flasknb.kernel_bridge.open_websockets import offered_protocols
from flasknb.kernel_bridge.server_socket import socket_of
from flasknb.kernel_bridge.ws_handshake import accepting

if TYPE_CHECKING:
    from flasknb.kernel_bridge.websocket import WebSocket

Take = Callable[[int, Mapping[str, Any]], CarriedWebsocket | None]


def prepare_websockets() -> None:
    """Import what websockets need that are carried here, so that the first one does not wait for it."""
    import flasknb.kernel_bridge.websocket  # noqa: F401


class Upgrade:
    """A websocket handshake that nobody has answered yet. Belongs to one request."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self._environ = environ
        self._websocket: WebSocket | None = None
        self._passed_kind = ""

    @property
    def offered_protocols(self) -> Sequence[str]:
        """The subprotocols the client names, in its order."""
        return offered_protocols(self._environ)

    def accept(self, **options: Any) -> WebSocket:
        """Answer with 101; ``options`` are those of ``WebSocket``, some of which the mount's settings know.

        Raises:
            BadRequest: the request is no websocket handshake, or the server has no socket to give.
        """
        from flasknb.kernel_bridge.websocket import WebSocket

        self._websocket = WebSocket(self._environ, **{**websocket_settings(), **options})
        return self._websocket

    def pass_on(self, subprotocol: str, max_message_bytes: int, take: Take) -> CarriedWebsocket | None:
        """Have another process answer and carry the websocket; ``None``: it must be accepted here.

        Args:
            take: gets the socket's descriptor and what is agreed with the page, in the words of ``WebsocketTerms``;
                returns ``None`` where nobody can carry it.
        """
        settings = websocket_settings()
        answer, connection = accepting(self._environ, subprotocol), socket_of(self._environ)
        if answer is None or connection is None or settings.pop("compression") is not None:
            return None
        agreed = {"answer": answer, "protocol": subprotocol, "max_message_bytes": max_message_bytes, **settings}
        carried = take(connection.descriptor, agreed)
        if carried is not None:
            connection.let_go()
            self._passed_kind = connection.kind
        return carried

    @property
    def server_kind(self) -> str:
        """Which kind of WSGI server gave its socket away: ``gunicorn``, ``werkzeug`` or another."""
        return self._websocket.mode if self._websocket else self._passed_kind


class Sockets:
    """What Flask-Sock's object of this name is for apps, for the blueprints of a mount.

    Flask-Sock itself accepts before the view runs and takes its options from the configuration of the whole app. Here
    a view gets the ``Upgrade`` first: what it raises before ``accept`` is an ordinary HTTP answer, and subprotocol and
    limits are the mount's own.
    """

    @staticmethod
    def route(path: str, bp: Blueprint, **options: Any) -> Callable[[Callable[..., None]], None]:
        """Serve websockets at ``path`` of ``bp``: ``view(upgrade, **arguments)`` runs until the websocket ends."""

        def register(view: Callable[..., None]) -> None:
            @wraps(view)
            def answer(**arguments: Any) -> Response:
                upgrade = Upgrade(request.environ)
                view(upgrade, **arguments)
                return AlreadyAnswered(upgrade.server_kind)

            bp.route(path, **options, websocket=True)(answer)

        return register


class AlreadyAnswered(Response):
    """What a view returns whose connection was a websocket: each server has its own way to be told to let go of it."""

    def __init__(self, server_kind: str) -> None:
        super().__init__()
        self._server_kind = server_kind

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """gunicorn closes on StopIteration, Werkzeug finds the socket shut while it writes, pywsgi needs no answer."""
        if self._server_kind == "gunicorn":
            raise StopIteration
        if self._server_kind == "werkzeug":
            return super().__call__(environ, start_response)
        return []


sockets = Sockets()
