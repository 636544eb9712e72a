"""A message with a large last part is kept in two pieces, and is the same to everybody."""

from __future__ import annotations

from array import array

import orjson
import pytest

from flasknb.kernel_bridge.entries import LARGE_BYTES, Entry
from flasknb.kernel_bridge.frames import FrameDecoder, Kind
from flasknb.kernel_bridge.journal_records import entry_of, entry_pieces, records_in
from flasknb.kernel_bridge.ws_codec import SEQ_BYTES, split_parts

HEAD = [b"iopub", b'{"msg_type":"stream"}', b"{}", b"{}"]
TEXT = orjson.dumps({"name": "stdout", "text": "x" * LARGE_BYTES})
MESSAGES = {
    "text": [*HEAD, TEXT],
    "one buffer": [*HEAD, b"{}", bytes(LARGE_BYTES)],
    "a large one, then a small one": [*HEAD, TEXT, b"tail"],
    "two": [*HEAD, TEXT, b"y" * LARGE_BYTES],
    "small": [*HEAD, b'{"a":1}', b"buffer"],
}


def made(parts: list[bytes]) -> Entry:
    return Entry.of(7, parts, msg_type="stream", parent_id="p", count=3)


@pytest.mark.parametrize("parts", MESSAGES.values(), ids=MESSAGES)
def test_an_entry_gives_back_what_it_was_made_of(parts: list[bytes]) -> None:
    entry = made(parts)
    assert entry.parts == parts
    assert entry.content == orjson.loads(parts[4])
    assert entry.size_bytes == len(entry.frame) + len(entry.rest)
    assert entry.rest == (parts[-1] if len(parts[-1]) >= LARGE_BYTES else b"")


@pytest.mark.parametrize("parts", MESSAGES.values(), ids=MESSAGES)
def test_its_two_pieces_are_one_frame_of_the_bridge(parts: list[bytes]) -> None:
    entry = made(parts)
    (frame,) = FrameDecoder().feed(entry.frame + entry.rest)
    assert frame.kind is Kind.MESSAGE
    assert split_parts(frame.body[SEQ_BYTES:]) == parts


@pytest.mark.parametrize("parts", MESSAGES.values(), ids=MESSAGES)
def test_a_journal_gives_it_back(parts: list[bytes]) -> None:
    entry = made(parts)
    (record,) = records_in(b"".join(entry_pieces(entry)))
    read = entry_of(record.body)
    assert (read.sequence, read.count, read.parts) == (7, 3, parts)


def test_text_after_a_seam_of_a_large_entry_is_cut_out() -> None:
    entry = made(MESSAGES["text"]).with_text(
        "stdout", "a" * LARGE_BYTES + "b", _cuts((6, LARGE_BYTES), (7, LARGE_BYTES + 1))
    )
    later = entry.after(6)
    assert later is not None
    assert later.content == {"name": "stdout", "text": "b"}


def _cuts(*pairs: tuple[int, int]) -> bytes:
    return array("Q", [number for pair in pairs for number in pair]).tobytes()
