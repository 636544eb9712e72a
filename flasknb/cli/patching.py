"""Whether a plugin has a say when gevent patches the standard library. Imported before that: brings nothing.

At each of 25 steps gevent asks every installed package whether it has one, by reading its metadata: most of what
patching costs, for a feature that hardly any package uses. Looking through those files once answers for all of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

PLUGIN_SECTION = b"[gevent.plugins."
METADATA_SUFFIXES = (".dist-info", "egg-info")  # an egg has a folder of exactly that name


def ask_no_plugins() -> None:
    """Spare gevent the questions, where no installed package has a plugin. Call it before ``patch_all``."""
    from gevent import events

    if hasattr(events, "notify_and_call_entry_points") and not has_plugins(sys.path):
        events.notify_and_call_entry_points = events.notify


def has_plugins(folders: Iterable[str]) -> bool:
    """Whether a package below ``folders`` names a plugin of gevent's, or may, where in doubt."""
    return any(_names_plugins(folder or ".") for folder in set(folders))


def _names_plugins(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            found = [entry.path for entry in entries if entry.name.lower().endswith(METADATA_SUFFIXES)]
    except (FileNotFoundError, PermissionError):
        return False
    except OSError:  # an archive, perhaps
        return True
    return any(PLUGIN_SECTION in _entry_points(package) for package in found)


def _entry_points(package: str) -> bytes:
    try:
        with open(os.path.join(package, "entry_points.txt"), "rb", 0) as file:  # noqa: PTH118, PTH123 - as little as can be
            return file.read()
    except OSError:  # it has none
        return b""
