"""Brings text that a program wrote past Python before the reply that follows. Run by ``launch_ipykernel``.

Standard library only, and for what a kernel brings: Python may be older than ours, and there is no flasknb.

What a library prints by itself goes into a pipe, which a thread of ipykernel's reads when it has the interpreter's
lock, and publishes a fifth of a second later. Before each reply ipykernel sleeps, so that it may read. Who knows
whether there is anything need not, and can have it published.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable
from typing import Any

READ_BYTES = 1000  # as ipykernel does
POLL_S = 0.0005
LONGEST_WAIT_S = 0.02  # of a reply, where a library prints on and on in a thread of its own
KNOWN = {
    *("_fid", "os", "read", "PIPE_BUFFER_SIZE", "_should_watch", "write", "decode", "_original_stdstream_copy"),
    *("Exception", "sys", "exc_info", "_exc"),
}
"""Every name that occurs in the function that is replaced."""


def watch_visibly(stream_class: Any) -> Callable[[], None] | None:
    """Prepare ipykernel's streams; gives what has them publish what was written. ``None`` where they are unknown."""
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

    def bring_printed() -> None:
        for stream, pipe in list(pipes.items()):
            ends_s = time.monotonic() + LONGEST_WAIT_S
            # in the order in which text goes, or it could slip by between two looks
            while (pipe.poll(0) or stream.flasknb_is_taking) and time.monotonic() < ends_s:
                time.sleep(POLL_S)
            if stream.flasknb_has_taken:
                stream.flasknb_has_taken = False
                stream.flush()

    stream_class.flasknb_is_taking = stream_class.flasknb_has_taken = False
    stream_class._watch_pipe_fd = _watch_pipe_fd
    return bring_printed


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
        stream.flasknb_has_taken = True
        os.write(stream._original_stdstream_copy, text)
        return True
    finally:
        stream.flasknb_is_taking = False
