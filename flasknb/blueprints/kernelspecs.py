"""``/api/kernelspecs`` and the files that kernel specifications bring along."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from flask import Blueprint, jsonify, send_file
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import mount_url, requires, services
from flasknb.extensions.assets import find_file
from flasknb.kernel_bridge.models import KernelSpecModel

bp = Blueprint("kernelspecs", __name__)

LOGO_LIFETIME_S = 2_592_000
WHOLE_NAMES = frozenset({"kernel.js", "kernel.css"})


@bp.get("/api/kernelspecs")
@requires("kernelspecs", "read")
def list_kernelspecs() -> ResponseReturnValue:
    """Every specification, read from disk anew, and which one is the default."""
    found = services().bridge.kernel_specs()
    return jsonify(
        {"default": found.default, "kernelspecs": {name: _model(spec) for name, spec in found.specs.items()}}
    )


@bp.get("/api/kernelspecs/<name>")
@requires("kernelspecs", "read")
def get_kernelspec(name: str) -> ResponseReturnValue:
    """One specification."""
    return jsonify(_model(services().bridge.kernel_spec(name)))


@bp.get("/kernelspecs/<name>/<path:path>")
@requires("kernelspecs", "read")
def resource(name: str, path: str) -> ResponseReturnValue:
    """A logo or script of a specification; nothing outside its folder."""
    found = find_file([Path(services().bridge.kernel_spec(name).resource_dir)], path)
    answer = send_file(found, conditional=True)
    if found.suffix == ".png":
        answer.headers["Cache-Control"] = f"private, max-age={LOGO_LIFETIME_S}"
    return answer


def _model(spec: KernelSpecModel) -> dict[str, Any]:
    resources = {
        file if file in WHOLE_NAMES else PurePosixPath(file).stem: mount_url(
            "kernelspecs.resource", name=spec.name, path=file
        )
        for file in spec.resources
    }
    return {"name": spec.name, "spec": spec.spec, "resources": resources}
