"""``/api/resolvePath``: where a path of a traceback is, so that a client can open it."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import requires, services
from flasknb.blueprints.offload import off_the_loop
from flasknb.contents import operations
from flasknb.errors import BadRequest, KernelMissing

bp = Blueprint("resolving", __name__)


@bp.get("/api/resolvePath")
@requires("api", "read")
def resolve() -> ResponseReturnValue:
    """``path`` as the server serves it. No kernel of ours says where its files are; an unknown one is named."""
    path, kernel_id = request.args.get("path"), request.args.get("kernel", "")
    if path is None:
        raise BadRequest("Missing argument path")
    contents = services().contents
    found = off_the_loop(lambda: operations.resolve(contents, path))
    answer: dict[str, object] = {"resolved": [] if found is None else [{"scope": "server", "path": found}]}
    if kernel_id and not _is_kernel(kernel_id):
        answer["unresolved"] = [{"scope": "kernel", "reason": f"Kernel {kernel_id[:60]} could not be found"}]
    return jsonify(answer)


def _is_kernel(kernel_id: str) -> bool:
    try:
        services().bridge.get_kernel(kernel_id)
    except KernelMissing:
        return False
    return True
