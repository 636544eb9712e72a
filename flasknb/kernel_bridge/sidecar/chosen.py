"""Classes that an option names, where they can do here what ours do."""

from __future__ import annotations

from typing import Any, TypeVar

from traitlets import TraitError
from traitlets.utils.importstring import import_item

T = TypeVar("T")
OF_OTHER_SERVERS = ("jupyter_server.", "notebook.", "nbclassic.", "jupyter_client.")


def chosen(name: str, ours: type[T], option: str) -> type[T]:
    """The class called ``name``; ``ours`` where that is empty or the same class of another server.

    Raises:
        TraitError: there is none, or it is no kind of ``ours``.
    """
    if not name or name.startswith(OF_OTHER_SERVERS):
        return ours
    try:
        found: Any = import_item(name)
    except Exception as error:
        raise TraitError(f"{option}: {name} cannot be imported: {error}") from error
    if not (isinstance(found, type) and issubclass(found, ours)):
        raise TraitError(f"{option}: {name} must be a subclass of {ours.__module__}.{ours.__name__}")
    return found
