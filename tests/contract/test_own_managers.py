"""Contents managers and checkpoints of a user's own, by configuration, with the documented method names."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, ClassVar

import pytest

from flasknb.contents.asynchronous import (
    AsyncCheckpoints,
    AsyncContentsManager,
    AsyncFileCheckpoints,
    AsyncFileContentsManager,
    AsyncGenericFileCheckpoints,
    AsyncLargeFileManager,
)
from flasknb.contents.checkpoints import Checkpoints, FileCheckpoints
from flasknb.contents.filemanager import FileContentsManager
from flasknb.contents.generic_checkpoints import GenericFileCheckpoints
from flasknb.contents.largefiles import LargeFileManager
from flasknb.contents.manager import ContentsManager
from tests.contents_site import Site, notebook, open_site, save_notebook, save_text

NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)


class HTTPError(Exception):
    """As managers for tornado servers raise it."""

    def __init__(self, status_code: int, log_message: str) -> None:
        super().__init__(log_message)
        self.status_code, self.log_message, self.reason = status_code, log_message, None


class Shelf:
    """What both managers in memory do: path → model; folders are prefixes."""

    entries: ClassVar[dict[str, dict[str, Any]]]

    def found(self, path: str) -> dict[str, Any]:
        if path not in self.entries:
            raise HTTPError(404, f"nothing called {path} in memory")
        return self.entries[path]

    def is_folder(self, path: str) -> bool:
        return path == "" or self.entries.get(path, {}).get("type") == "directory"

    def model(self, path: str, content: bool) -> dict[str, Any]:
        entry = {"type": "directory", "content": []} if path == "" else self.found(path)
        model = {"name": path.rpartition("/")[2], "path": path, "created": NOW, "last_modified": NOW, "writable": True}
        model |= {"type": entry["type"], "mimetype": None, "content": None, "format": None}
        if content and self.is_folder(path):
            inside = [name for name in self.entries if name.rpartition("/")[0] == path]
            model |= {"content": [self.model(name, False) for name in inside], "format": "json"}
        elif content:
            model |= {"content": entry["content"], "format": entry.get("format") or "json"}
        return model

    def put(self, model: dict[str, Any], path: str) -> dict[str, Any]:
        if path.rpartition("/")[0] and not self.is_folder(path.rpartition("/")[0]):
            raise HTTPError(404, "no such folder in memory")
        self.entries[path] = {name: model.get(name) for name in ("type", "content", "format")}
        return self.model(path, False)


class MemoryManager(Shelf, ContentsManager):
    """Only what the documentation tells authors to implement, without a disk; synchronous."""

    entries: ClassVar[dict[str, dict[str, Any]]] = {}

    def dir_exists(self, path: str) -> bool:
        return self.is_folder(path)

    def file_exists(self, path: str = "") -> bool:
        return path in self.entries and not self.is_folder(path)

    def is_hidden(self, path: str) -> bool:
        return False

    def get(self, path: str, content: bool = True, type: str | None = None, format: str | None = None) -> Any:  # type: ignore[override]
        return self.model(path, content)

    def save(self, model: Any, path: str) -> Any:
        return self.put(model, path)

    def delete_file(self, path: str) -> None:
        del self.entries[path]

    def rename_file(self, old_path: str, new_path: str) -> None:
        self.entries[new_path] = self.entries.pop(old_path)


class AsyncMemoryManager(Shelf, AsyncContentsManager):
    """The same with coroutines that really wait."""

    entries: ClassVar[dict[str, dict[str, Any]]] = {}

    async def dir_exists(self, path: str) -> bool:
        await asyncio.sleep(0)
        return self.is_folder(path)

    async def file_exists(self, path: str = "") -> bool:
        await asyncio.sleep(0)
        return path in self.entries and not self.is_folder(path)

    async def is_hidden(self, path: str) -> bool:
        return False

    async def get(self, path: str, content: bool = True, type: str | None = None, format: str | None = None) -> Any:
        await asyncio.sleep(0.001)
        return self.model(path, content)

    async def save(self, model: Any, path: str) -> Any:
        await asyncio.sleep(0.001)
        return self.put(model, path)

    async def delete_file(self, path: str) -> None:
        del self.entries[path]

    async def rename_file(self, old_path: str, new_path: str) -> None:
        self.entries[new_path] = self.entries.pop(old_path)


class MemoryCheckpoints(Checkpoints):
    """Several checkpoints per file."""

    kept: ClassVar[dict[tuple[str, str], Any]] = {}

    def create_checkpoint(self, contents_mgr: Any, path: str) -> Any:
        name = f"number-{len(self.kept)}"
        self.kept[path, name] = contents_mgr.entries[path].copy()
        return {"id": name, "last_modified": NOW}

    def restore_checkpoint(self, contents_mgr: Any, checkpoint_id: str, path: str) -> None:
        contents_mgr.entries[path] = self.kept[path, checkpoint_id].copy()

    def rename_checkpoint(self, checkpoint_id: str, old_path: str, new_path: str) -> None:
        self.kept[new_path, checkpoint_id] = self.kept.pop((old_path, checkpoint_id))

    def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        self.kept.pop((path, checkpoint_id))

    def list_checkpoints(self, path: str) -> Any:
        return [{"id": name, "last_modified": NOW} for owner, name in self.kept if owner == path]


class AsyncMemoryCheckpoints(AsyncCheckpoints):
    """The same with coroutines."""

    kept: ClassVar[dict[tuple[str, str], Any]] = {}

    async def create_checkpoint(self, contents_mgr: Any, path: str) -> Any:
        return MemoryCheckpoints.create_checkpoint(self, contents_mgr, path)  # type: ignore[arg-type]

    async def restore_checkpoint(self, contents_mgr: Any, checkpoint_id: str, path: str) -> None:
        MemoryCheckpoints.restore_checkpoint(self, contents_mgr, checkpoint_id, path)  # type: ignore[arg-type]

    async def rename_checkpoint(self, checkpoint_id: str, old_path: str, new_path: str) -> None:
        MemoryCheckpoints.rename_checkpoint(self, checkpoint_id, old_path, new_path)  # type: ignore[arg-type]

    async def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        MemoryCheckpoints.delete_checkpoint(self, checkpoint_id, path)  # type: ignore[arg-type]

    async def list_checkpoints(self, path: str) -> Any:
        return MemoryCheckpoints.list_checkpoints(self, path)  # type: ignore[arg-type]


class SyncSubclass(LargeFileManager):
    """Overrides what authors override most, and calls what it replaces."""

    def get(self, path: str, *args: Any, **kwargs: Any) -> Any:
        return super().get(path, *args, **kwargs)

    def save(self, model: Any, path: str = "") -> Any:
        if path.endswith(".no"):
            raise HTTPError(403, "not here")
        return super().save(model, path)


class AsyncSubclass(AsyncLargeFileManager):
    """The same, written for an asynchronous server."""

    async def get(self, path: str, *args: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(0)
        return await super().get(path, *args, **kwargs)  # type: ignore[misc]

    async def save(self, model: Any, path: str = "") -> Any:
        if path.endswith(".no"):
            raise HTTPError(403, "not here")
        await asyncio.sleep(0)
        return await super().save(model, path)  # type: ignore[misc]

    async def dir_exists(self, path: str) -> bool:
        await asyncio.sleep(0)
        return bool(await super().dir_exists(path))  # type: ignore[misc]


MakeSite = Callable[..., Site]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MakeSite:
    def open_with(manager: type, checkpoints: type | None = None) -> Site:
        for cls in (manager, checkpoints):
            for name in ("entries", "kept"):
                if cls is not None and name in vars(cls):
                    monkeypatch.setattr(cls, name, {})
        options: dict[str, Any] = {"ServerApp.contents_manager_class": manager}
        if checkpoints is not None:
            options["ContentsManager.checkpoints_class"] = checkpoints
        return open_site(tmp_path, **options)

    return open_with


def journey(site: Site) -> None:
    """What a dashboard and an editor do in a session."""
    assert save_text(site, "a.txt", "one").status_code == 201
    assert save_text(site, "a.txt", "two").status_code == 200
    assert site.model("a.txt")["content"] == "two"
    assert save_notebook(site, "n.ipynb", notebook("1 + 1")).status_code == 201
    assert site.model("n.ipynb")["content"]["cells"][0]["source"] == "1 + 1"
    made = [site.contents("POST", "", {"type": "notebook"}).json["name"] for _ in range(2)]
    assert made == ["Untitled.ipynb", "Untitled1.ipynb"]
    assert site.contents("POST", "", {"type": "directory"}).json["name"] == "Untitled Folder"
    assert site.contents("POST", "Untitled%20Folder", {"copy_from": "a.txt"}).json["path"] == "Untitled Folder/a.txt"
    assert site.contents("POST", "", {"copy_from": "a.txt"}).json["path"] == "a-Copy1.txt"
    made = site.contents("POST", "a.txt/checkpoints")
    assert made.status_code == 201
    save_text(site, "a.txt", "three")
    assert site.contents("PATCH", "a.txt", {"path": "b.txt"}).json["path"] == "b.txt"
    assert site.contents("POST", f"b.txt/checkpoints/{made.json['id']}").status_code == 204
    assert site.model("b.txt")["content"] == "two"
    assert site.contents("GET", "b.txt/checkpoints").json == [made.json]
    assert site.ask("GET", "/files/b.txt").data == b"two"
    assert site.contents("DELETE", "b.txt").status_code == 204
    assert site.contents("GET", "b.txt").status_code == 404
    names = {child["name"] for child in site.model("")["content"]}
    assert names == {"n.ipynb", "Untitled.ipynb", "Untitled1.ipynb", "Untitled Folder", "a-Copy1.txt"}


@pytest.mark.row("4.3 own classes")
@pytest.mark.parametrize(
    ("manager", "checkpoints"),
    [
        (MemoryManager, MemoryCheckpoints),
        (MemoryManager, GenericFileCheckpoints),
        (MemoryManager, AsyncMemoryCheckpoints),
        (AsyncMemoryManager, AsyncMemoryCheckpoints),
        (AsyncMemoryManager, AsyncGenericFileCheckpoints),
        (SyncSubclass, None),
        (SyncSubclass, GenericFileCheckpoints),
        (SyncSubclass, AsyncFileCheckpoints),
        (AsyncSubclass, None),
        (AsyncSubclass, FileCheckpoints),
        (AsyncSubclass, AsyncGenericFileCheckpoints),
        (FileContentsManager, None),
        (AsyncFileContentsManager, AsyncFileCheckpoints),
    ],
)
def test_a_session_with_classes_of_ones_own(make: MakeSite, manager: type, checkpoints: type | None) -> None:
    journey(make(manager, checkpoints))


@pytest.mark.row("4.3 own classes")
@pytest.mark.parametrize("manager", [SyncSubclass, AsyncSubclass])
def test_what_ones_own_class_refuses_is_refused(make: MakeSite, manager: type) -> None:
    site = make(manager)
    answer = save_text(site, "x.no", "x")
    assert (answer.status_code, answer.json["message"]) == (403, "not here")


@pytest.mark.row("2.1 other managers")
@pytest.mark.parametrize("manager", [MemoryManager, AsyncMemoryManager])
def test_files_of_a_manager_without_files(make: MakeSite, manager: type) -> None:
    site = make(manager, MemoryCheckpoints)
    raw = base64.b64encode(b"\x1f\x8b\x00binary").decode()
    for name in ("a.gz", "a.bz2", "a.png"):
        assert site.contents("PUT", name, {"type": "file", "format": "base64", "content": raw}).status_code == 201
    save_text(site, "a.html", "<b>ä</b>")
    save_notebook(site, "n.ipynb", notebook("1"))
    site.contents("PUT", "d", {"type": "directory"})
    assert site.ask("GET", "/files/a.gz").data == b"\x1f\x8b\x00binary"
    types = {name: site.ask("GET", f"/files/{name}").mimetype for name in ("a.gz", "a.png", "a.html", "n.ipynb")}
    assert types == {
        "a.gz": "application/gzip",
        "a.png": "image/png",
        "a.html": "text/html",
        "n.ipynb": "application/x-ipynb+json",
    }
    answer = site.ask("GET", "/files/a.html", headers={"Range": "bytes=3-4"})
    assert (answer.status_code, answer.data) == (206, "ä".encode())
    assert answer.headers["Content-Security-Policy"].endswith("sandbox allow-scripts")
    assert site.ask("GET", "/files/d").status_code == 403
    assert site.ask("GET", "/files/none").status_code == 404
    assert site.ask("GET", "/view/a.html").status_code == 200


def test_two_untitled_notebooks_of_an_asynchronous_manager_get_two_names(make: MakeSite) -> None:
    from concurrent.futures import ThreadPoolExecutor

    site = make(AsyncSubclass)
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(lambda _: site.contents("POST", "", {"type": "file"}).json["name"], range(8)))
    assert len(set(names)) == 8
