"""``/files``: the bytes of a file; ``/view``: a page that shows one in a frame that cannot reach ours."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import requires, services
from flasknb.blueprints.foreign_pages import refuse_foreign_pages
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.plain_addresses import lead_to_plain_address
from flasknb.blueprints.policy import own_policy
from flasknb.blueprints.ranges import asked_part
from flasknb.blueprints.rendering import render_page
from flasknb.blueprints.streaming import attachment, streamed
from flasknb.contents import operations
from flasknb.contents.downloads import Download, open_download
from flasknb.errors import EntryMissing

bp = Blueprint("files", __name__)

VERSIONED = "private, max-age=315360000"  # ``v`` in an address says that other bytes get another address

LINK_POLICY = "strict-origin"  # pages in files link to each other, and what they open must be known as asked for by us


@bp.get("/files/<path:api_path>")
@requires("contents", "read")
def download(api_path: str) -> ResponseReturnValue:
    """The file's bytes, or the range of them that is asked for."""
    refuse_foreign_pages()
    contents = services().contents
    opened = off_the_loop(lambda: open_download(contents, api_path))
    answer = _streamed(opened)
    if opened.is_only_saved or request.args.get("download"):
        answer.headers["Content-Disposition"] = attachment(opened.name)
    return answer


@bp.get("/view/<path:api_path>")
@requires("contents", "read")
def view(api_path: str) -> ResponseReturnValue:
    """A page around the file."""
    if (elsewhere := lead_to_plain_address()) is not None:
        return elsewhere
    contents = services().contents
    entry = off_the_loop(lambda: operations.read_for_page(contents, api_path))
    if entry["type"] == "directory":
        raise EntryMissing(f"File does not exist: {entry['path']}")
    return render_page(
        "view.html", page_entry="", page_title=entry["name"], file_url=url_for(".download", api_path=entry["path"])
    )


def _streamed(opened: Download) -> Response:
    with ExitStack() as on_refusal:  # a range that does not exist is an error, and nobody else closes the file then
        on_refusal.callback(opened.file.close)
        part = _asked_part(opened)
        opened.file.seek(part[0] if part else 0)
        on_refusal.pop_all()
    answer = streamed(opened.file, part[1] if part else opened.size_bytes, opened.mimetype)
    if part:
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {part[0]}-{part[0] + part[1] - 1}/{opened.size_bytes}"
    _describe(answer, opened)
    if not part:
        answer.make_conditional(request)
    return answer


def _asked_part(opened: Download) -> tuple[int, int] | None:
    """First byte and length of what is asked for; ``None`` for all, and where the client's part is of older bytes."""
    header = request.headers.get("Range")
    if header is None or request.method != "GET":
        return None
    known = request.if_range
    is_other = (known.etag is not None and known.etag != opened.version) or (
        known.date is not None and known.date < opened.last_modified
    )
    return None if is_other else asked_part(header, opened.size_bytes)


def _describe(answer: Response, opened: Download) -> None:
    if opened.mimetype == "text/plain":
        answer.content_type = "text/plain; charset=UTF-8"
    answer.accept_ranges = "bytes"
    answer.last_modified = opened.last_modified
    answer.set_etag(opened.version)
    answer.headers["Content-Security-Policy"] = own_policy(is_sandboxed=True)
    answer.headers["Referrer-Policy"] = LINK_POLICY
    answer.headers["Cache-Control"] = VERSIONED if "v" in request.args else "no-cache"
