"""Terminals: ``/api/terminals``, the page, and the websocket between them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import base_url, requires, services
from flasknb.blueprints.guard import FOREIGN_SITES
from flasknb.blueprints.rendering import encoded, render_page
from flasknb.blueprints.request_body import json_body, text_field
from flasknb.blueprints.sockets import Upgrade, prepare_websockets, sockets
from flasknb.blueprints.visitor import current_login, owner_name, stays_welcome
from flasknb.blueprints.wording import say_finished
from flasknb.errors import BadRequest, EntryMissing, NotAllowed, TerminalMissing
from flasknb.kernel_bridge.evictions import closed_when_unwelcome
from flasknb.kernel_bridge.terminal_socket import MAX_MESSAGE_BYTES, run_terminal
from flasknb.kernel_bridge.terminals import TerminalRequest, TerminalStream, is_terminal_name, shell_settings

if TYPE_CHECKING:
    from flasknb.kernel_bridge.websocket import WebSocket

bp = Blueprint("terminals", __name__)

WEBSOCKET_RULE = "/terminals/websocket/<name>"


@bp.before_request
def refuse_where_disabled() -> None:
    """Without the option ``terminals_enabled`` there is nothing here. Raises EntryMissing."""
    if not services().settings.server.terminals_enabled:
        raise EntryMissing("Not Found")


@bp.get("/api/terminals")
@requires("terminals", "read")
def list_terminals() -> ResponseReturnValue:
    """Every terminal."""
    bridge = services().bridge
    bridge.expect_use()
    return jsonify([] if bridge.status_of_none() else [terminal.to_json() for terminal in bridge.terminals.list()])


@bp.post("/api/terminals")
@requires("terminals", "write")
def create_terminal() -> ResponseReturnValue:
    """Start a terminal; an empty body means the next number, in the root folder."""
    return jsonify(services().bridge.terminals.create(_terminal_request(json_body() or {})).to_json())


@bp.get("/api/terminals/<name>")
@requires("terminals", "read")
def get_terminal(name: str) -> ResponseReturnValue:
    """One terminal."""
    return jsonify(services().bridge.terminals.get(name).to_json())


@bp.delete("/api/terminals/<name>")
@requires("terminals", "write")
def delete_terminal(name: str) -> ResponseReturnValue:
    """End a terminal and what runs in it."""
    services().bridge.terminals.delete(name)
    return "", 204


@bp.get("/terminals/<name>")
@requires("terminals", "execute")
def terminal(name: str) -> ResponseReturnValue:
    """The page of a terminal; one that does not exist is started."""
    if not is_terminal_name(name):
        raise EntryMissing(f"No terminal can be called {name[:100]!r}: letters, digits and _ make a name")
    if request.method == "GET":
        _find_or_start(name)
    title = say_finished(f"Terminal {name}")
    page = render_page("terminal.html", page_entry="terminal", page_title=title, body_data=_page_data(name))
    page.call_on_close(prepare_websockets)
    return page


@bp.get(WEBSOCKET_RULE)
@requires("terminals", "execute")
def refuse_plain_get(name: str) -> ResponseReturnValue:
    """Whoever asks for the terminal's websocket without one."""
    raise BadRequest('Can "Upgrade" only to "WebSocket".')


@sockets.route(WEBSOCKET_RULE, bp)
@requires("terminals", "execute")
def terminal_websocket(upgrade: Upgrade, name: str) -> None:
    """Find the terminal first, so that a missing one is a 404, then upgrade and carry messages until an end."""
    stream = services().bridge.terminals.open_stream(name)
    websocket = _accepted(upgrade, stream)
    with closed_when_unwelcome(websocket, stays_welcome()):
        run_terminal(websocket, stream)


def _accepted(upgrade: Upgrade, stream: TerminalStream) -> WebSocket:
    """The open websocket; the stream ends when there is none."""
    try:
        return upgrade.accept(subprotocol="", max_message_bytes=MAX_MESSAGE_BYTES)
    except BaseException:
        stream.release()
        raise


def _terminal_request(body: dict[str, Any]) -> TerminalRequest:
    """The terminal that ``body`` asks for. Raises BadRequest, TerminalFailed."""
    command, kind = shell_settings(services().settings.server.terminado_settings)
    return TerminalRequest(
        name=text_field(body, "name") or None,
        cwd=text_field(body, "cwd") or "",
        server_url=f"{request.scheme}://{request.host}{base_url()}",
        command=command,
        type=kind,
        is_login_shell=not (sys.stdout and sys.stdout.isatty()),
        owner=owner_name(),
    )


def _find_or_start(name: str) -> None:
    """A link on another site shows a terminal that runs; it starts none. Raises NotAllowed."""
    terminals, login = services().bridge.terminals, current_login()
    is_by_token = login is not None and login.by_token
    if is_by_token or request.headers.get("Sec-Fetch-Site") not in FOREIGN_SITES:
        terminals.create(_terminal_request({"name": name}))
        return
    try:
        terminals.get(name)
    except TerminalMissing as error:
        raise NotAllowed("Another site may not start a terminal: start it on the dashboard") from error


def _page_data(name: str) -> dict[str, str]:
    data = {
        "base-url": encoded(unquote(base_url())),
        "ws-url": encoded(services().settings.server.websocket_url),
        "ws-path": encoded(f"terminals/websocket/{name}"),
    }
    token = services().identity.token_for_pages()
    return {"jupyter-api-token": encoded(token), **data} if token and current_login() else data
