"""``/api/kept-outputs``: outputs that could not be put into their notebook, until somebody decides."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import requires, services
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.visitor import owner_name
from flasknb.contents.paths import clean_path

bp = Blueprint("kept_outputs", __name__, url_prefix="/api/kept-outputs")


@bp.get("/<path:api_path>")
@requires("contents", "read")
def get_kept(api_path: str) -> ResponseReturnValue:
    """The cells that are kept for a notebook, none where there are none."""
    kept, path, owner = services().kept_outputs, clean_path(api_path), owner_name()
    return jsonify({"cells": off_the_loop(lambda: kept.of(path, owner), opens_notebooks=False)})


@bp.delete("/<path:api_path>")
@requires("contents", "write")
def discard_kept(api_path: str) -> ResponseReturnValue:
    """Forget them."""
    services().kept_outputs.discard(clean_path(api_path), owner_name())
    return "", 204
