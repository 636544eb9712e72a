"""The same managers with coroutine methods, for subclasses that say ``await super().save(model, path)``.

The work is done where it is called; these classes only fit what authors for asynchronous servers write.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flasknb.contents.awaiting import settle
from flasknb.contents.checkpoints import Checkpoints, FileCheckpoints
from flasknb.contents.filemanager import FileContentsManager
from flasknb.contents.generic_checkpoints import GenericCheckpointsMixin, GenericFileCheckpoints
from flasknb.contents.largefiles import LargeFileManager
from flasknb.contents.manager import ContentsManager

C = TypeVar("C", bound=type)

MANAGER_METHODS = (
    "dir_exists", "is_hidden", "file_exists", "exists", "get", "save", "delete_file", "rename_file", "delete", "rename",
    "update", "new_untitled", "new", "increment_filename", "copy", "trust_notebook", "create_checkpoint",
    "restore_checkpoint", "list_checkpoints", "delete_checkpoint",
)  # fmt: skip
CHECKPOINT_METHODS = (
    "create_checkpoint", "restore_checkpoint", "rename_checkpoint", "delete_checkpoint", "list_checkpoints",
    "rename_all_checkpoints", "delete_all_checkpoints", "create_file_checkpoint", "create_notebook_checkpoint",
    "get_file_checkpoint", "get_notebook_checkpoint",
)  # fmt: skip


def with_coroutines(*names: str) -> Callable[[C], C]:
    """Class decorator: the inherited methods of these names become coroutine methods."""

    def decorate(cls: C) -> C:
        for name in names:
            if hasattr(cls, name):
                setattr(cls, name, _as_coroutine(getattr(cls, name)))
        return cls

    return decorate


def _as_coroutine(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    async def coroutine(self: Any, *args: Any, **kwargs: Any) -> Any:
        return settle(method(self, *args, **kwargs))

    return coroutine


@with_coroutines(*MANAGER_METHODS)
class AsyncContentsManager(ContentsManager):
    """``ContentsManager`` with coroutine methods."""


@with_coroutines(*MANAGER_METHODS)
class AsyncFileContentsManager(FileContentsManager, AsyncContentsManager):
    """``FileContentsManager`` with coroutine methods."""


@with_coroutines(*MANAGER_METHODS)
class AsyncLargeFileManager(LargeFileManager, AsyncFileContentsManager):
    """``LargeFileManager`` with coroutine methods."""


@with_coroutines(*CHECKPOINT_METHODS)
class AsyncCheckpoints(Checkpoints):
    """``Checkpoints`` with coroutine methods."""


@with_coroutines(*CHECKPOINT_METHODS)
class AsyncFileCheckpoints(FileCheckpoints, AsyncCheckpoints):
    """``FileCheckpoints`` with coroutine methods."""


@with_coroutines(*CHECKPOINT_METHODS)
class AsyncGenericCheckpointsMixin(GenericCheckpointsMixin):
    """``GenericCheckpointsMixin`` with coroutine methods."""


@with_coroutines(*CHECKPOINT_METHODS)
class AsyncGenericFileCheckpoints(GenericFileCheckpoints, AsyncFileCheckpoints):
    """``GenericFileCheckpoints`` with coroutine methods."""
