"""``/api/kernels``: start, list, interrupt, restart, shut down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import mount_url, requires, services
from flasknb.blueprints.errors import error_answer
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.request_body import json_body, object_field, text_field
from flasknb.blueprints.visitor import owner_name
from flasknb.errors import BadRequest, KernelSpecMissing
from flasknb.kernel_bridge.models import KernelRequest

bp = Blueprint("kernels", __name__, url_prefix="/api/kernels")

MAX_ENV_VARIABLES = 200


@bp.errorhandler(KernelSpecMissing)
def answer_unknown_kernel(error: KernelSpecMissing) -> Response:
    """Clients know this one as a 500: the kernel could not be started."""
    return error_answer(500, error.message, error.reason, error.fields)


@bp.get("")
@requires("kernels", "read")
def list_kernels() -> ResponseReturnValue:
    """Every kernel."""
    bridge = services().bridge
    bridge.expect_use()
    return jsonify([] if bridge.status_of_none() else [kernel.to_json() for kernel in bridge.list_kernels()])


@bp.post("")
@requires("kernels", "write")
def start_kernel() -> ResponseReturnValue:
    """Start a kernel; an empty body means the default one in the root folder."""
    kernel = services().bridge.start_kernel(kernel_request(json_body() or {}))
    return jsonify(kernel.to_json()), 201, {"Location": mount_url("kernels.get_kernel", kernel_id=kernel.id)}


@bp.get("/<uuid:kernel_id>")
@requires("kernels", "read")
def get_kernel(kernel_id: UUID) -> ResponseReturnValue:
    """One kernel."""
    return jsonify(services().bridge.get_kernel(str(kernel_id)).to_json())


@bp.delete("/<uuid:kernel_id>")
@requires("kernels", "write")
def shutdown_kernel(kernel_id: UUID) -> ResponseReturnValue:
    """End a kernel."""
    services().bridge.shutdown_kernel(str(kernel_id))
    return "", 204


@bp.post("/<uuid:kernel_id>/interrupt")
@requires("kernels", "write")
def interrupt_kernel(kernel_id: UUID) -> ResponseReturnValue:
    """Stop what runs now; variables stay."""
    services().bridge.interrupt_kernel(str(kernel_id))
    return "", 204


@bp.post("/<uuid:kernel_id>/restart")
@requires("kernels", "write")
def restart_kernel(kernel_id: UUID) -> ResponseReturnValue:
    """A fresh process under the same id."""
    return jsonify(services().bridge.restart_kernel(str(kernel_id)).to_json())


def kernel_request(body: dict[str, Any], *, path: str | None = None) -> KernelRequest:
    """The kernel that ``body`` asks for; it starts in the folder of ``path`` (an API path, default: the body's own).

    Raises:
        BadRequest: a field of the wrong type, or an id that is no UUID.
    """
    api_path = (text_field(body, "path") if path is None else path) or ""
    find_folder = services().working_directory
    return KernelRequest(
        name=text_field(body, "name") or None,
        kernel_id=uuid_field(body, "kernel_id"),
        disk_cwd=off_the_loop(lambda: find_folder(api_path), opens_notebooks=False),
        env=_environment(object_field(body, "env") or {}),
        owner=owner_name(),
    )


def uuid_field(body: dict[str, Any], name: str) -> str | None:
    """The UUID ``body[name]`` in its canonical spelling. Raises BadRequest."""
    value = text_field(body, name)
    if not value:
        return None
    try:
        return str(UUID(value))
    except ValueError:
        raise BadRequest(f"{name} must be a UUID, not {value[:60]!r}") from None


def _environment(env: dict[str, Any]) -> dict[str, str]:
    is_plain = all(
        isinstance(value, str) and "\0" not in name + value and "=" not in name for name, value in env.items()
    )
    if not is_plain or len(env) > MAX_ENV_VARIABLES:
        raise BadRequest(f"env must be an object of at most {MAX_ENV_VARIABLES} texts")
    return env
