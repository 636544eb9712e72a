"""Reading over the contents API row by row, as programs rely on it: fields, statuses, headers, sentences."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path

import nbformat
import pytest

from tests.contents_site import Site, notebook, open_site, save_notebook, save_text
from tests.contract.contents.conftest import FIELDS, TIME


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
def test_hidden_entries_and_globs(tmp_path: Path) -> None:
    shown = open_site(tmp_path, **{"ContentsManager.allow_hidden": True})
    site = open_site(tmp_path)
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


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_wrong_method_is_a_405(site: Site, method: str) -> None:
    (site.root / "a.txt").write_text("x")
    answer = site.ask(method, "/api/contents/a.txt/checkpoints/checkpoint" if method == "PUT" else "/files/a.txt")
    assert answer.status_code == (404 if method == "PUT" else 405)
    assert (site.root / "a.txt").read_text() == "x"


def test_the_preferred_folder_must_exist(tmp_path: Path) -> None:
    from traitlets import TraitError

    (tmp_path / "root" / "d").mkdir(parents=True)
    site = open_site(tmp_path, **{"FileContentsManager.preferred_dir": "/d/"})
    contents = site.services.contents
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
