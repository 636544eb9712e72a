"""The contents API row by row, as programs rely on it: fields, statuses, headers, sentences."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import pytest

from tests.contents_site import Site, notebook, open_site, save_notebook, save_text
from tests.contract.contents.conftest import FIELDS, TIME, names_in


@pytest.mark.row("4.2 model")
def test_every_model_has_the_fields_of_the_contract(site: Site) -> None:
    (site.root / "d").mkdir()
    (site.root / "d" / "a.txt").write_text("ä")
    (site.root / "d" / "b").write_bytes(b"\xff\x00")
    save_notebook(site, "d/c.ipynb", notebook("1"))
    root, folder = site.model(""), site.model("d")
    assert (root["name"], root["path"], root["type"]) == ("", "", "directory")
    assert (folder["format"], folder["mimetype"], folder["size"]) == ("json", None, None)
    children = {child["name"]: child for child in folder["content"]}
    assert set(children) == {"a.txt", "b", "c.ipynb"}
    for model in (root, folder, *children.values(), site.model("d/a.txt"), site.model("d/b"), site.model("d/c.ipynb")):
        assert set(model) == FIELDS
        assert TIME.fullmatch(model["created"])
        assert TIME.fullmatch(model["last_modified"])
        assert model["writable"] is True
        assert model["hash"] is model["hash_algorithm"] is None
    for child in children.values():
        assert child["content"] is child["format"] is None
        assert child["size"] == (site.root / child["path"]).stat().st_size
    assert (children["a.txt"]["mimetype"], children["b"]["mimetype"]) == ("text/plain", None)
    text, raw = site.model("d/a.txt"), site.model("d/b")
    assert (text["content"], text["format"], text["mimetype"]) == ("ä", "text", "text/plain")
    assert (base64.b64decode(raw["content"]), raw["format"]) == (b"\xff\x00", "base64")
    assert raw["mimetype"] == "application/octet-stream"
    known = site.model("d/b", hash="1", content="0")
    assert (known["hash"], known["hash_algorithm"]) == (hashlib.sha256(b"\xff\x00").hexdigest(), "sha256")


@pytest.mark.row("4.2 notebook")
def test_a_notebook_is_upgraded_marked_and_judged(site: Site) -> None:
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("1")])])
    (site.root / "old.ipynb").write_text(nbformat.v3.writes_json(old))
    model = site.model("old.ipynb")
    assert model["content"]["nbformat"] == 4
    assert model["content"]["metadata"]["orig_nbformat"] == 3
    assert model["content"]["cells"][0]["metadata"]["trusted"] in (True, False)
    broken = notebook("1")
    broken["cells"][0]["outputs"] = [{"output_type": "nonsense"}]
    (site.root / "broken.ipynb").write_text(json.dumps(broken))
    assert site.model("broken.ipynb")["message"].startswith("Notebook validation failed: ")


@pytest.mark.row("4.3 get", "4.3 type detection")
@pytest.mark.parametrize(
    ("path", "query", "expected", "said", "reason"),
    [
        ("a.ipynb", {}, 200, '"type":"notebook"', None),
        ("a.ipynb", {"type": "file"}, 200, '"type":"file"', None),
        ("a.ipynb", {"type": "file", "format": "base64"}, 200, '"format":"base64"', None),
        ("a.txt", {"content": "0", "hash": "1"}, 200, '"content":null', None),
        ("a.txt", {"format": "json"}, 400, "Format 'json' is invalid", None),
        ("a.txt", {"format": "x"}, 400, "Format 'x' is invalid", None),
        ("a.txt", {"type": "directory"}, 400, "a.txt is not a directory", "bad type"),
        ("d", {"type": "file"}, 400, "d is a directory, not a file", "bad type"),
        ("d", {"type": "notebook"}, 400, "d is a directory, not a notebook", "bad type"),
        ("raw", {"format": "text"}, 400, "raw is not UTF-8 encoded", "bad format"),
        ("a.txt", {"type": "notebook"}, 400, "Unreadable Notebook: a.txt", None),
        ("a.txt", {"content": "2"}, 400, "content='2' is neither 0 nor 1", None),
        ("a.txt", {"content": ""}, 400, "content='' is neither 0 nor 1", None),
        ("a.txt", {"type": "socket"}, 400, "Type 'socket' is invalid", None),
        ("none", {}, 404, "file or directory '/none' does not exist", None),
    ],
)
def test_reading(site: Site, path: str, query: dict[str, str], expected: int, said: str, reason: str | None) -> None:  # noqa: PLR0917
    (site.root / "d").mkdir()
    (site.root / "a.txt").write_text("{x")
    (site.root / "raw").write_bytes(b"\xff")
    (site.root / "a.ipynb").write_text(json.dumps(notebook("1")))
    answer = site.contents("GET", path, query_string=query)
    status = answer.status_code
    assert status == expected
    assert said in (answer.text if status == 200 else answer.json["message"])
    assert answer.headers["Content-Type"] == "application/json"
    if status == 200:
        assert answer.last_modified is not None
    else:
        assert answer.json["reason"] == reason
        assert answer.status == f"{status} {reason or answer.status.partition(' ')[2]}"


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


@pytest.mark.row("4.3 post", "4.3 untitled names")
def test_untitled_entries_count_on(site: Site) -> None:
    def made(**body: str) -> str:
        answer = site.contents("POST", "", body or None)
        assert answer.status_code == 201
        assert unquote(answer.location) == f"{site.prefix}/api/contents/{answer.json['path']}"
        return str(answer.json["name"])

    assert [made(type="notebook") for _ in range(3)] == ["Untitled.ipynb", "Untitled1.ipynb", "Untitled2.ipynb"]
    assert made(ext=".ipynb") == "Untitled3.ipynb"
    assert [made(type="file", ext=".tar.gz") for _ in range(2)] == ["untitled.tar.gz", "untitled1.tar.gz"]
    assert [made(), made(), made(ext=".txt")] == ["untitled", "untitled1", "untitled.txt"]
    assert [made(type="directory") for _ in range(2)] == ["Untitled Folder", "Untitled Folder 1"]


@pytest.mark.row("4.3 post")
@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("a.txt", None, 400, "Cannot POST to files, use PUT instead."),
        ("none", None, 404, "No such directory: none"),
        ("", {"type": "pipe"}, 400, "Unexpected model type"),
        ("", {"copy_from": "none"}, 404, "does not exist"),
        ("", {"copy_from": 3}, 400, "copy_from must be a string"),
        ("none/x.txt", {"copy_from": "a.txt"}, 404, "No such directory: none"),
        ("", {"ext": "/../x"}, 400, "ext must be an extension"),
    ],
)
def test_making_what_cannot_be_is_refused(site: Site, path: str, body: Any, status: int, said: str) -> None:
    (site.root / "a.txt").write_text("x")
    answer = site.contents("POST", path, body)
    assert (answer.status_code, names_in(site.root)) == (status, ["a.txt"])
    assert said in answer.json["message"]


@pytest.mark.row("4.3 copy names")
def test_copies_are_named_after_their_original(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    site = open_site(monkeypatch, tmp_path, **{"FileContentsManager.max_copy_folder_size_mb": 1})
    (site.root / "d").mkdir()
    (site.root / "a.tar.gz").write_text("x")

    def copied(source: str, folder: str = "") -> str:
        answer = site.contents("POST", folder, {"copy_from": source})
        assert answer.status_code == 201, answer.text
        return str(answer.json["path"])

    assert [copied("a.tar.gz"), copied("a.tar.gz")] == ["a-Copy1.tar.gz", "a-Copy2.tar.gz"]
    assert copied("a-Copy1.tar.gz") == "a-Copy3.tar.gz"
    assert [copied("a-Copy1.tar.gz", "d"), copied("a.tar.gz", "d")] == ["d/a.tar.gz", "d/a-Copy1.tar.gz"]
    assert copied("d/a.tar.gz", "d/exact.txt") == "d/exact.txt"
    assert copied("d") == "d-Copy1"
    assert names_in(site.root / "d-Copy1") == names_in(site.root / "d")
    (site.root / "d" / "big").write_bytes(bytes(1_200_000))
    answer = site.contents("POST", "", {"copy_from": "d"})
    assert answer.status_code == 400
    assert "1 MB" in answer.json["message"]


@pytest.mark.row("4.3 patch")
def test_renaming(site: Site) -> None:
    for name in ("a.txt", "b.txt"):
        (site.root / name).write_text(name)
    answer = site.contents("PATCH", "a.txt", {"path": "c%20d.txt"})
    assert (answer.status_code, answer.json["path"]) == (200, "c%20d.txt")
    assert answer.location == f"{site.prefix}/api/contents/c%2520d.txt"
    refusals = {
        ("c%2520d.txt", json.dumps({"path": "b.txt"})): (409, "File already exists: b.txt"),
        ("b.txt", ""): (400, "JSON body missing"),
        ("b.txt", "{}"): (400, "must say the new path"),
        ("none", json.dumps({"path": "x"})): (404, "File or directory does not exist: none"),
        ("b.txt", json.dumps({"path": "none/x"})): (404, "does not exist"),
        ("b.txt", json.dumps({"path": ".hidden"})): (400, "hidden"),
        ("b.txt", json.dumps({"path": "../x"})): (404, "outside root"),
        ("b.txt", json.dumps({"path": 3})): (400, "path must be a string"),
    }
    for (path, body), (status, said) in refusals.items():
        answer = site.contents("PATCH", path, body)
        assert (answer.status_code, said in answer.json["message"]) == (status, True), (path, body, answer.text)
    assert names_in(site.root) == ["b.txt", "c%20d.txt"]


@pytest.mark.row("4.3 delete", "4.3 trash")
def test_deleting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    site = open_site(monkeypatch, tmp_path, **{"FileContentsManager.always_delete_dir": False})
    (site.root / "full").mkdir()
    (site.root / "full" / "x").write_text("x")
    (site.root / "empty" / ".ipynb_checkpoints").mkdir(parents=True)
    (site.root / ".hidden").write_text("x")
    (site.root / "a.txt").write_text("x")
    expected = {
        "": (400, "Can't delete root"),
        ".hidden": (400, "hidden"),
        "none": (404, "none"),
        "full": (400, "Directory full not empty"),
        "empty": (204, ""),
        "a.txt": (204, ""),
    }
    for path, (status, said) in expected.items():
        answer = site.contents("DELETE", path)
        assert (answer.status_code, said in answer.text) == (status, True), (path, answer.text)
        assert status == 204 or str(site.root) not in answer.text
    assert names_in(site.root) == [".hidden", "full"]


@pytest.mark.row("4.3 trash")
def test_a_trash_that_takes_nothing_is_said_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = open_site(monkeypatch, tmp_path, **{"FileContentsManager.delete_to_trash": True})
    (site.root / "full").mkdir()
    (site.root / "full" / "x").write_text("x")
    (tmp_path / "no folder").write_text("")
    from flasknb.contents import disk

    def refuse(path: str) -> None:
        raise OSError(18, "Invalid cross-device link")

    with monkeypatch.context() as during:
        during.setattr(disk, "send2trash", refuse)
        answer = site.contents("DELETE", "full")
    assert answer.status_code == 400
    assert answer.json["message"].startswith("send2trash failed: ")
    assert (site.root / "full" / "x").exists()


@pytest.mark.row("4.3 paths")
@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("d/../a.txt", 404, ""),
        ("%2e%2e/x", 404, "is outside root contents directory"),
        ("a%00b", 400, "is not a valid path"),
        ("x" * 300, 400, "at most 255 bytes"),
    ],
)
def test_paths(site: Site, path: str, status: int, said: str) -> None:
    (site.root / "a.txt").write_text("x")
    answer = site.contents("GET", path)
    assert answer.status_code == status
    assert said in answer.text


@pytest.mark.row("4.3 hidden")
def test_hidden_entries_and_globs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = open_site(monkeypatch, tmp_path, **{"ContentsManager.allow_hidden": True})
    site = open_site(monkeypatch, tmp_path)
    for name in (".secret", "a.pyc", "b~", ".DS_Store", "c.txt"):
        (site.root / name).write_text("x")
    (site.root / "__pycache__").mkdir()
    (site.root / "broken").symlink_to("nowhere")
    os.mkfifo(site.root / "pipe")
    assert [child["name"] for child in site.model("")["content"]] == ["c.txt"]
    assert {child["name"] for child in shown.model("")["content"]} == {".secret", "c.txt"}
    assert site.contents("GET", "a.pyc").status_code == 200
    assert site.contents("GET", ".secret").status_code == 404
    assert save_text(site, ".secret", "y").status_code == 400
    assert site.contents("DELETE", ".secret").status_code == 400
    assert shown.contents("GET", ".secret").status_code == 200
    assert save_text(shown, ".secret", "y").status_code == 200
    assert shown.ask("GET", "/files/.secret").data == b"y"


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH"])
def test_a_body_over_the_limit_is_a_413(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, method: str) -> None:
    site = open_site(monkeypatch, tmp_path, **{"ServerApp.max_body_size": 1000})
    answer = site.contents(method, "a.txt", b" " * 1001)
    assert answer.status_code == 413
    assert not names_in(site.root)


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_wrong_method_is_a_405(site: Site, method: str) -> None:
    (site.root / "a.txt").write_text("x")
    answer = site.ask(method, "/api/contents/a.txt/checkpoints/checkpoint" if method == "PUT" else "/files/a.txt")
    assert answer.status_code == (404 if method == "PUT" else 405)
    assert (site.root / "a.txt").read_text() == "x"


def test_the_preferred_folder_must_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from traitlets import TraitError

    (tmp_path / "root" / "d").mkdir(parents=True)
    site = open_site(monkeypatch, tmp_path, **{"FileContentsManager.preferred_dir": "/d/"})
    contents = site.client.application.extensions["flasknb"]["flasknb"].contents  # type: ignore[union-attr]
    assert contents.preferred_dir == "d"
    with pytest.raises(TraitError, match="preferred_dir"):
        contents.preferred_dir = "none"


@pytest.mark.parametrize("address", ["/api/contents", "/api/contents/"])
def test_the_root_is_a_folder_with_and_without_its_slash(site: Site, address: str) -> None:
    """Clients join ``api/contents/`` and a path, which is empty for the root."""
    assert site.ask("GET", address).json["type"] == "directory"
    made = site.ask("POST", address, json={"type": "file"})
    assert (made.status_code, made.location) == (201, f"{site.prefix}/api/contents/untitled")
    saved = site.ask("PUT", address, json={})
    assert (saved.status_code, saved.location) == (201, f"{site.prefix}/api/contents/untitled1")
    assert site.ask("PATCH", address, json={"path": "x"}).status_code == 400
    refused = site.ask("DELETE", address)
    assert (refused.status_code, refused.json["message"]) == (400, "Can't delete root")
