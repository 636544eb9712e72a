"""Untitled entries and copies, and what cannot be made."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.contents_site import Site, open_site


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


def test_new_entries_count_on(site: Site) -> None:
    asked = [
        ({"type": "notebook"}, "Untitled.ipynb"),
        ({"ext": ".ipynb"}, "Untitled1.ipynb"),
        ({"type": "file", "ext": ".txt"}, "untitled.txt"),
        ({"ext": ".txt"}, "untitled1.txt"),
        (None, "untitled"),
        ({"type": "directory"}, "Untitled Folder"),
        ({"type": "directory"}, "Untitled Folder 1"),
    ]
    for body, name in asked:
        answer = site.contents("POST", "", body)
        assert answer.status_code == 201, answer.text
        assert answer.json["name"] == name
        assert answer.headers["Location"] == f"{site.prefix}/api/contents/{quote(name)}"
        assert (site.root / name).exists()


def test_a_copy_counts_on_from_the_original(site: Site) -> None:
    (site.root / "d").mkdir()
    (site.root / "a.tar.gz").write_bytes(b"\x1f\x8b")
    names = [
        site.contents("POST", "", {"copy_from": "a.tar.gz"}).json["path"],
        site.contents("POST", "", {"copy_from": "a-Copy1.tar.gz"}).json["path"],
        site.contents("POST", "d", {"copy_from": "a-Copy1.tar.gz"}).json["path"],
    ]
    assert names == ["a-Copy1.tar.gz", "a-Copy2.tar.gz", "d/a.tar.gz"]
    assert (site.root / "d" / "a.tar.gz").read_bytes() == b"\x1f\x8b"


def test_a_folder_is_copied_with_what_is_in_it(site: Site) -> None:
    (site.root / "d").mkdir()
    (site.root / "d" / "a.txt").write_text("a")
    assert site.contents("POST", "", {"copy_from": "d"}).json["path"] == "d-Copy1"
    assert (site.root / "d-Copy1" / "a.txt").read_text() == "a"


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("f.txt", {}, 400, "Cannot POST to files, use PUT instead."),
        ("nowhere", {}, 404, "No such directory: nowhere"),
        ("", {"copy_from": "nothing.txt"}, 404, "does not exist"),
        ("", {"type": "device"}, 400, "device"),
        ("", {"ext": "/../x"}, 400, "ext"),
        ("", {"type": 7}, 400, "type"),
    ],
)
def test_making_something_impossible_says_why(
    site: Site, path: str, body: dict[str, object], status: int, said: str
) -> None:
    (site.root / "f.txt").write_text("")
    answer = site.contents("POST", path, body)
    assert answer.status_code == status
    assert said in answer.json["message"]
