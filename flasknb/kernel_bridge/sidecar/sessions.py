"""Which document has which kernel, in SQLite, so that it survives the sidecar."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import uuid
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakValueDictionary

from traitlets import Unicode
from traitlets.config import Configurable

from flasknb.errors import BadRequest, KernelGone, KernelMissing, KernelSpecMissing, SessionFailed, SessionMissing
from flasknb.kernel_bridge.models import Change, ChangeKind, KernelRequest, SessionChange, SessionModel, SessionRequest
from flasknb.kernel_bridge.sidecar.kernels import Kernels

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions
    (id TEXT PRIMARY KEY, path TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, kernel_id TEXT NOT NULL,
     owner TEXT NOT NULL DEFAULT '')
"""
ADD_OWNER = "ALTER TABLE sessions ADD COLUMN owner TEXT NOT NULL DEFAULT ''"  # older files, and Jupyter's, have none
SELECT = "SELECT id, path, name, type, kernel_id, owner FROM sessions"
REPLACE = "INSERT OR REPLACE INTO sessions (id, path, name, type, kernel_id, owner) VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class SessionRow:
    """One row; the kernel may be gone."""

    id: str
    path: str
    name: str
    type: str
    kernel_id: str
    owner: str = ""


class SessionManager(Configurable):
    """Sessions and their kernels. Event loop only; changes of one path are one at a time."""

    database_filepath = Unicode(
        "", help="SQLite file of the sessions, or ':memory:'; empty is a file in the instance's private folder."
    ).tag(config=True)

    def __init__(self, kernels: Kernels, instance_dir: Path, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._kernels = kernels
        self._database = _opened(self.database_filepath or str(instance_dir / "sessions.sqlite"))
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._heard = kernels.changes.newest
        kernels.changes.listen(self._hear)
        for row in self._rows():
            if not kernels.is_alive(row.kernel_id):
                self._delete(row.id)

    def close(self) -> None:
        """Close the database."""
        self._kernels.changes.unlisten(self._hear)
        self._database.close()

    def models(self, viewer: str | None = None) -> list[SessionModel]:
        """Every session whose kernel lives, and that ``viewer`` may know of (``None``: all)."""
        rows = [row for row in self._rows() if viewer in (None, row.owner)]
        return [self._model(row) for row in rows if self._kernels.is_alive(row.kernel_id)]

    def owner_of(self, session_id: str) -> str | None:
        """Whose session that is; ``None`` where there is none."""
        return next((row.owner for row in self._query(f"{SELECT} WHERE id = ?", session_id)), None)

    def get(self, session_id: str) -> SessionModel:
        """One session. Raises SessionMissing, also when its kernel is gone."""
        row = self._row(session_id)
        if not self._kernels.is_alive(row.kernel_id):
            raise _missing(session_id)
        return self._model(row)

    async def create(self, request: SessionRequest) -> SessionModel:
        """The living session of a path as it is, or a new one. Each owner has sessions of their own.

        Raises:
            SessionFailed: no such specification.
            KernelFailed, KernelIdTaken: as the kernel's start.
        """
        lock = self._locks.setdefault(request.path, asyncio.Lock())
        async with lock:
            owner = request.kernel.owner
            for row in self._rows_of(request.path, owner):
                if self._kernels.is_alive(row.kernel_id):
                    return self._model(row)
                self._delete(row.id)
            kernel_id = request.kernel_id
            if kernel_id is None or not self._kernels.is_alive(kernel_id):
                kernel_id = await self._start(request.kernel, request.path)
            row = SessionRow(str(uuid.uuid4()), request.path, request.name, request.type, kernel_id, owner)
            self._save(row)
            self._tell(ChangeKind.SESSION_CREATED, row)
            return self._model(row)

    async def update(self, session_id: str, change: SessionChange) -> SessionModel:
        """Rename, or change kernel.

        Raises:
            SessionMissing, SessionFailed; BadRequest for a kernel id that does not exist.
        """
        row = self._row(session_id)
        if change.kernel_id is not None and not self._kernels.is_alive(change.kernel_id):
            raise BadRequest(f"No such kernel: {change.kernel_id}")
        given = {name: value for name in ("path", "name", "type") if (value := getattr(change, name)) is not None}
        if change.kernel_id is not None:
            given["kernel_id"] = change.kernel_id
        elif change.kernel is not None:
            given["kernel_id"] = await self._start(change.kernel, given.get("path", row.path))
            row = await self._row_after_start(session_id, given["kernel_id"])
        elif not self._kernels.is_alive(row.kernel_id):
            raise _missing(session_id)
        old_kernel_id, row = row.kernel_id, replace(row, **given)
        self._save(row)
        self._tell(ChangeKind.SESSION_CHANGED, row)
        if row.kernel_id != old_kernel_id:
            with suppress(KernelMissing):  # it ended by itself
                await self._end_if_unused(old_kernel_id)
        return self._model(row)

    async def delete(self, session_id: str) -> None:
        """End a session and its kernel. Raises SessionMissing; KernelGone when the kernel ended before."""
        row = self._row(session_id)
        await self._kernels.say_farewell(row.kernel_id)
        self._delete(row.id)
        if self._kernels.is_alive(row.kernel_id):
            self._tell(ChangeKind.SESSION_DELETED, row)
        gone = KernelGone("Kernel deleted before session")
        if not self._kernels.is_known(row.kernel_id):  # others may have had the same kernel, and lost it too
            raise gone
        try:
            await self._end_if_unused(row.kernel_id)
        except KernelMissing:
            raise gone from None

    async def _row_after_start(self, session_id: str, kernel_id: str) -> SessionRow:
        """The row as it is now: while the kernel started, others may have changed or deleted it."""
        try:
            return self._row(session_id)
        except SessionMissing:
            await self._end_if_unused(kernel_id)
            raise

    def _hear(self) -> None:
        """A kernel that was shut down or culled takes its sessions along; their rows stay for the 410 of a DELETE."""
        _, changes = self._kernels.changes.after(self._heard)
        self._heard = self._kernels.changes.newest
        for change in changes:
            if change.kind is ChangeKind.KERNEL_STOPPED:
                for row in self._query(f"{SELECT} WHERE kernel_id = ?", change.kernel_id):
                    self._tell(ChangeKind.SESSION_DELETED, row)

    def _tell(self, kind: ChangeKind, row: SessionRow) -> None:
        self._kernels.changes.publish(Change(kind, row.kernel_id, session_id=row.id, path=row.path))

    async def _end_if_unused(self, kernel_id: str) -> None:
        if not any(row.kernel_id == kernel_id for row in self._rows()):
            await self._kernels.shutdown(kernel_id)

    async def _start(self, request: KernelRequest, path: str) -> str:
        disk_path = self._kernels.root_dir / path.lstrip("/")
        if ".." in disk_path.parts or "\0" in path:
            disk_path = self._kernels.root_dir / "untitled"
        if request.disk_cwd is None:
            request = replace(request, disk_cwd=str(disk_path.parent))
        try:
            return (await self._kernels.start(request, session_name=str(disk_path))).id
        except KernelSpecMissing as error:
            raise SessionFailed(error.message, fields=error.fields) from error

    def _model(self, row: SessionRow) -> SessionModel:
        kernel = self._kernels.get(row.kernel_id).model
        return SessionModel(row.id, row.path, row.name, row.type, kernel)

    def _rows(self) -> list[SessionRow]:
        return self._query(f"{SELECT} ORDER BY rowid")

    def _rows_of(self, path: str, owner: str) -> list[SessionRow]:
        return self._query(f"{SELECT} WHERE path = ? AND owner = ?", path, owner)

    def _row(self, session_id: str) -> SessionRow:
        rows = self._query(f"{SELECT} WHERE id = ?", session_id)
        if not rows:
            raise _missing(session_id)
        return rows[0]

    def _query(self, statement: str, *values: str) -> list[SessionRow]:
        with closing(self._database.execute(statement, values)) as cursor:
            return [SessionRow(*row) for row in cursor]

    def _save(self, row: SessionRow) -> None:
        values = (row.id, row.path, row.name, row.type, row.kernel_id, row.owner)
        with self._database:
            self._database.execute(REPLACE, values)

    def _delete(self, session_id: str) -> None:
        with self._database:
            self._database.execute("DELETE FROM sessions WHERE id = ?", (session_id,))


def _opened(path: str) -> sqlite3.Connection:
    """The database at ``path``; one that cannot be read is put aside, for it names nothing but running kernels.

    Nothing in it outlives a power cut, so nothing is waited for to reach the disk.
    """
    for is_last in (False, True):
        database = sqlite3.connect(path)
        try:
            database.execute("PRAGMA synchronous = OFF")
            with database:
                database.execute(SCHEMA)
                if "owner" not in [column[1] for column in database.execute("PRAGMA table_info(sessions)")]:
                    database.execute(ADD_OWNER)
            database.execute(f"{SELECT} ORDER BY rowid").fetchall()
        except sqlite3.DatabaseError as error:
            database.close()
            if is_last or isinstance(error, sqlite3.OperationalError):
                raise
            log.warning("sessions forgotten, their file is damaged path=%s error=%s", path, error)
            Path(path).replace(f"{path}.damaged")
        else:
            return database
    raise AssertionError("unreachable")


def _missing(session_id: str) -> SessionMissing:
    return SessionMissing(f"Session not found: session_id={session_id!r}")
