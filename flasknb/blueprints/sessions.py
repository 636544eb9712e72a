"""``/api/sessions``: documents and the kernels they are connected to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import mount_url, requires, services
from flasknb.blueprints.kernels import kernel_request
from flasknb.blueprints.request_body import json_body, object_field, text_field
from flasknb.errors import BadRequest, KernelMissing
from flasknb.kernel_bridge.models import SessionChange, SessionRequest

bp = Blueprint("sessions", __name__, url_prefix="/api/sessions")


@bp.get("")
@requires("sessions", "read")
def list_sessions() -> ResponseReturnValue:
    """Every session whose kernel is there."""
    bridge = services().bridge
    bridge.expect_use()
    return jsonify([] if bridge.status_of_none() else [session.to_json() for session in bridge.list_sessions()])


@bp.post("")
@requires("sessions", "write")
def create_session() -> ResponseReturnValue:
    """Open a session; a path that has one gets that one."""
    session = services().bridge.create_session(_session_request(json_body(required=True) or {}))
    return jsonify(session.to_json()), 201, {"Location": mount_url("sessions.get_session", session_id=session.id)}


@bp.get("/<session_id>")
@requires("sessions", "read")
def get_session(session_id: str) -> ResponseReturnValue:
    """One session."""
    return jsonify(services().bridge.get_session(session_id).to_json())


@bp.patch("/<session_id>")
@requires("sessions", "write")
def update_session(session_id: str) -> ResponseReturnValue:
    """Change path, name, type or kernel."""
    before = services().bridge.get_session(session_id)
    change = _session_change(json_body(required=True) or {}, before.path)
    return jsonify(services().bridge.update_session(session_id, change).to_json())


@bp.delete("/<session_id>")
@requires("sessions", "write")
def delete_session(session_id: str) -> ResponseReturnValue:
    """End the session and its kernel."""
    services().bridge.delete_session(session_id)
    return "", 204


def _session_request(body: dict[str, Any]) -> SessionRequest:
    """The session that ``body`` asks for, also in the spelling ``{"notebook": {"path": ...}}``."""
    body = _without_legacy_notebook(body)
    path, kind = text_field(body, "path"), text_field(body, "type")
    for field, value in (("path", path), ("type", kind)):
        if value is None:
            raise BadRequest(f"Missing field in JSON data: {field}")
    kernel = object_field(body, "kernel") or {}
    return SessionRequest(
        path=path or "",
        type=kind or "",
        name=text_field(body, "name") or "",
        kernel_id=text_field(kernel, "id") or None,
        kernel=kernel_request({"name": text_field(kernel, "name")}, path=path or ""),
    )


def _without_legacy_notebook(body: dict[str, Any]) -> dict[str, Any]:
    notebook = object_field(body, "notebook")
    if notebook is None:
        return body
    path = text_field(notebook, "path") or text_field(notebook, "name")
    return {**body, "path": path, "type": body.get("type") or "notebook"}


def _session_change(body: dict[str, Any], path_before: str) -> SessionChange:
    body = {key: value for key, value in body.items() if value is not None}
    if "path" not in body:  # a whole model that was sent back has both, and its path is the newer one
        body = _without_legacy_notebook(body)
    path = text_field(body, "path")
    kernel = object_field(body, "kernel") or {}
    kernel_id, kernel_name = text_field(kernel, "id"), text_field(kernel, "name")
    wants_new_kernel = bool(kernel_name) and not kernel_id
    if kernel_id:
        _require_kernel(kernel_id)
    return SessionChange(
        path=path,
        name=text_field(body, "name"),
        type=text_field(body, "type"),
        kernel_id=kernel_id or None,
        kernel=kernel_request({"name": kernel_name}, path=path or path_before) if wants_new_kernel else None,
    )


def _require_kernel(kernel_id: str) -> None:
    """A patch that names an unknown kernel is the client's mistake. Raises BadRequest."""
    try:
        services().bridge.get_kernel(kernel_id)
    except KernelMissing as error:
        raise BadRequest(f"No such kernel: {kernel_id[:60]}") from error
