"""Attacks 9 and 10: hidden files and the server's own secrets stay unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contents_site import Site, open_site, save_text

SECRET = "hidden away"
HIDDEN = [".ssh/id", "a/.git/config", ".~x", "a/.hidden/deep/file.txt", ".n.ipynb"]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    opened = open_site(tmp_path)
    for path in HIDDEN:
        (opened.root / path).parent.mkdir(parents=True, exist_ok=True)
        (opened.root / path).write_text(SECRET)
    return opened


@pytest.mark.parametrize("path", HIDDEN)
def test_9_hidden_files_are_not_read(site: Site, path: str) -> None:
    for area in ("api/contents", "files", "view", "edit", "notebooks"):
        answer = site.ask("GET", f"/{area}/{path}")
        assert answer.status_code == 404, area
        assert SECRET not in answer.text
    for action in ("checkpoints", "trust"):
        assert site.contents("POST", f"{path}/{action}", {}).status_code == 404
    assert site.contents("POST", "", {"copy_from": path}).status_code in (400, 404)


@pytest.mark.parametrize("path", HIDDEN)
def test_9_hidden_files_are_not_changed(site: Site, path: str) -> None:
    save_text(site, "mine.txt", "mine")
    refused = [
        save_text(site, path, "evil"),
        site.contents("DELETE", path),
        site.contents("PATCH", path, {"path": "seen.txt"}),
        site.contents("PATCH", "mine.txt", {"path": path + "2"}),
        site.contents("PATCH", "mine.txt", {"path": path}),
        save_text(site, path + "-new", "evil"),
        site.contents("POST", path.rpartition("/")[0] or ".ssh", {"type": "file"}),
    ]
    assert {answer.status_code for answer in refused[:6]} == {400}
    assert (site.root / path).read_text() == SECRET
    assert (site.root / "mine.txt").read_text() == "mine"
    assert not (site.root / (path + "-new")).exists()


def test_9_hidden_files_are_not_listed(site: Site) -> None:
    assert [child["name"] for child in site.model("")["content"]] == ["a"]
    assert site.model("a")["content"] == []


def test_9_an_option_shows_hidden_files(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"ContentsManager.allow_hidden": True})
    (site.root / ".x.txt").write_text("seen")
    assert [child["name"] for child in site.model("")["content"]] == [".x.txt"]
    assert site.model(".x.txt")["content"] == "seen"
    assert site.ask("GET", "/files/.x.txt").text == "seen"


def test_10_a_runtime_folder_inside_the_root_is_never_served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    site = open_site(tmp_path)
    for kind, name in (("RUNTIME", "jupyter_cookie_secret"), ("DATA", "notebook_secret")):
        folder = site.root / kind.lower()
        folder.mkdir()
        (folder / name).write_text(SECRET)
        monkeypatch.setenv(f"JUPYTER_{kind}_DIR", str(folder))
        (site.root / f"link-{kind}").symlink_to(folder / name)
    for path in ("runtime/jupyter_cookie_secret", "data/notebook_secret", "link-RUNTIME", "link-DATA", "runtime"):
        assert site.contents("GET", path).status_code == 404, path
        assert site.ask("GET", f"/files/{path}").status_code == 404, path
        assert site.contents("POST", "", {"copy_from": path}).status_code == 404, path
    assert save_text(site, "runtime/new", "evil").status_code == 404
    assert [child["name"] for child in site.model("")["content"]] == ["data"]
    assert site.model("data")["content"] == []
