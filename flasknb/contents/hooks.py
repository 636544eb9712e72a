"""Functions that a user's configuration runs before and after each save."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

from traitlets.utils.importstring import import_item

from flasknb.errors import FlasknbError, SaveFailed

log = logging.getLogger(__name__)

Hook = Callable[..., Any]


def load_hook(value: Any) -> Hook | None:
    """The hook that a configuration names: a callable, an import string, or ``None``.

    Raises:
        TypeError: something else.
    """
    if value is None:
        return None
    hook = import_item(value) if isinstance(value, str) else value
    if not callable(hook):
        raise TypeError(f"A save hook must be a function or the import string of one, not {value!r}")
    return cast(Hook, hook)


def is_refusal(error: Exception) -> bool:
    """Whether a hook or a subclass means "no" rather than being broken: ours, or an HTTP error of its own."""
    return isinstance(error, FlasknbError) or isinstance(getattr(error, "status_code", None), int)


def run_before_save(hook: Hook, **arguments: Any) -> None:
    """Call ``hook``; a broken one is logged and the save goes on, a refusal ends it."""
    try:
        hook(**arguments)
    except Exception as error:
        if is_refusal(error):
            raise
        log.exception("pre-save hook failed hook=%r path=%s", hook, arguments.get("path"))


def run_after_save(hook: Hook, **arguments: Any) -> None:
    """Call ``hook``.

    Raises:
        SaveFailed: it failed. The file itself has been saved.
    """
    try:
        hook(**arguments)
    except Exception as error:
        if is_refusal(error):
            raise
        log.exception("post-save hook failed hook=%r os_path=%s", hook, arguments.get("os_path"))
        raise SaveFailed(f"Unexpected error while running post hook save: {error}. The file has been saved.") from error
