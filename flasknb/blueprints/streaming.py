"""Answers that are files: sent piece by piece without stopping the worker, saved under the name they have."""

from __future__ import annotations

from typing import BinaryIO
from urllib.parse import quote

from flask import Response, current_app
from werkzeug.wsgi import FileWrapper

from flasknb.blueprints.offload import off_the_loop

PIECE_BYTES = 256 * 1024


class PatientFile:
    """A file whose reads do not stop the worker. One greenlet or thread."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.close, self.seek, self.seekable, self.tell = file.close, file.seek, file.seekable, file.tell

    def read(self, size_bytes: int) -> bytes:
        """The next bytes, at most ``size_bytes``."""
        return off_the_loop(lambda: self._file.read(size_bytes))


def streamed(file: BinaryIO, size_bytes: int, mimetype: str) -> Response:
    """An answer with the bytes of ``file``, which it closes."""
    answer = current_app.response_class(
        FileWrapper(PatientFile(file), PIECE_BYTES),  # type: ignore[arg-type]
        mimetype=mimetype,
        direct_passthrough=True,
    )
    answer.content_length = size_bytes
    answer.call_on_close(file.close)
    return answer


def attachment(name: str) -> str:
    """``Content-Disposition`` that makes browsers save the answer as ``name``, whatever letters it has."""
    return f"attachment; filename*=utf-8''{quote(name, safe='', errors='replace')}"
