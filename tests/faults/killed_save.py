"""A program of its own: saves a file and dies by SIGKILL right before its N-th call of the system.

python killed_save.py FOLDER NAME BACKUPS N     exit status 0: the save ended before its N-th call
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from flasknb.contents.atomic import write_atomically

WATCHED = ("open", "write", "writev", "fsync", "fchmod", "rename", "unlink", "ftruncate", "posix_fallocate")
NEW = b"new " * 5000


def main(folder: str, name: str, backups: str, deadly_call: int) -> None:
    calls = 0

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == deadly_call:
                os.kill(os.getpid(), signal.SIGKILL)
            if call is os_write and len(arguments[1]) > 1:  # half of it, so that death can fall between two writes
                return call(arguments[0], arguments[1][: (len(arguments[1]) + 1) // 2], **named)
            if call is os_writev and (whole := b"".join(arguments[1])):
                return call(arguments[0], [whole[: (len(whole) + 1) // 2]], **named)
            return call(*arguments, **named)

        return counted

    os_write, os_writev = os.write, os.writev
    descriptor = os.open(folder, os.O_RDONLY)
    for function in WATCHED:
        setattr(os, function, watched(getattr(os, function)))
    write_atomically(descriptor, name, NEW, backups)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
