"""What one request asks of a contents manager, whoever wrote the manager. Knows the API's rules, not HTTP."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from flasknb.contents.awaiting import call
from flasknb.contents.manager import ContentsManager
from flasknb.contents.models import TYPES, CheckpointModel, ContentsModel
from flasknb.contents.paths import clean_path, shown
from flasknb.errors import (
    BadRequest,
    EntryExists,
    EntryMissing,
    FlasknbError,
    NotAllowed,
    SaveFailed,
    TooLarge,
)

log = logging.getLogger(__name__)

OPTIONAL_FIELDS: dict[str, Any] = {
    **dict.fromkeys(("size", "mimetype", "format", "content", "hash", "hash_algorithm")),
    "writable": True,
}
FORMATS = ("text", "base64", "json")
FOREIGN_STATUSES: dict[int, type[FlasknbError]] = {
    400: BadRequest,
    401: NotAllowed,
    403: NotAllowed,
    404: EntryMissing,
    409: EntryExists,
    413: TooLarge,
}


@dataclass(frozen=True)
class Wanted:
    """What a reader asks for.

    Attributes:
        type: ``None`` leaves it to the entry.
        format: ``None`` leaves it to the bytes.
        only_json: the model is not looked into, only its JSON sent; a manager may put something quicker into it.
    """

    type: str | None = None
    format: str | None = None
    content: bool = True
    hash: bool = False
    only_json: bool = False

    def check(self) -> Wanted:
        """This, if it can be answered. Raises BadRequest."""
        if self.type is not None and self.type not in TYPES:
            raise BadRequest(f"Type {self.type!r:.40} is invalid")
        if self.format is not None and self.format not in FORMATS:
            raise BadRequest(f"Format {self.format!r:.40} is invalid")
        return self


@contextlib.contextmanager
def manager_errors() -> Iterator[None]:
    """Turn the HTTP errors that subclasses for other servers raise into ours."""
    try:
        yield
    except FlasknbError:
        raise
    except Exception as error:
        status = getattr(error, "status_code", None)
        if not isinstance(status, int):
            raise
        message = str(getattr(error, "log_message", None) or getattr(error, "reason", None) or error)
        raise FOREIGN_STATUSES.get(status, SaveFailed)(message, reason=getattr(error, "reason", None)) from error


def read(contents: ContentsManager, api_path: str, wanted: Wanted) -> ContentsModel:
    """The model of an entry."""
    path = clean_path(api_path)
    with manager_errors():
        _check_visible(contents, path)
        hashed = {"require_hash": True} if wanted.hash else {}  # older subclasses know no such argument
        name = "get_for_json" if wanted.only_json and hasattr(contents, "get_for_json") else "get"
        get: Callable[..., ContentsModel] = getattr(contents, name)
        model = call(get, path, content=wanted.content, type=wanted.type, format=wanted.format, **hashed)
        _tell(contents, "get", path)
        return _completed(model)


def read_for_page(contents: ContentsManager, api_path: str) -> ContentsModel:
    """The model, without content, of a file that a page is about. Raises EntryMissing in the words of pages."""
    try:
        return read(contents, api_path, Wanted(content=False))
    except EntryMissing:
        raise EntryMissing(f"File does not exist: {shown(api_path)}") from None


def create_in(contents: ContentsManager, api_path: str, body: ContentsModel) -> ContentsModel:
    """Make something new in folder ``api_path``: a copy (``copy_from``), else an untitled entry (``type``, ``ext``).

    Raises:
        BadRequest: ``api_path`` is a file.
        EntryMissing: there is no such folder.
    """
    path = clean_path(api_path)
    with manager_errors():
        _check_may_change(contents, path)
        if call(contents.file_exists, path):
            raise BadRequest("Cannot POST to files, use PUT instead.")
        if copy_from := _text(body, "copy_from"):
            model = call(contents.copy, copy_from, path)
            _tell(contents, "copy", model["path"], clean_path(copy_from))
            return _completed(model)
        if not call(contents.dir_exists, path):
            raise EntryMissing(f"No such directory: {shown(path)}")
        model = call(contents.new_untitled, path=path, type=_text(body, "type"), ext=_extension(_text(body, "ext")))
        _tell(contents, "create", model["path"])
        return _completed(model)


def store(contents: ContentsManager, api_path: str, body: ContentsModel) -> tuple[ContentsModel, bool]:
    """Save ``body`` at ``api_path``; an empty body makes an untitled file in the folder ``api_path``.

    Returns:
        The model without content, and whether something new came into being.
    """
    path = clean_path(api_path)
    with manager_errors():
        _check_may_change(contents, path)
        if not body:
            if call(contents.file_exists, path):
                raise EntryMissing(f"No such directory: {shown(path)}")
            return create_in(contents, path, {}), True
        if body.get("copy_from"):
            raise BadRequest("Cannot copy with PUT, only POST")
        if not body.get("type"):
            raise BadRequest("No file type provided")
        is_new = not call(contents.file_exists, path)
        must_exist = bool(body.get("hash")) or "chunk" in body
        model = call(contents.new, body, path) if is_new and not must_exist else call(contents.save, body, path)
        if is_new:
            _tell(contents, "create", path)
        _tell(contents, "save", path)
        return _completed(model), is_new


def rename(contents: ContentsManager, api_path: str, body: ContentsModel | None) -> ContentsModel:
    """Give an entry the path that ``body`` says."""
    if body is None:
        raise BadRequest("JSON body missing")
    new_path = _text(body, "path")
    if not new_path:
        raise BadRequest('The body must say the new path: {"path": …}')
    path = clean_path(api_path)
    with manager_errors():
        _check_may_change(contents, path)
        _check_may_change(contents, clean_path(new_path))
        model = call(contents.update, cast(ContentsModel, {"path": new_path}), path)
        _tell(contents, "rename", clean_path(new_path), path)
        return _completed(model)


def delete(contents: ContentsManager, api_path: str) -> None:
    """Delete an entry and its checkpoints."""
    path = clean_path(api_path)
    with manager_errors():
        _check_may_change(contents, path)
        call(contents.delete, path)
        _tell(contents, "delete", path)


def trust(contents: ContentsManager, api_path: str) -> None:
    """Sign a notebook as it is on disk."""
    path = clean_path(api_path)
    with manager_errors():
        _check_visible(contents, path)
        call(contents.trust_notebook, path)


def list_checkpoints(contents: ContentsManager, api_path: str) -> list[CheckpointModel]:
    """The checkpoints of a file."""
    path = clean_path(api_path)
    with manager_errors():
        _check_visible(contents, path)
        if not call(contents.exists, path):
            raise _missing(path)
        return call(contents.list_checkpoints, path)


def create_checkpoint(contents: ContentsManager, api_path: str) -> CheckpointModel:
    """Keep a file as it is now."""
    path = clean_path(api_path)
    with manager_errors():
        _check_visible(contents, path)
        return call(contents.create_checkpoint, path)


def restore_checkpoint(contents: ContentsManager, api_path: str, checkpoint_id: str) -> None:
    """Put a file back to a checkpoint."""
    path = clean_path(api_path)
    with manager_errors():
        _check_visible(contents, path)
        call(contents.restore_checkpoint, checkpoint_id, path)


def delete_checkpoint(contents: ContentsManager, api_path: str, checkpoint_id: str) -> None:
    """Forget a checkpoint."""
    path = clean_path(api_path)
    with manager_errors():
        _check_visible(contents, path)
        call(contents.delete_checkpoint, checkpoint_id, path)


def _completed(model: ContentsModel) -> ContentsModel:
    """``model`` with the fields that subclasses for older servers do not know; the same for what is in a folder."""
    if "hash" in model and "size" in model:  # one of our own managers, whose listings may be long
        return model
    filled = cast(ContentsModel, OPTIONAL_FIELDS | model)
    if filled["type"] == "directory" and filled["content"]:
        filled["content"] = [_completed(child) for child in filled["content"]]
    return filled


def _tell(contents: ContentsManager, action: str, path: str, source_path: str | None = None) -> None:
    """Let the event bus know. A bus that is broken spoils nothing."""
    data = {"action": action, "path": path} | ({} if source_path is None else {"source_path": source_path})
    try:
        call(contents.emit, data)
    except Exception:
        log.exception("event not raised action=%s path=%s", action, path)


def _check_visible(contents: ContentsManager, path: str) -> None:
    if not contents.allow_hidden and call(contents.is_hidden, path):
        raise _missing(path)


def _missing(path: str) -> EntryMissing:
    return EntryMissing(f"file or directory '/{shown(path)}' does not exist")


def _check_may_change(contents: ContentsManager, path: str) -> None:
    if not contents.allow_hidden and call(contents.is_hidden, path):
        raise BadRequest(f"Cannot create or change the hidden file or directory {shown(path)!r}")


def _text(body: ContentsModel, name: str) -> str:
    value = cast("dict[str, object]", body).get(name)
    if value is None or isinstance(value, str):
        return value or ""
    raise BadRequest(f"{name} must be a string")


def _extension(ext: str) -> str:
    if "/" in ext or (ext and not ext.startswith(".")):
        raise BadRequest(f'ext must be an extension such as ".txt", not {shown(ext)!r}')
    return ext


def resolve(contents: ContentsManager, path: str) -> str | None:
    """API path of a path of this machine; ``None`` where it is not served, or the manager cannot tell."""
    find = getattr(contents, "resolve_path", None)
    return None if find is None else call(find, path)
