"""``POST /api/contents/<path>/merge``: a page's notebook and the file, merged by nbdime in a process of its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from flasknb.blueprints.context import requires, services
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.presence import absence_check
from flasknb.blueprints.request_body import body_bytes, object_field, object_in
from flasknb.blueprints.streaming import streamed
from flasknb.contents import operations
from flasknb.contents.manager import ContentsManager
from flasknb.contents.models import to_json
from flasknb.contents.operations import Wanted
from flasknb.errors import BadRequest

bp = Blueprint("merging", __name__, url_prefix="/api/contents")

BODY = 'The body must hold two notebooks: {"base": what both versions came from, "mine": the version to merge in}'


@bp.post("/<path:api_path>/merge")
@requires("contents", "read")
def merge_notebook(api_path: str) -> Response:
    """Both versions' changes since ``base``. Nothing is written."""
    known = services()
    raw = body_bytes()
    versions, theirs_hash = off_the_loop(lambda: _versions(known.contents, api_path, raw))
    merged = known.converter.convert("merge", {"theirs_hash": theirs_hash}, versions, absence_check())
    answer = streamed(merged.file, merged.size_bytes, "application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _versions(contents: ContentsManager, api_path: str, raw: bytes) -> tuple[bytes, str | None]:
    """The JSON of all three versions, and the hash of the file."""
    sent: dict[str, Any] = object_in(raw) or {}
    base, mine = object_field(sent, "base"), object_field(sent, "mine")
    if base is None or mine is None:
        raise BadRequest(BODY)
    model = operations.read(contents, api_path, Wanted(type="notebook", hash=True))
    return to_json({"base": base, "mine": mine, "theirs": model["content"]}), model.get("hash")
