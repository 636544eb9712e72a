"""Has ipykernel publish outputs in a fifth of the time. ``launch_ipykernel`` runs this in the kernel's own Python.

Standard library only, and for what a kernel brings: Python may be older than ours, and there is no flasknb.

ipykernel flushes stdout and stderr before each display, and a flush waits for the publishing thread, also where there
is no text that the display would have to follow. And that thread is woken for each message, also when it is awake. Both
are left out here; programs, hooks and listeners are told the same, in the same order. Of an ipykernel whose parts look
other than those of 6.29 to 7.4, nothing is touched.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

WAITING_EVENTS = 100  # in the publishing thread; then a display waits for it, so that it is not left behind
WAKE_AGAIN_S = 0.05  # no wake-up that was lost, for whatever reason, is missed for long
NEVER = float("-inf")

KNOWN = {
    "IOPubThread.schedule": {"thread", "is_alive", "_events", "append", "_event_pipe", "send"},
    "IOPubThread._handle_event": {"len", "_events", "range", "popleft"},
    "OutStream.flush": {
        *("pub_thread", "thread", "is_alive", "ident", "threading", "current_thread", "schedule", "_flush"),
        *("Event", "set", "wait", "flush_timeout", "print", "sys", "__stderr__"),
    },
    "OutStream._flush": {
        *("_flush_pending", "_subprocess_flush_pending", "echo", "flush", "OSError", "sys", "__stderr__", "print"),
        *("_flush_buffers", "os", "getpid", "session", "pid", "name", "msg", "_hooks", "send", "pub_thread", "topic"),
    },
    "OutStream._rotate_buffers": {"_buffer_lock", "_buffers", "defaultdict", "StringIO"},
    "ZMQDisplayPublisher._flush_streams": {"sys", "stdout", "flush", "stderr"},
}
"""The functions that are replaced or relied upon, and every name that occurs in them."""


def publish_quickly(iostream: Any, zmqshell: Any) -> bool:
    """Prepare ipykernel's two modules; whether they are as known, else nothing is changed."""
    thread_class, stream_class = getattr(iostream, "IOPubThread", None), getattr(iostream, "OutStream", None)
    publisher_class = getattr(zmqshell, "ZMQDisplayPublisher", None)
    for name, names in KNOWN.items():
        class_name, _, function_name = name.partition(".")
        owner = getattr(iostream, class_name, None) or getattr(zmqshell, class_name, None)
        code = getattr(getattr(owner, function_name, None), "__code__", None)
        if code is None or set(code.co_names) != names:
            return False
    _wake_once(thread_class)
    _wait_for_text_only(thread_class, stream_class, publisher_class)
    return True


def is_running(thread: Any) -> bool:
    """Whether the publishing thread is there, in this process.

    Before Python 3.13 ``is_alive`` takes a thread for dead, for good, when a signal interrupts the question.
    """
    if not hasattr(thread, "_stopped") or thread._stopped:
        return bool(thread.thread.is_alive())
    return thread.thread.ident is not None and thread._master_pid == os.getpid()


def _wake_once(thread_class: Any) -> None:
    """Wake the publishing thread for the first event only; it takes all that wait."""
    handle = thread_class._handle_event

    def wake(thread: Any) -> None:
        now_s = time.monotonic()
        if now_s - thread.flasknb_woken_s < WAKE_AGAIN_S:
            return
        try:
            thread.flasknb_woken_s = now_s
            thread._event_pipe.send(b"")
        except BaseException:  # an interrupt may come anywhere
            thread.flasknb_woken_s = NEVER
            raise

    def schedule(thread: Any, f: Any) -> None:
        if is_running(thread):
            thread._events.append(f)
            wake(thread)
        else:
            f()

    def _handle_event(thread: Any, msg: Any) -> None:
        thread.flasknb_woken_s = NEVER  # first: what comes from now on may come too late for this turn
        thread.flasknb_is_busy = True
        try:
            handle(thread, msg)
        finally:
            thread.flasknb_is_busy = False
            if thread._events:  # one of them has failed
                wake(thread)

    thread_class.flasknb_woken_s, thread_class.flasknb_is_busy = NEVER, False
    thread_class.schedule, thread_class._handle_event = schedule, _handle_event


def _wait_for_text_only(thread_class: Any, stream_class: Any, publisher_class: Any) -> None:
    """Let a flush return at once where there is nothing to wait for, and a display wait only for text before it."""
    flush_and_wait, flush_now = stream_class.flush, stream_class._flush

    def _flush(stream: Any) -> None:
        stream.flasknb_is_flushing = True  # before the text is taken: it is always in one of the two places
        try:
            flush_now(stream)
        finally:
            stream.flasknb_is_flushing = False

    def has_no_text(stream: Any) -> bool:
        is_known = type(stream) is stream_class and type(stream.pub_thread) is thread_class and stream.echo is None
        return is_known and not stream._buffers and not stream.flasknb_is_flushing

    def flush(stream: Any) -> None:
        thread = stream.pub_thread
        if not (has_no_text(stream) and not thread._events and not thread.flasknb_is_busy):
            flush_and_wait(stream)

    def needs_no_flush(stream: Any) -> bool:
        is_own = type(stream) is stream_class and "flush" not in vars(stream) and stream_class.flush is flush
        return is_own and has_no_text(stream) and len(stream.pub_thread._events) < WAITING_EVENTS

    def _flush_streams(publisher: Any) -> None:
        if not needs_no_flush(sys.stdout):
            sys.stdout.flush()
        if not needs_no_flush(sys.stderr):
            sys.stderr.flush()

    stream_class.flasknb_is_flushing = False
    stream_class.flush, stream_class._flush = flush, _flush
    publisher_class._flush_streams = _flush_streams
