"""Making, copying, renaming and deleting over the contents API, row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.contents_site import Site, open_site
from tests.contract.contents.conftest import names_in


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
def test_copies_are_named_after_their_original(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"FileContentsManager.max_copy_folder_size_mb": 1})
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
def test_deleting(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"FileContentsManager.always_delete_dir": False})
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
    site = open_site(tmp_path, **{"FileContentsManager.delete_to_trash": True})
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
