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
    """nbformat's signature database that is not thrown away because another program holds it for a moment.

    The first signature makes it, not the first look: making it waits for the disk, up to a second where that is busy.
    """

    is_for_any_thread = True

    def store_signature(self, digest: str, algorithm: str) -> None:
        """Remember a signature. Raises sqlite3.Error."""
        if self.db is None:
            self.db = self._connected(self.db_file)
        super().store_signature(digest, algorithm)  # type: ignore[no-untyped-call]

    def check_signature(self, digest: str, algorithm: str) -> bool:
        """Whether it is known; another program may have made the database meanwhile. Raises sqlite3.Error."""
        if self.db is None and os.path.exists(self.db_file):
            self.db = self._connect_db(self.db_file)
        return bool(super().check_signature(digest, algorithm))  # type: ignore[no-untyped-call]

    def remove_signature(self, digest: str, algorithm: str) -> None:
        """Forget a signature. Raises sqlite3.Error."""
        if self.check_signature(digest, algorithm):
            super().remove_signature(digest, algorithm)  # type: ignore[no-untyped-call]

    def _connect_db(self, db_file: str) -> Any:
        return self._connected(db_file) if db_file == ":memory:" or os.path.exists(db_file) else None

    def _connected(self, db_file: str) -> Any:
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
