"""``/files`` and ``/view``: bytes, ranges, and what browsers may do with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contents_site import Site, open_site


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


def test_bytes_come_as_they_are(site: Site) -> None:
    (site.root / "a.png").write_bytes(bytes(range(256)) * 3000)
    answer = site.ask("GET", "/files/a.png")
    assert answer.data == bytes(range(256)) * 3000
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "status", "sent"),
    [("bytes=2-4", 206, b"234"), ("bytes=-2", 206, b"89"), ("bytes=7-", 206, b"789"), ("bytes=20-", 416, None)],
)
def test_ranges_are_served(site: Site, asked: str, status: int, sent: bytes | None) -> None:
    (site.root / "a.txt").write_bytes(b"0123456789")
    answer = site.ask("GET", "/files/a.txt", headers={"Range": asked})
    assert answer.status_code == status
    assert sent is None or answer.data == sent


def test_an_unchanged_file_is_a_304_and_a_changed_one_is_not(site: Site) -> None:
    (site.root / "a.txt").write_text("x")
    etag = site.ask("GET", "/files/a.txt").headers["ETag"]
    assert site.ask("GET", "/files/a.txt", headers={"If-None-Match": etag}).status_code == 304
    (site.root / "a.txt").write_text("xy")
    assert site.ask("GET", "/files/a.txt", headers={"If-None-Match": etag}).status_code == 200


def test_head_tells_the_size(site: Site) -> None:
    (site.root / "a.txt").write_text("0123")
    answer = site.ask("HEAD", "/files/a.txt")
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "4")


@pytest.mark.parametrize(
    ("name", "query", "content_type", "is_attachment"),
    [
        ("a.txt", "", "text/plain; charset=UTF-8", False),
        ("a.txt", "download=1", "text/plain; charset=UTF-8", True),
        ("a b.ipynb", "", "application/x-ipynb+json", True),
        ("a.tar.gz", "", "application/gzip", False),
        ("noextension", "", "application/octet-stream", True),
        ("a.weird", "", "application/octet-stream", True),
    ],
)
def test_type_and_disposition(site: Site, name: str, query: str, content_type: str, is_attachment: bool) -> None:
    (site.root / name).write_text("<script>1</script>")
    answer = site.ask("GET", f"/files/{name.replace(' ', '%20')}", query_string=query)
    assert answer.headers["Content-Type"] == content_type
    disposition = answer.headers.get("Content-Disposition")
    assert disposition == (f"attachment; filename*=utf-8''{name.replace(' ', '%20')}" if is_attachment else None)


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xml", "a.xhtml", "a.pdf", "a.txt"])
def test_a_file_can_never_act_as_our_page(site: Site, name: str) -> None:
    (site.root / name).write_text("<html><script>parent.document</script></html>")
    answer = site.ask("GET", f"/files/{name}")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("; sandbox allow-scripts")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("path", "status"), [("nothing", 404), (".secret", 404), ("d/.git/config", 404), ("d", 403)])
def test_what_is_no_file_is_refused(site: Site, path: str, status: int) -> None:
    (site.root / "d" / ".git").mkdir(parents=True)
    (site.root / "d" / ".git" / "config").write_text("secret")
    (site.root / ".secret").write_text("secret")
    answer = site.ask("GET", f"/files/{path}")
    assert answer.status_code == status
    assert b"secret" not in answer.data.replace(b".secret", b"")


def test_the_view_page_frames_the_file_in_a_sandbox(site: Site) -> None:
    (site.root / "a b.html").write_text("x")
    answer = site.ask("GET", "/view/a%20b.html")
    assert answer.status_code == 200
    assert f'sandbox="allow-scripts" src="{site.prefix}/files/a%20b.html"' in answer.text
    assert site.ask("GET", "/view/nothing.html").status_code == 404


def test_a_name_with_markup_stays_a_name(site: Site) -> None:
    name = "<img src=x onerror=alert(1)>.html"
    (site.root / name).write_text("x")
    answer = site.ask("GET", "/view/%3Cimg%20src=x%20onerror=alert(1)%3E.html")
    assert answer.status_code == 200
    assert "<img" not in answer.text
