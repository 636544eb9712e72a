"""Rows of section 1 of the REST inventory: what answers and refusals look like, and where addresses lead."""

from __future__ import annotations

import pytest

from tests.conftest import MakeSite, Site


@pytest.mark.row("1.4 head")
@pytest.mark.parametrize("path", ["api/contents", "api/kernels", "api/status", "api/spec.yaml", "api/me"])
def test_head_is_no_method_of_the_api(site: Site, path: str) -> None:
    answer = site.api("HEAD", path)
    assert (answer.status_code, answer.data) == (405, b"")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.row("1.4 options")
def test_preflights_are_answered_to_everybody(make_site: MakeSite) -> None:
    asks = {"Origin": "http://b.example", "Access-Control-Request-Headers": "content-type, Authorization"}
    plain = make_site().stranger("OPTIONS", "api/contents/a", headers=asks)
    assert (plain.status_code, plain.data) == (200, b"")
    assert plain.headers["Access-Control-Allow-Headers"] == "accept, content-type, authorization, x-xsrftoken"
    assert plain.headers["Access-Control-Allow-Methods"] == "GET, PUT, POST, PATCH, DELETE, OPTIONS"
    assert "Access-Control-Allow-Origin" not in plain.headers
    configured = make_site(allow_origin="http://a.example").stranger
    answer = configured("OPTIONS", "api/contents/a", headers=asks)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://b.example"
    bare = configured("OPTIONS", "api/contents/a", headers={"Origin": "http://b.example"})
    assert "Access-Control-Allow-Origin" not in bare.headers


@pytest.mark.row("1.5 headers")
def test_answers_carry_the_default_headers(site: Site) -> None:
    (site.root_dir / "a.html").write_text("<p>")
    policy = f"frame-ancestors 'self'; report-uri {site.base_url}api/security/csp-report"
    for path, added, mimetype in (
        ("tree", "", "text/html"),
        ("login", "", "text/html"),
        ("api/contents", "; default-src 'none'", "application/json"),
        ("api/contents/missing", "; default-src 'none'", "application/json"),
        ("files/a.html", "; sandbox allow-scripts", "text/html"),
    ):
        answer = site.api.get(path)
        assert answer.headers["Content-Security-Policy"] == policy + added, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype == mimetype


@pytest.mark.row("1.5 etag")
def test_answers_are_tagged_by_their_content_and_static_files_are_not_asked_again(site: Site) -> None:
    first = site.api.get("api/contents")
    tag = first.headers["ETag"]
    same = site.api.get("api/contents", headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    (site.root_dir / "new.txt").write_text("x")
    other = site.api.get("api/contents", headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["ETag"] != tag
    (site.root_dir / "new.txt").write_text("longer")  # which a folder's own date does not tell
    later = {"If-Modified-Since": other.headers["Last-Modified"]}
    assert site.api.get("api/contents", headers=later).status_code == 200


@pytest.mark.row("1.6 api error", "1.6 invalid json")
def test_errors_of_the_api_have_message_and_reason(site: Site) -> None:
    missing = site.api.get("api/sessions/none")
    assert missing.status_code == 404
    assert missing.mimetype == "application/json"
    assert set(missing.json) == {"message", "reason"}
    (site.root_dir / "folder").mkdir()
    wrong = site.api.get("api/contents/folder?type=file")
    assert (wrong.status_code, wrong.json["reason"]) == (400, "bad type")
    assert wrong.status == "400 bad type"
    invalid = site.api.post("api/kernels", data=b"{nope")
    assert (invalid.status_code, invalid.json["message"]) == (400, "Invalid JSON in body of request")
    not_readable = site.api.get("api/events")
    assert (not_readable.status_code, not_readable.headers["Allow"]) == (405, "OPTIONS, POST")
    assert not_readable.json == {"message": "Method Not Allowed", "reason": None}


@pytest.mark.row("1.6 unhandled")
def test_a_bug_tells_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(site.bridge, "list_sessions", fail)
    answer = site.api.get("api/sessions")
    assert (answer.status_code, answer.json) == (500, {"message": "Unhandled error", "reason": None, "traceback": ""})


@pytest.mark.row("1.6 html", "1.6 unknown path")
@pytest.mark.parametrize("path", ["nowhere", "tree/missing", "api/unknown", "edit/missing"])
def test_errors_of_pages_are_pages(site: Site, path: str) -> None:
    answer = site.browser.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "404 : Not Found" in answer.text


NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.mark.row(
    "1.8 root",
    "1.8 trailing slash",
    "1.8 tree of a file",
    "1.8 notebooks of a folder",
    "1.8 notebooks of a file",
    "1.8 api notebooks",
)
@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("", "tree"),
        ("?token=x&a=%20", "tree?token=x&a=%20"),
        ("api/status/", "api/status"),
        ("api/kernels//?x=1", "api/kernels?x=1"),
        ("tree/d/", "tree/d"),
        ("tree/a.ipynb//?x=%20", "tree/a.ipynb?x=%20"),
        ("notebooks/a.ipynb/", "notebooks/a.ipynb"),
        ("edit/d/ä b.txt/?x", "edit/d/%C3%A4%20b.txt?x"),
        ("view/a.ipynb/", "view/a.ipynb"),
        ("nbconvert/html/a.ipynb/", "nbconvert/html/a.ipynb"),
        ("tree/a.ipynb", "notebooks/a.ipynb"),
        ("tree/d/ä b.txt", "files/d/%C3%A4%20b.txt"),
        ("notebooks/d", "tree/d"),
        ("notebooks/d/ä b.txt", "files/d/%C3%A4%20b.txt"),
        ("notebooks/d/files/ä b.txt", "files/d/%C3%A4%20b.txt"),
        ("api/notebooks/d/a.ipynb", "api/contents/d/a.ipynb"),
        ("api/notebooks", "api/contents"),
    ],
)
def test_addresses_lead_to_where_the_thing_is(site: Site, path: str, location: str) -> None:
    (site.root_dir / "d").mkdir()
    (site.root_dir / "a.ipynb").write_text(NOTEBOOK)
    (site.root_dir / "d" / "ä b.txt").write_text("x")
    answer = site.browser.get(path)
    assert (answer.status_code, answer.location) == (302, site.base_url + location)


@pytest.mark.row("1.8 trailing slash")
def test_a_slash_that_belongs_to_a_page_stays(site: Site) -> None:
    assert site.browser.get("tree/").status_code == 200


@pytest.mark.row("1.8 root")
def test_the_first_page_can_be_chosen(make_site: MakeSite) -> None:
    assert make_site("/a/b/", default_url="/notebooks/x.ipynb").stranger.get("").location == "/a/b/notebooks/x.ipynb"


@pytest.mark.row("1.8 notebooks missing", "1.8 edit missing")
@pytest.mark.parametrize("path", ["notebooks/missing.ipynb", "edit/d/missing.txt"])
def test_pages_of_what_is_not_there_say_so(site: Site, path: str) -> None:
    answer = site.browser.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    name = path.partition("/")[2]
    assert name in answer.text
    assert "does not exist" in answer.text
