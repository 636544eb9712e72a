"""Answers that are files: sent piece by piece without stopping the worker, saved under the name they have."""

from __future__ import annotations

from typing import BinaryIO
from urllib.parse import quote

from flask import Response, current_app
from werkzeug.wsgi import FileWrapper

from flasknb.blueprints.offload import off_the_loop
from flasknb.contents.at_hand import read_at_hand

PIECE_BYTES = 256 * 1024


class PatientFile:
    """The next bytes of a file, read without stopping the worker. One greenlet or thread."""

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        self._file = file
        self._left_bytes = size_bytes  # a file that grows meanwhile must not send more than its header says
        self.close = file.close

    def read(self, size_bytes: int) -> bytes:
        """At most ``size_bytes``."""
        wanted_bytes = min(size_bytes, self._left_bytes)
        piece = read_at_hand(self._file, wanted_bytes)
        if piece is None:  # going to another thread and back costs more than a piece that is in memory
            piece = off_the_loop(lambda: self._file.read(wanted_bytes), opens_notebooks=False)
        self._left_bytes -= len(piece)
        return piece


def streamed(file: BinaryIO, size_bytes: int, mimetype: str) -> Response:
    """An answer with the next ``size_bytes`` bytes of ``file``, which it closes."""
    answer = current_app.response_class(
        FileWrapper(PatientFile(file, size_bytes), PIECE_BYTES),  # type: ignore[arg-type]
        mimetype=mimetype,
        direct_passthrough=True,
    )
    answer.content_length = size_bytes
    answer.call_on_close(file.close)
    return answer


def attachment(name: str) -> str:
    """``Content-Disposition`` that makes browsers save the answer as ``name``, whatever letters it has."""
    return f"attachment; filename*=utf-8''{quote(name, safe='', errors='replace')}"
