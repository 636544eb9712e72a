"""``/nbconvert``: notebooks converted by nbconvert, in a process of its own; ``/api/nbconvert``: what it can make."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import mount_url, requires, services
from flasknb.blueprints.foreign_pages import refuse_foreign_pages
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.plain_addresses import lead_to_plain_address
from flasknb.blueprints.policy import own_policy
from flasknb.blueprints.presence import absence_check
from flasknb.blueprints.request_body import json_body, object_field, text_field
from flasknb.blueprints.streaming import attachment, streamed
from flasknb.contents import operations
from flasknb.contents.models import to_json
from flasknb.contents.operations import Wanted
from flasknb.conversion.naming import export_details
from flasknb.errors import BadRequest, FrontEndMissing

bp = Blueprint("nbconvert", __name__)
bp.before_request(lead_to_plain_address)

NEVER_KEPT = "no-store, no-cache, must-revalidate, max-age=0"
TRUE = "true"


@bp.get("/api/nbconvert")
@requires("nbconvert", "read")
def exporters() -> Response:
    """Every exporter with the type of its output."""
    found = services().converter.exporters(absence_check())
    return current_app.response_class(to_json(found), mimetype="application/json")


@bp.get("/nbconvert/<format>/<path:api_path>")
@requires("nbconvert", "read")
def convert_file(format: str, api_path: str) -> ResponseReturnValue:
    """A notebook on disk, converted; what is no notebook is sent as it is."""
    refuse_foreign_pages()
    known = services()
    model = off_the_loop(lambda: operations.read(known.contents, api_path, Wanted()))
    if model["type"] != "notebook":
        return redirect(mount_url("files.download", api_path=model["path"]))
    details = export_details(format, model["name"], model["last_modified"], known.working_directory(model["path"]))
    answer = _converted(details | _wishes(), off_the_loop(lambda: to_json(model["content"])))
    answer.last_modified = model["last_modified"]
    return answer


@bp.post("/nbconvert/<format>")
@requires("nbconvert", "write")
def convert_body(format: str) -> ResponseReturnValue:
    """A posted notebook, converted."""
    model = cast("dict[str, Any]", json_body(required=True))
    content = object_field(model, "content")
    if content is None:
        raise BadRequest('The body must hold a notebook: {"content": …, "name": "x.ipynb"}')
    details = export_details(format, text_field(model, "name") or "", None, None) | _wishes()
    return _converted(details, off_the_loop(lambda: to_json(content)))


def _is_download() -> bool:
    return request.args.get("download", "").lower() == TRUE


def _wishes() -> dict[str, Any]:
    """What the address says about the result, and where a page that is only looked at finds its scripts."""
    sanitize = request.args.get("sanitize_html")
    return {
        "sanitize": None if sanitize is None else sanitize.lower() == TRUE,
        "scripts": {} if _is_download() else _local_scripts(),
    }


def _local_scripts() -> dict[str, str]:
    if not services().converter.limits.use_local_scripts:
        return {}
    try:
        built = services().assets.built_name
        mathjax = mount_url("assets.built", path=f"{built('mathjax')}tex-mml-chtml.js")
        shim = mount_url("assets.static", path="nbconvert/mathjax.js", **{"from": mathjax})
        return {"mathjax_url": shim, "require_js_url": mount_url("assets.built", path=built("require.js"))}
    except FrontEndMissing:
        return {}


def _converted(details: dict[str, Any], notebook: bytes) -> Response:
    known = services()
    converted = known.converter.convert("export", details, notebook, absence_check())
    made = converted.result.values
    answer = streamed(converted.file, converted.size_bytes, made["mimetype"])
    if not made["is_zip"]:
        answer.content_type = f"{made['mimetype']}; charset=utf-8"
    if made["is_zip"] or _is_download():
        answer.headers["Content-Disposition"] = attachment(made["filename"])
    answer.headers["Cache-Control"] = NEVER_KEPT
    answer.headers["Referrer-Policy"] = "strict-origin"
    is_sandboxed = known.settings.server.nbconvert_csp_sandbox
    answer.headers["Content-Security-Policy"] = own_policy(is_sandboxed=is_sandboxed)
    return answer
