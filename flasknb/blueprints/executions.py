"""``/api/kernels/<id>/…``: the queue, running code without a page, and what kernels have said, by number."""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import mount_url, requires, services
from flasknb.blueprints.request_body import json_body, text_field
from flasknb.blueprints.visitor import owner_name
from flasknb.contents.paths import clean_path
from flasknb.errors import BadRequest
from flasknb.kernel_bridge.executions import (
    MAX_MESSAGES,
    MAX_WAIT_S,
    CellsWanted,
    ExecuteRequest,
    KnownDocument,
    OutputsWanted,
)

bp = Blueprint("executions", __name__, url_prefix="/api/kernels/<uuid:kernel_id>")

MAX_CODE_CHARS = 10_000_000
MAX_ID_CHARS = 200


@bp.get("/queue")
@requires("kernels", "read")
def get_queue(kernel_id: UUID) -> ResponseReturnValue:
    """What runs since when, what waits, what is over."""
    return jsonify(services().bridge.executions.queue(str(kernel_id)))


@bp.delete("/queue/<msg_id>")
@requires("kernels", "execute")
def remove_waiting(kernel_id: UUID, msg_id: str) -> ResponseReturnValue:
    """Take an execution out of the queue."""
    services().bridge.executions.remove(str(kernel_id), msg_id)
    return "", 204


@bp.post("/execute")
@requires("kernels", "execute")
def execute(kernel_id: UUID) -> ResponseReturnValue:
    """Run code, now or after what waits already."""
    services().away.start()
    asked = services().bridge.executions.execute(str(kernel_id), _execute_request(json_body(required=True) or {}))
    where = mount_url(
        "executions.get_outputs",
        kernel_id=kernel_id,
        since=asked["seq"],
        epoch=asked["epoch"],
        msg_id=asked["msg_id"],
    )
    return jsonify(asked), 202, {"Location": where}


@bp.get("/outputs")
@requires("kernels", "execute")
def get_outputs(kernel_id: UUID) -> ResponseReturnValue:
    """Messages of the kernel after a number, waiting for the first where that is asked for."""
    wanted = OutputsWanted(
        since=_number("since", 0),
        epoch=request.args.get("epoch"),
        msg_id=request.args.get("msg_id"),
        wait_s=_seconds("wait_s"),
        limit=min(_number("limit", 1000), MAX_MESSAGES) or 1,
    )
    return jsonify(services().bridge.executions.outputs(str(kernel_id), wanted))


@bp.get("/cells")
@requires("kernels", "execute")
def get_cells(kernel_id: UUID) -> ResponseReturnValue:
    """The newest execution of each cell with what it has shown: what a page restores when it opens."""
    wanted = CellsWanted(
        session_id=request.args.get("session_id"),
        ended_after_ms=_number("ended_after_ms", 0),
        content_hash=request.args.get("hash"),
    )
    answer = services().bridge.executions.cells(str(kernel_id), wanted)
    path = clean_path(request.args.get("path", ""))
    return jsonify({**answer, "has_kept": bool(path) and services().kept_outputs.has(path, owner_name())})


@bp.put("/document")
@requires("contents", "write")  # to these bytes, and no others, outputs may be added
def note_document(kernel_id: UUID) -> ResponseReturnValue:
    """A page has read or saved the document of a session: these are the bytes it knows."""
    body = json_body(required=True) or {}
    known = KnownDocument(_required_id(body, "hash"), seq=_whole(body, "seq"), saved_ms=_whole(body, "saved_ms") or 0)
    services().bridge.executions.note_document(str(kernel_id), _required_id(body, "session_id"), known)
    return "", 204


def _execute_request(body: dict[str, Any]) -> ExecuteRequest:
    code = text_field(body, "code")
    if code is None or not code.strip():
        raise BadRequest("code is missing or blank: it is the text to run")
    if len(code) > MAX_CODE_CHARS:
        raise BadRequest(f"code has {len(code)} characters; at most {MAX_CODE_CHARS} are run at once")
    return ExecuteRequest(
        code=code,
        cell_id=_id(body, "cell_id"),
        session_id=_id(body, "session_id"),
        silent=_flag(body, "silent", default=False),
        store_history=_flag(body, "store_history", default=True),
        stop_on_error=_flag(body, "stop_on_error", default=True),
    )


def _flag(body: dict[str, Any], name: str, *, default: bool) -> bool:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise BadRequest(f"{name} is true or false, not {str(value)[:40]!r}")
    return value


def _id(body: dict[str, Any], name: str) -> str | None:
    value = text_field(body, name)
    if value is not None and not 1 <= len(value) <= MAX_ID_CHARS:
        raise BadRequest(f"{name} has {len(value)} characters; 1 to {MAX_ID_CHARS} make sense")
    return value


def _whole(body: dict[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**18):
        raise BadRequest(f"{name} is a whole number, not {str(value)[:40]!r}")
    return value


def _required_id(body: dict[str, Any], name: str) -> str:
    value = _id(body, name)
    if value is None:
        raise BadRequest(f"Missing field in JSON data: {name}")
    return value


def _number(name: str, default: int) -> int:
    given = request.args.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise BadRequest(f"{name} is a whole number, not {given[:40]!r}")
    return int(given)


def _seconds(name: str) -> float:
    given = request.args.get(name, "0")
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise BadRequest(f"{name} is a number of seconds, not {given[:40]!r}")
    return min(seconds, MAX_WAIT_S)
