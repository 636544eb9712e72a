"""Saving over the contents API row by row: what it answers, and what it refuses without leaving a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.contents_site import Site, open_site, save_text
from tests.contract.contents.conftest import FIELDS, names_in


@pytest.mark.row("4.3 put")
def test_saving_says_what_became_of_it(site: Site) -> None:
    for status in (201, 200):
        answer = save_text(site, "d%20%C3%A4.txt", "x")
        assert answer.status_code == status
        assert unquote(answer.location) == f"{site.prefix}/api/contents/d ä.txt"
        assert answer.last_modified is not None
        assert answer.json["content"] is answer.json["format"] is None
        assert set(answer.json) == FIELDS
    for _ in range(2):
        assert site.contents("PUT", "folder", {"type": "directory"}).status_code == 201
    for body, name in ((b"", "untitled"), ({}, "untitled1")):
        answer = site.contents("PUT", "folder", body)
        assert (answer.status_code, answer.json["path"], answer.json["type"]) == (201, f"folder/{name}", "file")
    assert site.contents("PUT", "n.ipynb", {"type": "notebook"}).status_code == 201
    assert site.model("n.ipynb")["content"]["cells"] == []
    assert site.contents("PUT", "t.txt", {"type": "file"}).status_code == 201
    assert (site.root / "t.txt").read_bytes() == b""


@pytest.mark.row("4.3 put")
@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("a.txt", {"copy_from": "b"}, 400, "Cannot copy with PUT, only POST"),
        ("a.txt", {"content": "x"}, 400, "No file type provided"),
        ("old.txt", {"type": "file", "format": "text"}, 400, "No file content provided"),
        ("a.txt", {"type": "file", "content": "x"}, 400, "Must specify format of file contents as 'text' or 'base64'"),
        ("a.txt", {"type": "pipe", "content": "x", "format": "text"}, 400, "Unhandled contents type"),
        (".a", {"type": "file", "content": "x", "format": "text"}, 400, "hidden"),
        ("no/a.txt", {"type": "file", "content": "x", "format": "text"}, 404, "does not exist"),
        ("a.txt", {"type": "file", "content": "!", "format": "base64"}, 400, "not valid base64"),
        ("a.txt", {"type": "file", "content": 3, "format": "text"}, 400, "must be a string"),
        ("a.txt", {"type": ["file"], "content": "", "format": "text"}, 400, "Unhandled contents type"),
        ("a.txt", {"type": {}, "content": "", "format": "text"}, 400, "type"),
        ("a.ipynb", {"type": "notebook", "content": "x"}, 400, "must be a JSON object"),
        ("old.txt", {"type": "directory"}, 400, "is not a directory"),
        ("a.txt", {"type": "file", "content": "\ud800", "format": "text"}, 400, ""),
        ("a.txt", b"[]", 400, "must be a JSON object"),
        ("a.txt", b"{", 400, "Invalid JSON in body of request"),
        ("a.txt", b"\xff\xfe{}", 400, "Invalid JSON in body of request"),
        ("a.txt", b"[" * 100_000, 400, "Invalid JSON in body of request"),
        ("a.txt", b'{"type": "file", "chunk": 1e999}', 400, ""),
        ("a.txt", {"type": "file", "content": "x", "format": "text", "chunk": 10**30}, 400, ""),
        ("a.txt", {"type": "file", "content": "x", "format": "text", "chunk": "1"}, 400, "chunk must be"),
        ("a.txt", {"type": "notebook", "content": {}, "chunk": 1}, 400, "is not supported for large file transfer"),
    ],
)
def test_a_save_that_cannot_be_is_refused_and_leaves_nothing(
    site: Site, path: str, body: Any, status: int, said: str
) -> None:
    (site.root / "old.txt").write_text("old")
    answer = site.contents("PUT", path, body)
    assert answer.status_code == status
    assert said in answer.json["message"]
    assert names_in(site.root) == ["old.txt"]
    assert (site.root / "old.txt").read_text() == "old"


def test_fields_that_nobody_may_set_are_ignored(site: Site) -> None:
    answer = save_text(
        site, "a.txt", "x", name="../b", writable=False, created="1970", owner="root", mimetype="text/html", size=-1
    )
    assert answer.status_code == 201
    assert (answer.json["name"], answer.json["writable"], answer.json["mimetype"]) == ("a.txt", True, "text/plain")
    assert names_in(site.root) == ["a.txt"]


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH"])
def test_a_body_over_the_limit_is_a_413(tmp_path: Path, method: str) -> None:
    site = open_site(tmp_path, **{"ServerApp.max_body_size": 1000})
    answer = site.contents(method, "a.txt", b" " * 1001)
    assert answer.status_code == 413
    assert not names_in(site.root)
