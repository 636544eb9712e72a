"""Renaming and deleting, with the checkpoints that go along."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contents_site import Site, notebook, open_site, save_notebook


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


def test_renaming_moves_the_entry_and_its_checkpoint(site: Site) -> None:
    save_notebook(site, "n.ipynb", notebook("1"))
    (site.root / "d").mkdir()
    answer = site.contents("PATCH", "n.ipynb", {"path": "d/m x.ipynb"})
    assert answer.status_code == 200
    assert answer.headers["Location"] == f"{site.prefix}/api/contents/d/m%20x.ipynb"
    assert (answer.json["path"], answer.json["content"]) == ("d/m x.ipynb", None)
    assert len(site.contents("GET", "d/m%20x.ipynb/checkpoints").json) == 1
    assert [entry.name for entry in (site.root / ".ipynb_checkpoints").iterdir()] == []


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("a.txt", {"path": "b.txt"}, 409, "File already exists: b.txt"),
        ("nothing", {"path": "c.txt"}, 404, "File or directory does not exist: nothing"),
        ("a.txt", None, 400, "JSON body missing"),
        ("a.txt", {}, 400, "new path"),
        ("a.txt", {"path": "no/such/folder"}, 404, "does not exist"),
        ("d", {"path": "d/e"}, 400, "moved into itself"),
        ("", {"path": "x"}, 400, "root"),
    ],
)
def test_an_impossible_rename_says_why(
    site: Site, path: str, body: dict[str, str] | None, status: int, said: str
) -> None:
    (site.root / "d").mkdir()
    for name in ("a.txt", "b.txt"):
        (site.root / name).write_text(name)
    answer = site.contents("PATCH", path, body)
    assert answer.status_code == status, answer.text
    assert said in answer.json["message"]
    assert (site.root / "b.txt").read_text() == "b.txt"


def test_deleting_takes_the_checkpoint_along(site: Site) -> None:
    save_notebook(site, "n.ipynb", notebook("1"))
    assert site.contents("DELETE", "n.ipynb").status_code == 204
    assert list((site.root / ".ipynb_checkpoints").iterdir()) == []
    assert site.contents("DELETE", "n.ipynb").status_code == 404
    assert site.contents("DELETE", "").json["message"] == "Can't delete root"


def test_a_folder_that_is_not_empty_needs_an_option(tmp_path: Path) -> None:
    careful = open_site(tmp_path, **{"FileContentsManager.always_delete_dir": False})
    (careful.root / "d").mkdir()
    (careful.root / "d" / "f").write_text("")
    refused = careful.contents("DELETE", "d")
    assert (refused.status_code, refused.json["message"]) == (400, "Directory d not empty")
    (careful.root / "d" / "f").unlink()
    assert careful.contents("DELETE", "d").status_code == 204


def test_the_trash_gets_what_is_deleted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    trashed: list[str] = []
    monkeypatch.setattr("flasknb.contents.disk.send2trash", trashed.append)
    site = open_site(tmp_path, **{"FileContentsManager.delete_to_trash": True})
    (site.root / "d").mkdir()
    (site.root / "d" / "f").write_text("")
    assert site.contents("DELETE", "d").status_code == 204
    assert trashed == [str(site.root.resolve() / "d")]


@pytest.mark.parametrize("copied", ["/", ".", "d", "d/above", "./d//"])
@pytest.mark.parametrize("into", ["d", "d/below"])
def test_no_folder_is_copied_into_itself_by_whatever_name(site: Site, copied: str, into: str) -> None:
    (site.root / "d" / "below").mkdir(parents=True)
    (site.root / "d" / "above").symlink_to("../d")
    answer = site.contents("POST", into, {"copy_from": copied})
    assert answer.status_code == 400, answer.text
    assert "cannot be copied into itself" in answer.json["message"]
    assert sorted(path.name for path in site.root.rglob("*")) == ["above", "below", "d"]
