"""``/files`` and ``/view`` row by row."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import TOKEN
from tests.contents_site import Site, open_site

BYTES = b"0123456789"


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    site = open_site(tmp_path, request.param)
    (site.root / "a.txt").write_bytes(BYTES)
    os.utime(site.root / "a.txt", (1_700_000_000, 1_700_000_000))
    return site


@pytest.mark.row("2.1 ranges")
@pytest.mark.parametrize(
    ("asked", "status", "sent", "content_range"),
    [
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, BYTES, "bytes 0-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=0-1,4-5", 200, BYTES, None),
        ("lines=1-2", 200, BYTES, None),
        ("bytes=4-2", 200, BYTES, None),
        ("nonsense", 200, BYTES, None),
    ],
)
def test_ranges(site: Site, asked: str, status: int, sent: bytes | None, content_range: str | None) -> None:
    answer = site.ask("GET", "/files/a.txt", headers={"Range": asked})
    assert answer.status_code == status
    assert sent is None or answer.data == sent
    assert answer.headers.get("Content-Range") == content_range
    assert answer.headers.get("Accept-Ranges") == (None if status == 416 else "bytes")
    head = site.ask("HEAD", "/files/a.txt", headers={"Range": asked})  # which has no ranges
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", "10")


@pytest.mark.row("2.1 ranges")
def test_a_range_of_an_empty_file_is_no_error_of_ours(site: Site) -> None:
    (site.root / "empty").write_bytes(b"")
    assert site.ask("GET", "/files/empty", headers={"Range": "bytes=0-"}).status_code in (200, 416)
    assert site.ask("GET", "/files/empty").headers["Content-Length"] == "0"


@pytest.mark.row("2.1 conditional")
def test_unchanged_files_are_not_sent_again(site: Site) -> None:
    first = site.ask("GET", "/files/a.txt")
    assert first.headers["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert first.headers["Cache-Control"] == "no-cache"
    assert site.ask("GET", "/files/a.txt?v=1").headers["Cache-Control"] == "private, max-age=315360000"
    known = {"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}
    for headers in known:
        answer = site.ask("GET", "/files/a.txt", headers=headers)
        assert (answer.status_code, answer.data) == (304, b"")
    old = {"If-Modified-Since": "Tue, 14 Nov 2023 22:13:19 GMT"}
    assert site.ask("GET", "/files/a.txt", headers=old).status_code == 200


@pytest.mark.row("2.1 conditional")
def test_a_range_of_a_file_that_has_changed_is_the_whole_new_file(site: Site) -> None:
    etag = site.ask("GET", "/files/a.txt").headers["ETag"]
    asked = {"Range": "bytes=2-4", "If-Range": etag}
    assert site.ask("GET", "/files/a.txt", headers=asked).status_code == 206
    (site.root / "a.txt").write_bytes(b"other bytes")
    answer = site.ask("GET", "/files/a.txt", headers=asked)
    assert (answer.status_code, answer.data) == (200, b"other bytes")


@pytest.mark.row("2.1 disposition")
@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("été.csv", "%C3%A9t%C3%A9.csv"),
        ("日本 語.txt", "%E6%97%A5%E6%9C%AC%20%E8%AA%9E.txt"),
        ("a;b\"'%.txt", "a%3Bb%22%27%25.txt"),
        ("\U0001f600.txt", "%F0%9F%98%80.txt"),
    ],
)
def test_downloads_keep_their_name_in_any_script(site: Site, name: str, escaped: str) -> None:
    (site.root / name).write_text("x")
    answer = site.ask("GET", f"/files/{escaped}?download=1")
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{escaped}"
    assert "Content-Disposition" not in site.ask("GET", f"/files/{escaped}").headers


@pytest.mark.row("2.1 types", "2.1 disposition", "1.5 headers")
@pytest.mark.parametrize(
    ("name", "sent_as", "is_only_saved"),
    [
        ("a.txt", "text/plain; charset=UTF-8", False),
        ("a.html", "text/html; charset=utf-8", False),
        ("a.svg", "image/svg+xml; charset=utf-8", False),
        ("a.png", "image/png", False),
        ("a.json", "application/json", False),
        ("a.ipynb", "application/x-ipynb+json", True),
        ("a.txt.gz", "application/gzip", False),
        ("a.unheard-of", "application/octet-stream", True),
        ("Makefile", "application/octet-stream", True),
    ],
)
def test_types(site: Site, name: str, sent_as: str, is_only_saved: bool) -> None:
    (site.root / name).write_bytes(b"<b>")
    answer = site.ask("GET", f"/files/{name}")
    assert answer.headers["Content-Type"] == sent_as
    assert ("Content-Disposition" in answer.headers) is is_only_saved
    policy = f"frame-ancestors 'self'; report-uri {site.prefix}/api/security/csp-report; sandbox allow-scripts"
    assert answer.headers["Content-Security-Policy"] == policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.row("2.1 hidden", "2.1 directory")
def test_hidden_files_and_folders(site: Site, tmp_path: Path) -> None:
    (site.root / "d" / ".git").mkdir(parents=True)
    (site.root / "d" / ".git" / "config").write_text("x")
    os.mkfifo(site.root / "pipe")
    expected = {"d": 403, "d/.git/config": 404, ".git": 404, "d/.git": 404, "none": 404, "pipe": 404}
    for path, status in expected.items():
        assert site.ask("GET", f"/files/{path}").status_code == status, path
    shown = open_site(tmp_path, **{"ContentsManager.allow_hidden": True})
    assert shown.ask("GET", "/files/d/.git/config").data == b"x"


@pytest.mark.row("2 view")
def test_the_view_page_shows_the_file_in_a_frame(site: Site) -> None:
    (site.root / "ä b.html").write_text("x")
    answer = site.ask("GET", "/view/%C3%A4%20b.html")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert f'sandbox="allow-scripts" src="{site.prefix}/files/%C3%A4%20b.html"' in answer.text
    assert "sandbox" not in answer.headers["Content-Security-Policy"]
    missing = site.ask("GET", "/view/none.html")
    assert missing.status_code == 404
    assert "File does not exist: none.html" in missing.text
    assert site.ask("GET", "/view/.hidden").status_code == 404
    (site.root / "folder").mkdir()
    assert "File does not exist: folder" in site.ask("GET", "/view/folder").text


def test_a_file_that_shrinks_while_it_is_sent_ends_there(site: Site) -> None:
    path = site.root / "big.bin"
    path.write_bytes(bytes(2_000_000))
    answer = site.client.open(
        f"{site.prefix}/files/big.bin", headers={"Authorization": f"token {TOKEN}"}, buffered=False
    )
    pieces = iter(answer.response)
    first = next(pieces)
    path.write_bytes(b"short")
    assert len(first) + sum(map(len, pieces)) < 2_000_000
    answer.close()
