"""Which plugins have a say when gevent patches the standard library. Imported before that: brings nothing.

At each of 25 steps gevent asks every installed package whether it has one, by reading its metadata: most of what
patching costs. Looking through those files once tells which of these questions have an answer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

PLUGINS = "[gevent.plugins."
METADATA_SUFFIXES = (".dist-info", "egg-info")  # an egg has a folder of exactly that name


def ask_only_plugins() -> None:
    """Spare gevent the questions that no installed package answers. Call it before ``patch_all``."""
    from gevent import events

    ask = getattr(events, "notify_and_call_entry_points", None)
    groups = plugin_groups(sys.path)
    if ask is None or groups is None:
        return

    def notify(event: Any) -> None:
        if event.ENTRY_POINT_NAME in groups:
            ask(event)
        else:
            events.notify(event)

    events.notify_and_call_entry_points = notify


def plugin_groups(folders: Iterable[str]) -> set[str] | None:
    """The groups of gevent's plugins that packages below ``folders`` have; ``None`` where that cannot be known."""
    try:
        return {line[1:-1] for folder in set(folders) for line in _lines_of(folder or ".") if line.startswith(PLUGINS)}
    except OSError:  # an archive, perhaps
        return None


def _lines_of(folder: str) -> Iterator[str]:
    """Of all lists of entry points there. Raises OSError."""
    try:
        with os.scandir(folder) as entries:
            found = [entry.path for entry in entries if entry.name.lower().endswith(METADATA_SUFFIXES)]
    except (FileNotFoundError, PermissionError):
        return
    for package in found:
        yield from _entry_points(package).split()


def _entry_points(package: str) -> str:
    try:
        with open(f"{package}/entry_points.txt", "rb", 0) as file:  # noqa: PTH123 - pathlib would be imported
            return file.read().decode("utf-8", "replace")
    except OSError:  # it has none
        return ""
