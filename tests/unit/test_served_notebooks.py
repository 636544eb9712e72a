"""A notebook that is read again is what is on the disk now, marked by what is signed now."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import orjson
import pytest

from flasknb.contents import exchange
from flasknb.contents.filemanager import FileContentsManager
from flasknb.contents.operations import Wanted
from flasknb.contents.served_notebooks import LastServed, ServedNotebook, served
from flasknb.contents.trust import Signature

SIGNATURE = Signature("ab", "sha256", b"secret")


@pytest.fixture
def contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileContentsManager:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "root").mkdir()
    return FileContentsManager(root_dir=str(tmp_path / "root"))


def write(contents: FileContentsManager, source: str) -> Path:
    output = {"output_type": "display_data", "data": {"text/html": "<b>x</b>"}, "metadata": {}}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "source": source}
    document = {"cells": [{**cell, "outputs": [output]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    file = Path(contents.root_dir) / "n.ipynb"
    file.write_bytes(orjson.dumps(document))
    return file


def read(contents: FileContentsManager) -> Any:
    _, body = exchange.read_as_json(contents, "n.ipynb", Wanted())
    return orjson.loads(b"".join(body.pieces))["content"]["cells"][0]


def notebook_in(contents: FileContentsManager) -> ServedNotebook:
    notebook = contents.get_for_json("n.ipynb")["content"]
    assert isinstance(notebook, ServedNotebook)
    return notebook


def test_the_same_bytes_are_served_again(contents: FileContentsManager) -> None:
    write(contents, "1")
    assert notebook_in(contents) is notebook_in(contents)


def test_a_change_is_seen_even_with_the_size_and_time_of_before(contents: FileContentsManager) -> None:
    file = write(contents, "1")
    before = file.stat()
    assert read(contents)["source"] == "1"
    write(contents, "2")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read(contents)["source"] == "2"


def test_trust_that_was_given_or_taken_meanwhile_shows(contents: FileContentsManager) -> None:
    file = write(contents, "1")
    assert read(contents)["metadata"] == {"trusted": False}
    contents.trust_notebook("n.ipynb")
    assert read(contents)["metadata"] == {"trusted": True}
    contents.notary.unsign(nbformat.read(file, nbformat.NO_CONVERT))
    assert read(contents)["metadata"] == {"trusted": False}


def test_another_secret_ends_what_the_old_one_signed(contents: FileContentsManager, tmp_path: Path) -> None:
    write(contents, "1")
    contents.trust_notebook("n.ipynb")
    assert read(contents)["metadata"] == {"trusted": True}
    (tmp_path / "data" / "notebook_secret").write_bytes(b"another one")
    assert read(contents)["metadata"] == {"trusted": False}


def test_what_is_kept_is_bounded_and_the_oldest_goes_first() -> None:
    last = LastServed(limit_bytes=100)
    for name in ("a", "b", "c"):
        last.keep(name, b"x" * 20, served([b"y" * 20], SIGNATURE, is_trusted=True))
    assert [last.find(name, b"x" * 20) is not None for name in ("a", "b", "c")] == [False, True, True]


def test_what_is_too_large_is_not_kept_and_takes_nothing_else_out() -> None:
    last = LastServed(limit_bytes=100)
    last.keep("a", b"x" * 20, served([b"y"], SIGNATURE, is_trusted=True))
    last.keep("b", b"x" * 200, served([b"y"], SIGNATURE, is_trusted=True))
    assert last.find("a", b"x" * 20) is not None
    assert last.find("b", b"x" * 200) is None
