"""``/files``: the bytes of a file; ``/view``: a page that shows one in a frame that cannot reach ours."""

from __future__ import annotations

from contextlib import ExitStack
from typing import BinaryIO
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import FileWrapper

from flasknb.auth.headers import content_security_policy
from flasknb.blueprints.context import base_url, requires, services
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.rendering import render_page
from flasknb.contents import operations
from flasknb.contents.downloads import Download, open_download
from flasknb.contents.operations import Wanted

bp = Blueprint("files", __name__)

PIECE_BYTES = 256 * 1024


@bp.get("/files/<path:api_path>")
@requires("contents", "read")
def download(api_path: str) -> ResponseReturnValue:
    """The file's bytes, or the range of them that is asked for."""
    contents = services().contents
    opened = off_the_loop(lambda: open_download(contents, api_path))
    answer = _streamed(opened)
    if opened.is_only_saved or request.args.get("download"):
        answer.headers["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(opened.name, safe='')}"
    return answer


@bp.get("/view/<path:api_path>")
@requires("contents", "read")
def view(api_path: str) -> ResponseReturnValue:
    """A page around the file."""
    contents = services().contents
    entry = off_the_loop(lambda: operations.read(contents, api_path, Wanted(content=False)))
    return render_page(
        "view.html", page_entry="", page_title=entry["name"], file_url=url_for(".download", api_path=entry["path"])
    )


class PatientFile:
    """A file whose reads do not stop the worker. One greenlet or thread."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.close, self.seek, self.seekable, self.tell = file.close, file.seek, file.seekable, file.tell

    def read(self, size_bytes: int) -> bytes:
        """The next bytes, at most ``size_bytes``."""
        return off_the_loop(lambda: self._file.read(size_bytes))


def _streamed(opened: Download) -> Response:
    answer = current_app.response_class(
        FileWrapper(PatientFile(opened.file), PIECE_BYTES),  # type: ignore[arg-type]
        mimetype=opened.mimetype,
        direct_passthrough=True,
    )
    if opened.mimetype == "text/plain":
        answer.content_type = "text/plain; charset=UTF-8"
    answer.content_length = opened.size_bytes
    answer.last_modified = opened.last_modified
    answer.set_etag(opened.version)
    answer.headers["Content-Security-Policy"] = content_security_policy(base_url(), is_sandboxed=True)
    if "v" not in request.args:
        answer.cache_control.no_cache = True
    answer.call_on_close(opened.file.close)
    with ExitStack() as on_refusal:  # a range that does not exist is an error, and nobody else closes the file then
        on_refusal.callback(opened.file.close)
        answer.make_conditional(request, accept_ranges=True, complete_length=opened.size_bytes)
        on_refusal.pop_all()
    return answer
