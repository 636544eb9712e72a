"""What a save does beside saving, row by row: checkpoints, trust, hooks, events, limits."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import pytest

from tests.contents_site import Site, notebook, open_site, save_notebook, save_text
from tests.contract.contents.conftest import TIME, Heard, names_in


@pytest.mark.row("4.3 checkpoints")
def test_checkpoints(site: Site) -> None:
    save_text(site, "d%20e.txt", "one")
    assert site.contents("GET", "d%20e.txt/checkpoints").json == []
    made = site.contents("POST", "d%20e.txt/checkpoints")
    assert (made.status_code, set(made.json)) == (201, {"id", "last_modified"})
    assert TIME.fullmatch(made.json["last_modified"])
    assert unquote(made.location) == f"{site.prefix}/api/contents/d e.txt/checkpoints/checkpoint"
    assert site.contents("GET", "d%20e.txt/checkpoints").json == [made.json]
    save_text(site, "d%20e.txt", "two")
    restored = site.contents("POST", "d%20e.txt/checkpoints/checkpoint")
    assert (restored.status_code, restored.data) == (204, b"")
    assert (site.root / "d e.txt").read_text() == "one"
    assert (site.root / ".ipynb_checkpoints" / "d e-checkpoint.txt").read_text() == "one"
    assert site.contents("PATCH", "d%20e.txt", {"path": "f.txt"}).status_code == 200
    assert len(site.contents("GET", "f.txt/checkpoints").json) == 1
    assert site.contents("DELETE", "f.txt/checkpoints/checkpoint").status_code == 204
    for method in ("POST", "DELETE"):
        answer = site.contents(method, "f.txt/checkpoints/checkpoint")
        assert (answer.status_code, answer.json["message"]) == (404, "Checkpoint does not exist: f.txt@checkpoint")
        assert site.contents(method, "f.txt/checkpoints/other").status_code == 404
    assert site.contents("GET", "none.txt/checkpoints").status_code == 404
    assert site.contents("POST", "none.txt/checkpoints").status_code == 404


@pytest.mark.row("4.3 trust", "4.3 signing")
def test_trust_travels_with_a_save_and_is_given_on_request(site: Site) -> None:
    content = notebook("1")
    content["cells"][0]["outputs"] = [nbformat.v4.new_output("display_data", data={"text/html": "<b>x</b>"})]
    content["cells"][0]["metadata"] = {"trusted": True, "mine": 1}
    content["cells"][0]["execution_count"] = 7
    save_notebook(site, "a.ipynb", content)
    cell = site.model("a.ipynb")["content"]["cells"][0]
    assert (cell["metadata"], cell["execution_count"]) == ({"trusted": True, "mine": 1}, 7)
    on_disk = json.loads((site.root / "a.ipynb").read_text())["cells"][0]
    assert (on_disk["metadata"], on_disk["execution_count"]) == ({"mine": 1}, 7)
    (site.root / "b.ipynb").write_text(json.dumps(notebook("other") | {"cells": [on_disk | {"source": "changed"}]}))
    assert site.model("b.ipynb")["content"]["cells"][0]["metadata"]["trusted"] is False
    answer = site.ask("POST", "/api/contents/b.ipynb/trust")
    assert (answer.status_code, answer.data, answer.mimetype) == (201, b"", "text/html")
    assert site.model("b.ipynb")["content"]["cells"][0]["metadata"]["trusted"] is True
    assert site.ask("POST", "/api/contents/none.ipynb/trust").status_code == 404


@pytest.mark.row("4.3 chunks")
def test_an_upload_in_pieces_runs_its_hooks_once(tmp_path: Path) -> None:
    calls: list[str] = []
    hooks = {
        "ContentsManager.pre_save_hook": lambda model, path, contents_manager: calls.append(f"pre {model['chunk']}"),
        "ContentsManager.post_save_hook": lambda model, os_path, contents_manager: calls.append(
            f"post {model['size']}"
        ),
    }
    site = open_site(tmp_path, **hooks)

    def piece(content: bytes, chunk: int) -> int:
        body = {"type": "file", "format": "base64", "content": base64.b64encode(content).decode(), "chunk": chunk}
        return site.contents("PUT", "up.bin", body).status_code

    assert [piece(b"\x00ab", 1), piece(b"cd", 2), piece(b"ef", 3), piece(b"g", -1)] == [201, 200, 200, 200]
    assert (site.root / "up.bin").read_bytes() == b"\x00abcdefg"
    assert calls == ["pre 1", "post 8"]
    assert [piece(b"new", 1), piece(b"!", -1)] == [200, 200]
    assert (site.root / "up.bin").read_bytes() == b"new!"
    for chunk, status in ((0, 400), (-2, 400), (True, 400), (1.5, 400)):
        assert piece(b"x", chunk) == status  # type: ignore[arg-type]
    assert (site.root / "up.bin").read_bytes() == b"new!"


@pytest.mark.row("4.3 atomic")
def test_a_failed_save_leaves_the_old_file_and_nothing_else(site: Site) -> None:
    save_notebook(site, "a.ipynb", notebook("old"))
    before = (site.root / "a.ipynb").read_bytes()
    broken = notebook("new")
    broken["cells"] = "none"
    answer = save_notebook(site, "a.ipynb", broken)
    assert answer.status_code == 400
    assert save_notebook(site, "first.ipynb", broken).status_code == 400
    assert (site.root / "a.ipynb").read_bytes() == before
    assert names_in(site.root) == [".ipynb_checkpoints", "a.ipynb"]


def test_without_atomic_writing_the_file_itself_is_written(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"FileContentsManager.use_atomic_writing": False})
    (site.root / "a.txt").write_text("old and longer")
    (site.root / "link").symlink_to("a.txt")
    inode = (site.root / "a.txt").stat().st_ino
    assert save_text(site, "a.txt", "new").status_code == 200
    assert save_text(site, "link", "newer").status_code == 200
    assert (site.root / "a.txt").read_text() == "newer"
    assert (site.root / "a.txt").stat().st_ino == inode
    assert (site.root / "link").is_symlink()


@pytest.mark.row("4.3 first checkpoint")
def test_the_first_save_of_a_notebook_can_be_gone_back_to(site: Site) -> None:
    save_notebook(site, "a.ipynb", notebook("first"))
    save_notebook(site, "a.ipynb", notebook("second"))
    assert len(site.contents("GET", "a.ipynb/checkpoints").json) == 1
    site.contents("POST", "a.ipynb/checkpoints/checkpoint")
    assert site.model("a.ipynb")["content"]["cells"][0]["source"] == "first"
    save_text(site, "a.txt", "x")
    assert site.contents("GET", "a.txt/checkpoints").json == []


@pytest.mark.row("4.3 events")
def test_every_action_is_told_once(site: Site, heard: Heard) -> None:
    save_text(site, "a.txt", "x")
    save_text(site, "a.txt", "y")
    site.contents("GET", "a.txt")
    site.contents("POST", "", {"copy_from": "a.txt"})
    site.contents("PATCH", "a.txt", {"path": "b.txt"})
    site.contents("DELETE", "b.txt")
    site.contents("POST", "", {"type": "directory"})
    site.contents("GET", "none")
    site.contents("DELETE", "none")
    assert heard == [
        {"action": "create", "path": "a.txt"},
        {"action": "save", "path": "a.txt"},
        {"action": "save", "path": "a.txt"},
        {"action": "get", "path": "a.txt"},
        {"action": "copy", "path": "a-Copy1.txt", "source_path": "a.txt"},
        {"action": "rename", "path": "b.txt", "source_path": "a.txt"},
        {"action": "delete", "path": "b.txt"},
        {"action": "create", "path": "Untitled Folder"},
    ]


@pytest.mark.row("4.3 hooks")
def test_hooks_by_configuration_and_by_registration(tmp_path: Path) -> None:
    calls: list[str] = []

    def pre(model: dict[str, Any], path: str, contents_manager: Any) -> None:
        calls.append(f"pre {path}")
        model["content"] += "!"

    def post(model: dict[str, Any], os_path: str, contents_manager: Any) -> None:
        calls.append(f"post {os_path}")
        if model["name"] == "bad.txt":
            raise ValueError("no room")

    def broken(**_: Any) -> None:
        raise ValueError("a hook that fails before a save")

    site = open_site(tmp_path, **{"ContentsManager.pre_save_hook": pre})
    contents = site.services.contents
    contents.register_pre_save_hook(broken)
    contents.register_post_save_hook(post)
    assert save_text(site, "a.txt", "x").status_code == 201
    assert (site.root / "a.txt").read_text() == "x!"
    assert calls == ["pre a.txt", f"post {site.root}/a.txt"]
    answer = save_text(site, "bad.txt", "x")
    assert answer.status_code == 500
    assert answer.json["message"].startswith("Unexpected error while running post hook save: no room")
    assert (site.root / "bad.txt").read_text() == "x!"


def test_the_mode_of_a_saved_file_stays(site: Site) -> None:
    (site.root / "a.sh").write_text("x")
    (site.root / "a.sh").chmod(0o750)
    save_text(site, "a.sh", "y")
    assert stat.S_IMODE((site.root / "a.sh").stat().st_mode) == 0o750
