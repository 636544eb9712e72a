"""``/api/spec.yaml``: the REST API described for programs."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from flasknb import __version__
from flasknb.blueprints.context import base_url, requires
from flasknb.openapi.document import as_yaml

bp = Blueprint("openapi", __name__)


@bp.get("/api/spec.yaml")
@requires("api", "read")
def spec() -> Response:
    """The OpenAPI document, with the address of this mount."""
    return current_app.response_class(as_yaml(__version__, base_url()), mimetype="text/x-yaml")
