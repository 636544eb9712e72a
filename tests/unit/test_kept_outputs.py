"""Outputs beside their notebooks: newest of each cell, private, bounded; placing into documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flasknb.away.placing import place_outputs, source_key
from flasknb.kernel_bridge import kept_outputs
from flasknb.kernel_bridge.kept_outputs import FOLDER, KeptOutputs


def cell(cell_id: str, text: str, **document: Any) -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": text}]
    return {"cell_id": cell_id, "outputs": outputs, "execution_count": 7, "document": document or None}


def test_the_newest_outputs_of_a_cell_count(tmp_path: Path) -> None:
    kept = KeptOutputs(tmp_path)
    assert kept.keep("a/b.ipynb", [cell("x", "old"), cell("y", "other")])
    assert kept.keep("a/b.ipynb", [cell("x", "new")])
    assert [one["outputs"][0]["text"] for one in KeptOutputs(tmp_path).of("a/b.ipynb")] == ["new", "other"]
    assert kept.has("a/b.ipynb")
    assert not kept.has("a/c.ipynb")
    kept.discard("a/b.ipynb")
    kept.discard("a/b.ipynb")
    assert kept.of("a/b.ipynb") == []


def test_folder_and_files_are_private(tmp_path: Path) -> None:
    KeptOutputs(tmp_path).keep("../../etc/passwd", [cell("x", "text")])
    (file,) = (tmp_path / FOLDER).iterdir()
    assert (file.stat().st_mode & 0o077, (tmp_path / FOLDER).stat().st_mode & 0o077) == (0, 0)


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"cells": 5}', b'{"cells": [1, null]}', b"\xff"])
def test_a_damaged_file_is_none(tmp_path: Path, damaged: bytes) -> None:
    kept = KeptOutputs(tmp_path)
    kept.keep("a", [cell("x", "text")])
    next((tmp_path / FOLDER).iterdir()).write_bytes(damaged)
    assert kept.of("a") == []
    assert kept.keep("a", [cell("x", "text")])


def test_files_and_their_number_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_outputs, "MAX_FILES", 3)
    monkeypatch.setattr(kept_outputs, "MAX_FILE_BYTES", 1000)
    kept = KeptOutputs(tmp_path)
    assert not kept.keep("large", [cell("x", "t" * 2000)])
    for number in range(6):
        assert kept.keep(str(number), [cell("x", "text")])
    assert len(list((tmp_path / FOLDER).glob("*.json"))) == 3


def notebook(*sources: str, minor: int = 5) -> dict[str, Any]:
    cells = [
        {"id": f"c{n}", "cell_type": "code", "metadata": {}, "source": one, "outputs": [], "execution_count": None}
        for n, one in enumerate(sources)
    ]
    return {"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": cells}


def texts(document: dict[str, Any]) -> list[str]:
    return ["".join(output["text"] for output in one["outputs"]) for one in document["cells"]]


def test_cells_with_ids_get_the_outputs_of_their_own_source_only() -> None:
    document = notebook("a", "edited", "c")
    runs = [
        cell("c0", "A", source=source_key("a")),
        cell("c1", "B", source=source_key("b")),
        cell("c2", "C"),
        cell("gone", "D"),
    ]
    assert [one["cell_id"] for one in place_outputs(document, runs)] == ["c1", "gone"]
    assert texts(document) == ["A", "", "C"]
    assert document["cells"][0]["execution_count"] == 7


def test_cells_without_ids_are_found_by_source_the_nearest_first() -> None:
    document = notebook("same", "x", "same", "same", minor=2)
    runs = [cell("?", "second", index=2, source=source_key("same")), cell("?", "none", index=0, source="0-0")]
    assert len(place_outputs(document, runs)) == 1
    assert texts(document) == ["", "", "second", ""]


def test_sources_are_named_as_the_page_names_them() -> None:
    assert (source_key(""), source_key("123456789")) == ("0-00000000", "9-cbf43926")


def test_what_belongs_to_the_page_only_is_not_saved() -> None:
    document = notebook("a")
    shown = {"output_type": "display_data", "data": {}, "metadata": {}, "transient": {"display_id": "d"}}
    place_outputs(document, [{**cell("c0", ""), "outputs": [shown]}])
    assert document["cells"][0]["outputs"] == [{"output_type": "display_data", "data": {}, "metadata": {}}]


def test_each_user_has_their_own(tmp_path: Path) -> None:
    kept = KeptOutputs(tmp_path)
    kept.keep("shared.ipynb", [cell("x", "of ann")], "ann")
    kept.keep("shared.ipynb", [cell("x", "of bob")], "bob")
    assert kept.of("shared.ipynb") == []
    assert not kept.has("shared.ipynb")
    kept.discard("shared.ipynb", "bob")
    assert kept.of("shared.ipynb", "bob") == []
    assert kept.of("shared.ipynb", "ann")[0]["outputs"][0]["text"] == "of ann"


def test_they_follow_a_document_and_a_folder_that_is_renamed(tmp_path: Path) -> None:
    kept = KeptOutputs(tmp_path)
    kept.keep("a/b.ipynb", [cell("x", "of ann")], "ann")
    kept.keep("a/b.ipynb", [cell("x", "text")])
    kept.keep("ab.ipynb", [cell("x", "another")])
    kept.follow("a/b.ipynb", "a/c.ipynb")
    kept.follow("a", "d/e")
    assert not kept.has("a/b.ipynb")
    assert kept.of("d/e/c.ipynb")[0]["outputs"][0]["text"] == "text"
    assert kept.of("d/e/c.ipynb", "ann")[0]["outputs"][0]["text"] == "of ann"
    assert kept.of("ab.ipynb")[0]["outputs"][0]["text"] == "another"


def test_a_damaged_file_keeps_nobody_from_following(tmp_path: Path) -> None:
    kept = KeptOutputs(tmp_path)
    kept.keep("a", [cell("x", "text")])
    (tmp_path / FOLDER / "0.json").write_bytes(b"\xff{")
    kept.follow("a", "b")
    assert kept.has("b")
