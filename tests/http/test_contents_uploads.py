"""Uploads in pieces."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.contents_site import Site, open_site, save_text


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


def test_an_upload_in_pieces_arrives_whole(site: Site) -> None:
    pieces = [b"\x00one", b"two", b"three\xff"]
    for number, piece in zip((1, 2, -1), pieces, strict=True):
        body = {"type": "file", "format": "base64", "chunk": number, "content": base64.b64encode(piece).decode()}
        assert site.contents("PUT", "big.bin", body).status_code == (201 if number == 1 else 200)
    assert (site.root / "big.bin").read_bytes() == b"".join(pieces)


def put_piece(site: Site, number: int, piece: bytes, upload: str | None = None) -> int:
    body = {"type": "file", "format": "base64", "chunk": number, "content": base64.b64encode(piece).decode()}
    return site.contents("PUT", "big.bin", body | ({} if upload is None else {"upload": upload})).status_code


@pytest.mark.parametrize("names", [(None, None), ("first", None), (None, "second"), ("first", "second")])
def test_two_uploads_of_one_name_do_not_mix(site: Site, names: tuple[str | None, str | None]) -> None:
    first, second = names
    assert put_piece(site, 1, b"a1", first) == 201
    assert put_piece(site, 1, b"b1", second) == 409
    if names != (None, None):
        assert put_piece(site, 2, b"b2", second) == 409
    assert put_piece(site, 2, b"a2", first) == 200
    assert put_piece(site, 2, b"a2", first) == 409, "the same piece twice"
    assert put_piece(site, -1, b"a3", first) == 200
    assert (site.root / "big.bin").read_bytes() == b"a1a2a3"
    assert put_piece(site, 1, b"b1", second) == 200
    assert put_piece(site, -1, b"b2", second) == 200
    assert (site.root / "big.bin").read_bytes() == b"b1b2"


def test_an_upload_can_be_begun_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [put_piece(site, 1, b"a1", "a"), put_piece(site, 1, b"a1", "a"), put_piece(site, -1, b"a2", "a")] == [
        201,
        200,
        200,
    ]
    assert put_piece(site, 1, b"gone") == 200
    (site.root / "big.bin").unlink()
    assert put_piece(site, 1, b"after it was cancelled") == 201
    monkeypatch.setattr("flasknb.contents.uploads.PAUSE_S", -1.0)
    assert [put_piece(site, 1, b"b1"), put_piece(site, -1, b"b2")] == [200, 200]
    assert (site.root / "big.bin").read_bytes() == b"b1b2"


def test_a_piece_is_not_added_to_what_somebody_else_saved_meanwhile(site: Site) -> None:
    assert put_piece(site, 1, b"a1") == 201
    save_text(site, "big.bin", "mine")
    assert put_piece(site, 2, b"a2") == 409
    assert (site.root / "big.bin").read_text() == "mine"


@pytest.mark.parametrize("name", [1, ["a"], "x" * 101])
def test_the_name_of_an_upload_is_a_short_text(site: Site, name: Any) -> None:
    assert put_piece(site, 1, b"a", name) == 400
    assert not (site.root / "big.bin").exists()


@pytest.mark.parametrize("number", [2, -1, 2**64, 10**30])
def test_a_piece_is_added_to_no_file_that_no_upload_began(site: Site, number: int) -> None:
    save_text(site, "big.bin", "mine")
    assert put_piece(site, number, b"a2") == 400
    assert (site.root / "big.bin").read_text() == "mine"


def test_the_last_piece_is_added_once(site: Site) -> None:
    pieces = [(1, b"a1"), (-1, b"a2"), (-1, b"a2")]
    assert [put_piece(site, number, piece) for number, piece in pieces] == [201, 200, 400]
    assert (site.root / "big.bin").read_bytes() == b"a1a2"
