"""Reading what is in memory, piece by piece."""

from __future__ import annotations

import io
from pathlib import Path

from flasknb.contents.at_hand import NO_WAIT, read_at_hand


def test_a_file_is_read_whole_in_whatever_pieces_are_at_hand(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4000
    (tmp_path / "a").write_bytes(content)
    with (tmp_path / "a").open("rb") as file:
        file.seek(3)
        pieces = []
        while piece := read_at_hand(file, 100_000) or file.read(100_000):
            assert len(piece) <= 100_000
            pieces.append(piece)
        assert b"".join(pieces) == content[3:]
        assert not NO_WAIT or read_at_hand(file, 10) == b""


def test_what_is_no_file_of_the_system_is_left_to_others() -> None:
    file = io.BytesIO(b"abc")
    assert read_at_hand(file, 2) is None
    assert file.read() == b"abc"
