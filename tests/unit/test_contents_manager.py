"""What authors of contents managers and hooks rely on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError
from traitlets.config import Config

from flasknb.contents import operations
from flasknb.contents.filemanager import FileContentsManager
from flasknb.contents.largefiles import LargeFileManager
from flasknb.contents.manager import ContentsManager
from flasknb.contents.models import EPOCH, ContentsModel
from flasknb.contents.naming import first_free_name, without_copy_suffix
from flasknb.contents.operations import Wanted
from flasknb.errors import EntryMissing, NotAllowed, SaveFailed
from tests.contents_site import notebook


@pytest.fixture
def root(tmp_path: Path) -> str:
    (tmp_path / "root").mkdir()
    return str(tmp_path / "root")


TEXT: ContentsModel = {"type": "file", "format": "text", "content": "x"}


class MemoryManager(ContentsManager):
    """Keeps text files in a dict; every method a coroutine, as authors for asynchronous servers write them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.files: dict[str, str] = {}

    async def dir_exists(self, path: str) -> bool:  # type: ignore[override]
        await asyncio.sleep(0)
        return path == ""

    async def file_exists(self, path: str = "") -> bool:  # type: ignore[override]
        await asyncio.sleep(0)
        return path in self.files

    async def is_hidden(self, path: str) -> bool:  # type: ignore[override]
        return False

    async def get(self, path: str, content: bool = True, type: str | None = None, format: str | None = None) -> Any:
        if path not in self.files:
            raise HTTPError(404, f"no {path} in memory")
        model = {"name": path, "path": path, "type": "file", "format": "text" if content else None}
        return model | {"content": self.files[path] if content else None, "last_modified": EPOCH, "created": EPOCH}

    async def save(self, model: ContentsModel, path: str) -> Any:  # type: ignore[override]
        self.files[path] = model["content"]
        return await self.get(path, content=False)

    async def copy(self, from_path: str, to_path: str | None = None) -> Any:  # type: ignore[override]
        return super().copy(from_path, to_path)  # a sync method of ours that calls their coroutines


class HTTPError(Exception):
    """What managers for another server raise."""

    def __init__(self, status_code: int, log_message: str) -> None:
        super().__init__(log_message)
        self.status_code, self.log_message, self.reason = status_code, log_message, None


def test_a_manager_of_coroutines_serves_requests() -> None:
    manager = MemoryManager()
    model, is_new = operations.store(manager, "a.txt", TEXT)
    assert (model["path"], is_new) == ("a.txt", True)
    assert operations.read(manager, "a.txt", Wanted())["content"] == "x"
    assert operations.create_in(manager, "", {"copy_from": "a.txt"})["path"] == "a-Copy1.txt"  # type: ignore[typeddict-unknown-key]
    assert operations.create_in(manager, "", {"ext": ".txt"})["path"] == "untitled.txt"  # type: ignore[typeddict-unknown-key]


def test_http_errors_of_foreign_managers_become_ours() -> None:
    with pytest.raises(EntryMissing, match=r"no b\.txt in memory"):
        operations.read(MemoryManager(), "b.txt", Wanted())


def test_a_pre_save_hook_may_change_what_is_saved(root: str) -> None:
    def strip_outputs(model: ContentsModel, path: str, contents_manager: ContentsManager) -> None:
        if model["type"] == "notebook":
            model["content"]["cells"][0]["outputs"] = []

    manager = FileContentsManager(root_dir=root, pre_save_hook=strip_outputs)
    content = notebook("1")
    content["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    manager.save({"type": "notebook", "content": content}, "n.ipynb")
    assert manager.get("n.ipynb")["content"]["cells"][0]["outputs"] == []


def test_a_broken_pre_save_hook_stops_no_save(root: str, caplog: pytest.LogCaptureFixture) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("hook went wrong")

    FileContentsManager(root_dir=root, pre_save_hook=broken).save(TEXT, "a.txt")
    assert (Path(root) / "a.txt").read_text() == "x"
    assert "pre-save hook failed" in caplog.text


@pytest.mark.parametrize("refusal", [NotAllowed("not today"), HTTPError(403, "not today")])
def test_a_pre_save_hook_may_refuse(root: str, refusal: Exception) -> None:
    def refuse(**_: Any) -> None:
        raise refusal

    manager = FileContentsManager(root_dir=root)
    manager.register_pre_save_hook(refuse)
    with pytest.raises(NotAllowed, match="not today"):
        operations.store(manager, "a.txt", TEXT)
    assert not (Path(root) / "a.txt").exists()


def test_a_post_save_hook_gets_the_disk_path_and_its_failure_is_told(root: str) -> None:
    calls: list[tuple[str, str]] = []

    def note(os_path: str, model: ContentsModel, contents_manager: ContentsManager) -> None:
        calls.append((os_path, model["path"]))
        if len(calls) > 1:
            raise RuntimeError("cannot convert")

    manager = FileContentsManager(root_dir=root, post_save_hook=note)
    manager.save(TEXT, "a.txt")
    assert calls == [(str(Path(root) / "a.txt"), "a.txt")]
    with pytest.raises(SaveFailed, match="post hook save: cannot convert"):
        manager.save(TEXT, "a.txt")


def test_hooks_may_be_named_by_import_string(root: str) -> None:
    assert FileContentsManager(root_dir=root, post_save_hook="os.path.join").post_save_hook is not None
    with pytest.raises(TraitError, match="pre_save_hook"):
        FileContentsManager(root_dir=root, pre_save_hook="no.such.module")


def test_documented_options_reach_every_file_manager(root: str) -> None:
    config = Config(
        {
            "ContentsManager": {"untitled_notebook": "Neu", "hide_globs": ["*.bak"]},
            "FileContentsManager": {"delete_to_trash": False, "hash_algorithm": "sha512"},
            "FileCheckpoints": {"checkpoint_dir": ".kept"},
        }
    )
    manager = LargeFileManager(config=config, root_dir=root)
    (Path(root) / "a.bak").write_text("")
    assert manager.new_untitled(type="notebook")["name"] == "Neu.ipynb"
    assert [child["name"] for child in manager.get("")["content"]] == ["Neu.ipynb"]
    assert len(manager.get("Neu.ipynb", content=False, require_hash=True)["hash"] or "") == 128
    assert (Path(root) / ".kept" / "Neu-checkpoint.ipynb").is_file()


def test_a_root_that_is_no_folder_is_refused(root: str) -> None:
    with pytest.raises(TraitError, match="existing folder"):
        FileContentsManager(root_dir=root + "/nowhere")


def test_a_kernel_starts_in_the_nearest_folder_that_exists(root: str) -> None:
    (Path(root) / "d").mkdir()
    manager = FileContentsManager(root_dir=root)
    assert [manager.get_kernel_path(path) for path in ("d/n.ipynb", "d/gone/n.ipynb", "n.ipynb")] == ["d", "d", ""]


def test_a_folder_larger_than_the_limit_is_not_copied(root: str) -> None:
    (Path(root) / "d").mkdir()
    (Path(root) / "d" / "f").write_bytes(b"x" * 1_000_001)
    manager = FileContentsManager(root_dir=root, max_copy_folder_size_mb=1)
    with pytest.raises(Exception, match="more than 1 MB"):
        manager.copy("d")
    assert not (Path(root) / "d-Copy1").exists()


@pytest.mark.parametrize(
    ("name", "taken", "insert", "free"),
    [
        ("a.txt", [], "", "a.txt"),
        ("a.txt", ["a.txt", "a1.txt"], "", "a2.txt"),
        ("a.tar.gz", ["a.tar.gz"], "-Copy", "a-Copy1.tar.gz"),
        ("v1.2.ipynb", ["v1.2.ipynb"], "-Copy", "v1.2-Copy1.ipynb"),
        ("Untitled Folder", ["Untitled Folder"], " ", "Untitled Folder 1"),
    ],
)
def test_numbers_go_before_the_extension(name: str, taken: list[str], insert: str, free: str) -> None:
    assert first_free_name(name, taken.__contains__, insert) == free


@pytest.mark.parametrize(
    ("name", "plain"),
    [("a-Copy1.txt", "a.txt"), ("a-Copy12.tar.gz", "a.tar.gz"), ("a-Copycat.txt", "a-Copycat.txt"), ("a-Copy2", "a")],
)
def test_a_copy_is_named_after_its_original(name: str, plain: str) -> None:
    assert without_copy_suffix(name) == plain
