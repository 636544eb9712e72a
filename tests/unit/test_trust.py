"""Trust in notebooks, shared with nbformat's own tools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from traitlets.config import Config

from flasknb.contents.signatures import open_store
from flasknb.contents.trust import Trust


@pytest.fixture
def data_dir(jupyter_dirs: Path) -> Path:
    return jupyter_dirs / "data"


def risky_notebook() -> Any:
    output = nbformat.v4.new_output("display_data", {"text/html": "<script>1</script>"})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[output], id="a")])


@pytest.mark.usefixtures("data_dir")
def test_a_signed_notebook_is_trusted_until_it_changes() -> None:
    trust, notebook = Trust(), risky_notebook()
    assert trust.check_signature(notebook) is False
    assert trust.sign(notebook) is True
    assert trust.check_signature(notebook) is True
    notebook.cells[0].source = "2"
    assert trust.check_signature(notebook) is False


def test_what_jupyter_trust_signs_is_trusted_here_and_the_other_way_round(data_dir: Path) -> None:
    ours, theirs = risky_notebook(), risky_notebook()
    ours.cells[0].source = "ours"
    Trust().sign(ours)
    with NotebookNotary(data_dir=str(data_dir)) as notary:
        assert notary.check_signature(ours)
        notary.sign(theirs)
    assert Trust().check_signature(theirs)
    assert (data_dir / "notebook_secret").stat().st_mode & 0o777 == 0o600


def test_asking_makes_no_database_and_finds_the_one_that_another_program_has_made_since(data_dir: Path) -> None:
    store, asked = open_store(str(data_dir / "nbsignatures.db")), ("00", "sha256")
    assert store.check_signature(*asked) is False  # type: ignore[no-untyped-call]
    store.remove_signature(*asked)  # type: ignore[no-untyped-call]
    assert not (data_dir / "nbsignatures.db").exists()
    other = open_store(str(data_dir / "nbsignatures.db"))
    other.store_signature(*asked)  # type: ignore[no-untyped-call]
    assert store.check_signature(*asked) is True  # type: ignore[no-untyped-call]
    store.remove_signature(*asked)  # type: ignore[no-untyped-call]
    assert other.check_signature(*asked) is False  # type: ignore[no-untyped-call]
    store.close()  # type: ignore[no-untyped-call]
    other.close()  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("data_dir")
def test_marks_say_what_was_decided() -> None:
    trust, notebook = Trust(), risky_notebook()
    trust.mark_cells(notebook, True)
    assert notebook.cells[0].metadata.trusted is True
    assert trust.check_cells(notebook) is True
    assert "trusted" not in notebook.cells[0].metadata
    assert trust.check_cells(notebook) is False


@pytest.mark.usefixtures("data_dir")
def test_an_unsigned_notebook_without_risky_output_is_harmless() -> None:
    assert Trust().check_cells(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", id="a")])) is True


def test_the_users_database_option_is_followed(data_dir: Path, tmp_path: Path) -> None:
    database = tmp_path / "elsewhere" / "signatures.db"
    config = Config({"NotebookNotary": {"db_file": str(database)}})
    notebook = risky_notebook()
    Trust(config=config).sign(notebook)
    assert database.is_file()
    assert not (data_dir / "nbsignatures.db").exists()
    assert Trust().check_signature(notebook) is False


@pytest.mark.parametrize("content", [{}, {"nbformat": 4}, {"nbformat": 4, "metadata": {}, "cells": [1]}])
@pytest.mark.usefixtures("data_dir")
def test_a_document_that_is_no_notebook_is_never_trusted_and_never_an_error(content: dict[str, Any]) -> None:
    trust, notebook = Trust(), nbformat.from_dict(content)
    trust.mark_cells(notebook, True)
    assert trust.check_cells(notebook) is False
    assert trust.check_signature(notebook) is False


def test_empty_options_mean_the_defaults(data_dir: Path) -> None:
    empty = dict.fromkeys(("data_dir", "db_file", "secret_file"), "") | {"secret": b""}
    trust, notebook = Trust(config=Config({"NotebookNotary": empty})), risky_notebook()
    assert trust.sign(notebook) is True
    assert Trust().check_signature(notebook) is True
    assert (data_dir / "notebook_secret").stat().st_size > 100
