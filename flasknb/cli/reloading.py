"""The web side anew when Python sources change. Kernels stay: they live in a process of their own."""

from __future__ import annotations

import logging
import os
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from flasknb.cli.sockets.listening import INHERITED_VARIABLE

log = logging.getLogger("flasknb")

STANDARD_LIBRARY = sysconfig.get_paths()["stdlib"]
SITE_FOLDERS = ("site-packages", "dist-packages")


class SourceWatch:
    """The Python files that are loaded, as they were; those loaded later join at the next look."""

    def __init__(self) -> None:
        self._times: dict[str, float] = {}
        self.changed()

    def changed(self) -> list[str]:
        """Files that changed since the last look. Those that would not even compile wait until they do."""
        found = []
        for path in _loaded_sources():
            time_s = _modified_s(path)
            if self._times.setdefault(path, time_s) == time_s:
                continue
            self._times[path] = time_s
            if _compiles(path):
                found.append(path)
        return found


def start_anew(descriptors: Sequence[int]) -> NoReturn:
    """Replace this process by the same command, which goes on with the listening sockets ``descriptors``."""
    for descriptor in descriptors:
        os.set_inheritable(descriptor, True)
    os.environ[INHERITED_VARIABLE] = ",".join(map(str, descriptors))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the command we are


def _loaded_sources() -> Iterable[str]:
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if path and path.endswith(".py") and (not path.startswith(STANDARD_LIBRARY) or _is_installed(path)):
            yield path


def _is_installed(path: str) -> bool:
    return any(name in path for name in SITE_FOLDERS)


def _modified_s(path: str) -> float:
    try:
        return os.stat(path).st_mtime  # noqa: PTH116 - hundreds a second
    except OSError:
        return 0.0  # an editor is just replacing it


def _compiles(path: str) -> bool:
    try:
        compile(Path(path).read_bytes(), path, "exec")
    except (SyntaxError, ValueError, OSError) as error:
        log.warning("%s changed, but cannot be used yet: %s", path, error)
        return False
    return True
