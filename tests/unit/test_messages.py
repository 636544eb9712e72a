"""Kernel messages: signatures and headers."""

from __future__ import annotations

import hashlib
import hmac

import orjson
import pytest

from flasknb.kernel_bridge.messages import DELIMITER, BadMessage, Header, Signer, WireMessage, build, is_utf8, peek

KEY = b"0123456789abcdef"
MESSAGE = WireMessage(b'{"msg_id":"1"}', b"{}", b"{}", b'{"code":"1"}', (b"buffer",))


def test_a_signature_is_the_protocols_hmac() -> None:
    expected = hmac.new(KEY, b"".join(MESSAGE.signed_parts), hashlib.sha256).hexdigest().encode()
    assert Signer(KEY).pack(MESSAGE)[1] == expected


def test_a_message_comes_back_as_it_was_whatever_identities_come_first() -> None:
    frames = Signer(KEY).pack(MESSAGE)
    assert Signer(KEY).unpack([b"topic", b"identity", *frames]) == MESSAGE


def test_without_a_key_nothing_is_signed_or_checked() -> None:
    frames = Signer(b"").pack(MESSAGE)
    assert frames[1] == b""
    assert Signer(b"").unpack(frames) == MESSAGE


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_a_changed_part_is_refused(at: int) -> None:
    frames = Signer(KEY).pack(MESSAGE)
    frames[at] += b" "
    with pytest.raises(BadMessage, match="signature"):
        Signer(KEY).unpack(frames)


def test_a_message_counts_once() -> None:
    frames, signer = Signer(KEY).pack(MESSAGE), Signer(KEY)
    signer.unpack(frames)
    with pytest.raises(BadMessage, match="second time"):
        signer.unpack(frames)


@pytest.mark.parametrize("frames", [[], [b"x"], [DELIMITER], [DELIMITER, b"", b"{}", b"{}", b"{}"]])
def test_an_incomplete_message_is_refused(frames: list[bytes]) -> None:
    with pytest.raises(BadMessage):
        Signer(b"").unpack(frames)


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(BadMessage, match="hmac-nonsense"):
        Signer(KEY, "hmac-nonsense")


def test_a_header_is_read_without_what_routing_does_not_need() -> None:
    assert peek(b'{"msg_id":"1","msg_type":"t","session":"s","date":null}') == Header("1", "t", "s")
    assert peek(b"{}") == Header()


@pytest.mark.parametrize("header", [b"", b"[]", b"nonsense", b'{"msg_id":7}', b'{"session":["s"]}', b'"\xff"'])
def test_a_header_that_makes_no_sense_is_refused(header: bytes) -> None:
    with pytest.raises(BadMessage):
        peek(header)


def test_a_built_message_names_its_session() -> None:
    header = orjson.loads(build("status", {"a": 1}, session="s").header)
    assert (header["msg_type"], header["session"]) == ("status", "s")
    assert header["date"].endswith("Z")


@pytest.mark.parametrize(("part", "is_so"), [(b"", True), (b"abc", True), ("é".encode(), True), (b"\xff", False)])
def test_utf8_is_told_from_other_bytes(part: bytes, is_so: bool) -> None:
    assert is_utf8(part) is is_so
