"""nbformat's notary, and its signature database with more patience. Imported by the first notebook."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

import flasknb.contents.late_nbformat  # noqa: F401 - before nbformat itself, which would bring all of jsonschema

# isort: split
from nbformat.sign import MemorySignatureStore, NotebookNotary, SignatureStore, SQLiteSignatureStore

__all__ = ["MemorySignatureStore", "NotebookNotary", "open_store"]

DATABASE_WAIT_S = 2.0
PASSING_TROUBLE = ("locked", "busy", "readonly", "read-only", "unable to open", "disk i/o", "full")


class PatientSignatureStore(SQLiteSignatureStore):
    """nbformat's signature database that is not thrown away because another program holds it for a moment."""

    is_for_any_thread = True

    def _connect_db(self, db_file: str) -> Any:
        connection = sqlite3.connect(db_file, timeout=DATABASE_WAIT_S, check_same_thread=False)
        try:
            self.init_db(connection)  # type: ignore[no-untyped-call]
        except sqlite3.Error as error:
            connection.close()
            if any(word in str(error).lower() for word in PASSING_TROUBLE):
                raise
            return super()._connect_db(db_file)  # type: ignore[no-untyped-call]  # corrupt: nbformat moves it aside and starts a new one
        return connection


def open_store(db_file: str) -> SignatureStore:
    """The signatures in a file, made with its folder where missing, or in memory. Raises OSError, sqlite3.Error."""
    if db_file != ":memory:":
        os.makedirs(os.path.dirname(os.path.abspath(db_file)), mode=0o700, exist_ok=True)
    return PatientSignatureStore(db_file)  # type: ignore[no-untyped-call]
