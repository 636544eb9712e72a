"""The strict reader of request heads."""

from __future__ import annotations

from io import BytesIO

import pytest

from flasknb.cli.request_head import MAX_FIELDS, MAX_LINE_BYTES, origin_form, read_head


def test_fields_are_found_in_any_case_and_kept_in_order() -> None:
    file = BytesIO(b"Host: a\r\nX-B:\t b c \t\r\nEmpty:\r\nx-b: d\r\n\r\nbody")
    head = read_head(file)
    assert (head.get("HOST"), head.get("x-b"), head.get("empty"), head.get("none")) == ("a", "b c", "", None)
    assert head.get_all("X-B", []) == ["b c", "d"]
    assert list(head.headers) == ["Host: a\r\n", "X-B: b c\r\n", "Empty: \r\n", "x-b: d\r\n"]
    assert file.read() == b"body"


def test_a_field_can_be_taken_out() -> None:
    head = read_head(BytesIO(b"Content-Length: 1\r\nA: b\r\n\r\n"))
    del head["content-length"]
    assert head.get("Content-Length") is None
    assert list(head.headers) == ["A: b\r\n"]


def test_bytes_beyond_ascii_are_latin_1() -> None:
    assert read_head(BytesIO("X: é\r\n\r\n".encode())).get("x") == "Ã©"


@pytest.mark.parametrize(
    "head",
    [
        b"A: b\r\n folded\r\n\r\n",
        b"A : b\r\n\r\n",
        b": b\r\n\r\n",
        b"A b\r\n\r\n",
        b"A: b\rC: d\r\n\r\n",
        b"A: b\x00\r\n\r\n",
        b"A\xc3\xa9: b\r\n\r\n",
        b"A: b\r\n",
        b"A: b",
        b"A: " + b"b" * MAX_LINE_BYTES + b"\r\n\r\n",
        b"A: b\r\n" * (MAX_FIELDS + 1) + b"\r\n",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(head: bytes) -> None:
    with pytest.raises(ValueError, match="header"):
        read_head(BytesIO(head))


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a?b", "/a?b"),
        ("//a", "//a"),
        ("*", "*"),
        ("http://here:1/a?b", "/a?b"),
        ("HTTP://HERE:1", "/"),
        ("https://here:1?b", "/?b"),
        ("http://here:1//a", "//a"),
    ],
)
def test_a_target_may_name_its_host(target: str, path: str) -> None:
    assert origin_form(target, "here:1") == path


@pytest.mark.parametrize(
    ("target", "host"), [("http://there/a", "here"), ("http://a@here/", "here"), ("http://here/", None)]
)
def test_a_target_that_names_another_host_is_refused(target: str, host: str | None) -> None:
    with pytest.raises(ValueError, match="two hosts"):
        origin_form(target, host)
