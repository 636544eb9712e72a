"""What gunicorn sends, and in how many pieces."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from flasknb.cli.one_piece import SENT_AT_ONCE_BYTES, OnePieceResponse


class Connection:
    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.sent.append(bytes(data))


def answer(pieces: list[bytes], headers: list[tuple[str, str]]) -> list[bytes]:
    connection = Connection()
    request = SimpleNamespace(method="GET", version=(1, 1), should_close=lambda: False)
    response = OnePieceResponse(request, connection, Config())
    response.start_response("200 OK", headers)
    for piece in pieces:
        response.write(piece)
    response.close()
    assert response.sock is connection
    return connection.sent


@pytest.mark.parametrize("size_bytes", [0, 1, SENT_AT_ONCE_BYTES, SENT_AT_ONCE_BYTES + 1])
def test_a_small_answer_is_one_piece(size_bytes: int) -> None:
    sent = answer([bytes(size_bytes)], [("Content-Length", str(size_bytes))])
    head, _, body = b"".join(sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body == bytes(size_bytes)
    assert len(sent) == (1 if size_bytes <= SENT_AT_ONCE_BYTES else 2)


def test_an_answer_in_chunks_stays_whole() -> None:
    sent = answer([b"ab", b"c"], [])
    assert b"".join(sent).endswith(b"\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
    assert sent[0].endswith(b"\r\n\r\n2\r\nab\r\n")
