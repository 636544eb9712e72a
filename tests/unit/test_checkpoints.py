"""Checkpoints: where they lie, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flasknb.contents.checkpoints import FileCheckpoints
from flasknb.contents.filemanager import FileContentsManager
from flasknb.errors import EntryMissing


@pytest.fixture
def manager(tmp_path: Path) -> FileContentsManager:
    (tmp_path / "root").mkdir()
    return FileContentsManager(root_dir=str(tmp_path / "root"), delete_to_trash=False)


def write(manager: FileContentsManager, path: str, text: str) -> None:
    manager.save({"type": "file", "format": "text", "content": text}, path)


def test_a_checkpoint_lies_beside_its_file(manager: FileContentsManager) -> None:
    (Path(manager.root_dir) / "d").mkdir()
    write(manager, "d/a.b.txt", "one")
    manager.create_checkpoint("d/a.b.txt")
    kept = Path(manager.root_dir) / "d" / ".ipynb_checkpoints" / "a.b-checkpoint.txt"
    assert kept.read_text() == "one"


def test_a_second_checkpoint_takes_the_place_of_the_first(manager: FileContentsManager) -> None:
    for text in ("one", "two"):
        write(manager, "a.txt", text)
        manager.create_checkpoint("a.txt")
    write(manager, "a.txt", "three")
    (checkpoint,) = manager.list_checkpoints("a.txt")
    manager.restore_checkpoint(checkpoint["id"], "a.txt")
    assert manager.get("a.txt")["content"] == "two"


def test_a_name_too_long_for_the_addition_still_gets_one(manager: FileContentsManager) -> None:
    names = ["n" * 249 + ending for ending in ("a.txt", "b.txt")]
    for name in names:
        write(manager, name, name)
        manager.create_checkpoint(name)
        write(manager, name, "changed")
    for name in names:
        manager.restore_checkpoint("checkpoint", name)
        assert manager.get(name)["content"] == name


def test_a_folder_that_takes_no_checkpoints_has_them_in_the_users_own(
    manager: FileContentsManager, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(manager, "a.txt", "one")
    refusing = FileCheckpoints(parent=manager, root_dir=manager.root_dir)
    refusing.checkpoint_dir = ".ipynb_checkpoints"
    (Path(manager.root_dir) / ".ipynb_checkpoints").mkdir()
    from flasknb.contents.disk import Disk
    from flasknb.errors import NotAllowed

    ordinary = Disk.write

    def refuse_beside(disk: Disk, api_path: str, content: bytes) -> None:
        if ".ipynb_checkpoints" in api_path:
            raise NotAllowed(f"Permission denied: {api_path}")
        ordinary(disk, api_path, content)

    monkeypatch.setattr(Disk, "write", refuse_beside)
    refusing.create_checkpoint(manager, "a.txt")
    assert len(refusing.list_checkpoints("a.txt")) == 1
    write(manager, "a.txt", "two")
    refusing.restore_checkpoint(manager, "checkpoint", "a.txt")
    assert manager.get("a.txt")["content"] == "one"
    assert list((Path(manager.root_dir) / ".ipynb_checkpoints").iterdir()) == []
    refusing.delete_checkpoint("checkpoint", "a.txt")
    assert refusing.list_checkpoints("a.txt") == []


@pytest.mark.parametrize("checkpoint_id", ["other", "../../x", ""])
def test_an_unknown_checkpoint_is_missing(manager: FileContentsManager, checkpoint_id: str) -> None:
    write(manager, "a.txt", "one")
    manager.create_checkpoint("a.txt")
    with pytest.raises(EntryMissing, match=r"Checkpoint does not exist: a\.txt@"):
        manager.restore_checkpoint(checkpoint_id, "a.txt")


def test_a_missing_file_has_no_checkpoint_to_make(manager: FileContentsManager) -> None:
    with pytest.raises(EntryMissing):
        manager.create_checkpoint("nothing.txt")
