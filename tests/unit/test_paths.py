"""The rules of paths."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flasknb.contents.paths import Root, clean_path, has_hidden_part, is_within
from flasknb.errors import BadPath, EntryMissing, UnusablePath


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [("", ""), ("/", ""), ("a", "a"), ("/a//b/", "a/b"), ("./a/./b", "a/b"), ("a b/ü", "a b/ü"), ("...", "...")],
)
def test_every_path_has_one_spelling(given: str, cleaned: str) -> None:
    assert clean_path(given) == cleaned


@pytest.mark.parametrize("path", ["..", "a/..", "../a", "a/../b"])
def test_a_part_that_climbs_is_outside(path: str) -> None:
    with pytest.raises(BadPath, match="outside root contents directory") as caught:
        clean_path(path)
    assert not isinstance(caught.value, UnusablePath)


@pytest.mark.parametrize("path", ["a\0", "\x1b[31m", "a\x7f", "\ud800", "ü" * 128, "a/" * 2100])
def test_what_no_file_can_be_called_is_unusable(path: str) -> None:
    with pytest.raises(UnusablePath):
        clean_path(path)


def test_the_longest_name_is_usable() -> None:
    assert clean_path("ü" * 127) == "ü" * 127


def test_the_message_of_an_endless_path_is_short() -> None:
    with pytest.raises(UnusablePath) as caught:
        clean_path("x" * 100_000)
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(("path", "is_hidden"), [(".a", True), ("a/.b/c", True), ("a.b/c", False), ("", False)])
def test_a_dot_in_front_hides(path: str, is_hidden: bool) -> None:
    assert has_hidden_part(path) is is_hidden


@pytest.mark.parametrize(
    ("real", "folder", "is_inside"),
    [("/data", "/data", True), ("/data/x", "/data", True), ("/data-x", "/data", False), ("/x", "/", True)],
)
def test_folders_are_compared_by_parts(real: str, folder: str, is_inside: bool) -> None:
    assert is_within(real, folder) is is_inside


def test_a_root_that_is_a_link_is_as_good_as_its_target(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("x")
    (tmp_path / "link").symlink_to("real")
    root = Root(str(tmp_path / "link"))
    assert root.resolve("a.txt") == str(tmp_path.resolve() / "real" / "a.txt")


def test_protected_places_are_missing_unless_the_root_is_inside_them(tmp_path: Path) -> None:
    folder = tmp_path.resolve() / "runtime"
    (folder / "work").mkdir(parents=True)
    with pytest.raises(EntryMissing):
        Root(str(tmp_path), protected=(str(folder),)).resolve("runtime/secret")
    assert Root(str(folder / "work"), protected=(str(folder),)).resolve("x") == str(folder / "work" / "x")


@pytest.mark.parametrize("root", ["plain", "link", "/"])
@pytest.mark.parametrize(
    "inside", ["", "a.txt", "none", "none/b", "in", "in/b.txt", "in/none", "a.txt/b", "chain/b.txt"]
)
def test_files_lie_where_the_system_says(tmp_path: Path, root: str, inside: str) -> None:
    place = tmp_path.resolve() / "plain"
    (place / "folder").mkdir(parents=True)
    (place / "a.txt").touch()
    (place / "folder" / "b.txt").touch()
    (place / "in").symlink_to("folder")
    (place / "chain").symlink_to(place / "in")
    (place.parent / "link").symlink_to("plain")
    folder, api_path = ("/", f"{place}/{inside}") if root == "/" else (str(tmp_path / root), inside)
    assert Root(folder).resolve(api_path) == os.path.realpath(f"{folder}/{api_path}")


def test_a_link_that_appears_is_followed_at_once(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    (tmp_path / "a").mkdir()
    assert root.resolve("a/b") == str(tmp_path.resolve() / "a" / "b")
    (tmp_path / "a").rmdir()
    (tmp_path / "a").symlink_to("/")
    with pytest.raises(BadPath, match="outside root"):
        root.resolve("a/b")
