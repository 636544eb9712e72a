"""Knows of text that a program wrote past Python and ipykernel has not read yet. Run by ``launch_ipykernel``.

Standard library only, and for what a kernel brings: Python may be older than ours, and there is no flasknb.

What a library prints by itself goes into a pipe, which a thread of ipykernel's reads when it has the interpreter's
lock. Before each reply ipykernel sleeps, so that it may. Who knows whether there is anything need not.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from typing import Any

READ_BYTES = 1000  # as ipykernel does
KNOWN = {
    *("_fid", "os", "read", "PIPE_BUFFER_SIZE", "_should_watch", "write", "decode", "_original_stdstream_copy"),
    *("Exception", "sys", "exc_info", "_exc"),
}
"""Every name that occurs in the function that is replaced."""


def watch_visibly(stream_class: Any) -> Callable[[], bool] | None:
    """Prepare ipykernel's streams; tells whether one of them has something to read. ``None`` where they are unknown."""
    code = getattr(getattr(stream_class, "_watch_pipe_fd", None), "__code__", None)
    if code is None or set(code.co_names) != KNOWN:
        return None
    pipes: dict[Any, Any] = {}

    def _watch_pipe_fd(stream: Any) -> None:
        if stream._fid is None:
            return
        waiting, pipes[stream] = _poller(stream._fid), _poller(stream._fid)  # one for each thread
        try:
            while _take(stream, waiting):
                pass
        except Exception:  # noqa: BLE001 - as ipykernel does
            stream._exc = sys.exc_info()
        finally:
            del pipes[stream]

    def has_printed() -> bool:
        return any(stream.flasknb_is_taking or pipe.poll(0) for stream, pipe in list(pipes.items()))

    stream_class.flasknb_is_taking = False
    stream_class._watch_pipe_fd = _watch_pipe_fd
    return has_printed


def _poller(descriptor: int) -> Any:
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return poller


def _take(stream: Any, waiting: Any) -> bool:
    """Wait for text, and take it; whether there may be more."""
    waiting.poll()
    stream.flasknb_is_taking = True  # before it leaves the pipe: it is always in one of the two places
    try:
        text = os.read(stream._fid, READ_BYTES)
        if not text or not stream._should_watch:
            return False
        stream.write(text.decode(errors="replace"))
        os.write(stream._original_stdstream_copy, text)
        return True
    finally:
        stream.flasknb_is_taking = False
