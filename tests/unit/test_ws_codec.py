"""Layouts of kernel messages on a websocket."""

from __future__ import annotations

import json
import struct

import pytest

from flasknb.kernel_bridge.ws_codec import (
    SEQ_PROTOCOL,
    V1_PROTOCOL,
    BadFrame,
    choose_protocol,
    from_legacy,
    join_parts,
    legacy_pieces,
    split_parts,
    to_legacy,
    view_parts,
    with_sequence,
)

PARTS = [b"shell", b'{"msg_id":"1","msg_type":"x"}', b"{}", b"{}", b'{"code":"\xc3\xa9"}']


@pytest.mark.parametrize("buffers", [[], [b""], [b"\0\xff", b"abc"]])
def test_v1_payloads_come_back_as_they_were(buffers: list[bytes]) -> None:
    assert split_parts(join_parts([*PARTS, *buffers])) == [*PARTS, *buffers]


def test_v1_offsets_are_little_endian_and_end_with_the_length() -> None:
    payload = join_parts(PARTS)
    count, first = struct.unpack_from("<QQ", payload)
    (last,) = struct.unpack_from("<Q", payload, 8 * count)
    assert (count, first, last) == (6, 8 * 7, len(payload))


def test_a_message_of_four_parts_cannot_be_packed() -> None:
    with pytest.raises(BadFrame, match="at least 5 parts, got 4"):
        join_parts(PARTS[:4])


def v1(*offsets: int, body: bytes = b"x" * 50) -> bytes:
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + body


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\0" * 7,
        b"\0" * 8,
        struct.pack("<Q", 2**31) + b"\0" * 64,
        struct.pack("<Q", 2**64 - 1),
        struct.pack("<Q", 6),
        v1(56, 60, 58, 70, 80, 106),
        v1(56, 60, 70, 80, 90, 2**63),
        v1(0, 60, 70, 80, 90, 106),
        v1(56, 60, 70, 80, 90, 105),
        v1(56, 60, 70, 80, 106),
    ],
    ids=[
        *("empty", "short", "no offsets", "2^31 parts", "2^64 parts", "missing offsets"),
        *("out of order", "past the end", "overlapping the head", "short of the end", "four parts"),
    ],
)
def test_a_bad_v1_frame_is_refused(frame: bytes) -> None:
    with pytest.raises(BadFrame):
        split_parts(frame)


def test_legacy_text_is_one_json_object() -> None:
    frame = to_legacy(PARTS)
    assert isinstance(frame, str)
    assert json.loads(frame) == {
        "channel": "shell",
        "header": {"msg_id": "1", "msg_type": "x"},
        "parent_header": {},
        "metadata": {},
        "content": {"code": "é"},
        "buffers": [],
        "msg_id": "1",
        "msg_type": "x",
    }


@pytest.mark.parametrize("buffers", [[], [b"\0\xff", b"", b"abc"]])
def test_legacy_frames_come_back_as_they_were(buffers: list[bytes]) -> None:
    parts = from_legacy(to_legacy([*PARTS, *buffers]))
    assert [parts[0], *map(json.loads, parts[1:5])] == [PARTS[0], *map(json.loads, PARTS[1:])]
    assert parts[5:] == buffers


def test_legacy_binary_offsets_are_big_endian_and_count_the_parts() -> None:
    frame = to_legacy([*PARTS, b"abc"])
    assert isinstance(frame, bytes)
    count, first, second = struct.unpack_from(">III", frame)
    assert (count, first, frame[second:]) == (2, 12, b"abc")


@pytest.mark.parametrize("buffers", [[], [b"\0\xff", b"", b"abc"]])
def test_a_message_in_two_pieces_has_the_same_parts_and_legacy_frame(buffers: list[bytes]) -> None:
    parts = [*PARTS, *buffers]
    payload, last = join_parts(parts), parts[-1]
    views = view_parts(memoryview(payload)[: -len(last)], last)
    assert list(map(bytes, views)) == parts
    assert views[-1] is last
    is_text, pieces = legacy_pieces(views)
    told = to_legacy(parts)
    assert is_text is isinstance(told, str)
    assert b"".join(pieces) == (told.encode() if isinstance(told, str) else told)


def test_views_of_half_a_message_are_refused() -> None:
    with pytest.raises(BadFrame):
        view_parts(memoryview(join_parts(PARTS))[:-1])


def test_a_missing_channel_means_shell() -> None:
    assert from_legacy('{"header": {"msg_id": "1"}}')[0] == b"shell"


@pytest.mark.parametrize(
    "frame",
    [
        *("", "nonsense", "[]", "{}", '{"header": []}', '{"header": {}, "channel": 7}', '{"header": {}, "content": 1}'),
        *(b"", b"\0\0\0\1", struct.pack(">I", 2**31), struct.pack(">III", 2, 12, 2**31), struct.pack(">II", 1, 0)),
        "\ud800",
    ],
)
def test_a_bad_legacy_frame_is_refused(frame: str | bytes) -> None:
    with pytest.raises(BadFrame):
        from_legacy(frame)


def test_a_sequence_number_is_eight_little_endian_bytes() -> None:
    assert with_sequence(258, b"payload") == b"\x02\x01\0\0\0\0\0\0payload"


@pytest.mark.parametrize(
    ("offered", "option", "chosen"),
    [
        ([], None, ""),
        ([V1_PROTOCOL], None, V1_PROTOCOL),
        ([V1_PROTOCOL, SEQ_PROTOCOL], None, SEQ_PROTOCOL),
        (["other"], None, ""),
        ([V1_PROTOCOL, SEQ_PROTOCOL], "", ""),
        ([V1_PROTOCOL, SEQ_PROTOCOL], V1_PROTOCOL, V1_PROTOCOL),
        ([SEQ_PROTOCOL], V1_PROTOCOL, ""),
    ],
)
def test_the_subprotocol_is_the_best_that_both_want(offered: list[str], option: str | None, chosen: str) -> None:
    assert choose_protocol(offered, option) == chosen
