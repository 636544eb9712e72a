"""Trust asks an open database again, and never one that is not the user's any more."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from flasknb.contents.signatures import PatientSignatureStore
from flasknb.contents.trust import Trust


@pytest.fixture
def data_dir(jupyter_dirs: Path) -> Path:
    return jupyter_dirs / "data"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The databases that were opened, in order."""
    names: list[str] = []
    connect = PatientSignatureStore._connect_db

    def counted(store: PatientSignatureStore, db_file: str) -> Any:
        names.append(db_file)
        return connect(store, db_file)

    monkeypatch.setattr(PatientSignatureStore, "_connect_db", counted)
    return names


def notebook(text: str = "1") -> Any:
    output = nbformat.v4.new_output("display_data", {"text/html": "<script>1</script>"})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text, outputs=[output], id="a")])


def test_one_database_serves_many_questions(data_dir: Path, opened: list[str]) -> None:
    trust = Trust()
    trust.sign(notebook())
    assert all(trust.check_signature(notebook()) for _ in range(5))
    assert trust.check_signature(notebook("2")) is False
    assert opened == [str(data_dir / "nbsignatures.db")]


def test_what_another_program_signed_meanwhile_is_trusted(data_dir: Path) -> None:
    trust = Trust()
    assert trust.check_signature(notebook()) is False
    with NotebookNotary(data_dir=str(data_dir)) as theirs:
        theirs.sign(notebook())
    assert trust.check_signature(notebook()) is True
    with NotebookNotary(data_dir=str(data_dir)) as theirs:
        theirs.unsign(notebook())
    assert trust.check_signature(notebook()) is False


def test_a_database_that_was_thrown_away_is_not_asked_again(data_dir: Path) -> None:
    trust = Trust()
    trust.sign(notebook())
    (data_dir / "nbsignatures.db").unlink()  # jupyter trust --reset
    assert trust.check_signature(notebook()) is False
    assert trust.sign(notebook()) is True
    assert Trust().check_signature(notebook()) is True


def test_a_new_secret_ends_old_signatures(data_dir: Path) -> None:
    trust = Trust()
    trust.sign(notebook())
    (data_dir / "notebook_secret").write_bytes(b"another one")
    assert trust.check_signature(notebook()) is False


def test_a_database_that_was_damaged_meanwhile_is_replaced_and_the_next_save_signs(data_dir: Path) -> None:
    trust = Trust()
    trust.sign(notebook())
    (data_dir / "nbsignatures.db").write_bytes(b"no database" * 100)
    assert trust.check_signature(notebook()) is False
    assert trust.sign(notebook()) is True
    assert trust.check_signature(notebook()) is True


def test_other_folders_have_other_databases(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    trust = Trust()
    trust.sign(notebook())
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "other"))
    assert trust.check_signature(notebook()) is False
    assert opened == [str(data_dir / "nbsignatures.db"), str(tmp_path / "other" / "nbsignatures.db")]


@pytest.mark.usefixtures("data_dir")
def test_threads_share_what_is_open_one_after_the_other() -> None:
    trust, failed = Trust(), []
    trust.sign(notebook())

    def ask() -> None:
        failed.extend(number for number in range(20) if not trust.check_signature(notebook()))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


@pytest.mark.usefixtures("data_dir")
def test_an_error_closes_the_database(opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    trust = Trust()
    trust.sign(notebook())

    def refuse(*_: Any) -> bool:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(PatientSignatureStore, "check_signature", refuse)
        assert trust.check_signature(notebook()) is False
    assert trust.check_signature(notebook()) is True
    assert len(opened) == 2
