"""Has ipykernel publish from the thread that has something to say. Run by ``launch_ipykernel``, in the kernel's Python.

Standard library, zmq, and for what a kernel brings: Python may be older than ours, and there is no flasknb.

ipykernel hands each message to a thread of its own, which costs a wake-up of it and two changes of the interpreter's
lock. Small ones are sent at once here, under a lock, where nothing waits to be sent before them, and until the process
forks. An interrupt may come anywhere in a program, but not within a message: its parts go out in one call of libzmq's,
with signals held back, by which that call would break off. pyzmq's calls take one part each, and handle signals in
between.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Any

import zmq

SIGNAL_SET_BYTES = 128  # at least
LARGE_BYTES = 64 * 1024  # from here on jupyter_client would have zmq send from where they lie
KNOWN = {
    "IOPubThread.send_multipart": {"schedule"},
    "IOPubThread._check_mp_mode": {"_pipe_flag", "_is_master_process", "MASTER", "CHILD"},
    "IOPubThread.close": {"closed", "socket", "close"},
    "IOPubThread.closed": {"socket"},
}
"""Functions that are relied upon, and every name that occurs in them."""

EVENTS, CAN_RECEIVE, MORE = int(zmq.EVENTS), int(zmq.POLLIN), int(zmq.SNDMORE)  # names of zmq's take longer

Frames = Sequence[bytes]


class WholeSender:
    """Sends messages whole: an interrupt comes before or after one.

    Raises:
        ImportError, OSError, AttributeError: this Python or its zmq cannot do that.
    """

    def __init__(self) -> None:
        import ctypes

        class Part(ctypes.Structure):
            _fields_ = [("start", ctypes.c_char_p), ("size", ctypes.c_size_t)]

        self._part: Any = Part
        self._kinds: dict[int, Any] = {}
        self._every_signal = ctypes.create_string_buffer(b"\xff" * SIGNAL_SET_BYTES, SIGNAL_SET_BYTES)
        self._signals_before = ctypes.create_string_buffer(SIGNAL_SET_BYTES)
        # Of PyDLL: they keep the interpreter's lock, since to give it to another thread and back takes longer.
        self._hold_signals: Any = ctypes.PyDLL(None).pthread_sigmask
        self._hold_signals.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
        self._send: Any = ctypes.PyDLL(sys.modules[zmq.backend.Socket.__module__].__file__).zmq_sendiov
        self._send.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)

    def __call__(self, socket: Any, frames: Frames, and_then: Iterable[None] = ()) -> None:
        """Send one message, and run through ``and_then``, which must be of C, before any signal is handled.

        Raises:
            zmq.ZMQError: the socket has been closed.
        """
        size = len(frames)
        kind = self._kinds.get(size)
        if kind is None:
            kind = self._kinds[size] = self._part * size
        parts = kind(*[(frame, len(frame)) for frame in frames])
        before, mask = self._signals_before, signal.SIG_SETMASK.value
        held = map(self._hold_signals, (mask,), (self._every_signal,), (before,))
        sent = map(self._send, (socket.underlying,), (parts,), (size,), (MORE,))
        freed = map(self._hold_signals, (mask,), (before,), (None,))
        if -1 in deque(chain(held, sent, and_then, freed), maxlen=4):  # all of C, step by step, with nothing in between
            raise zmq.ZMQError()


def whole_sender() -> WholeSender | None:
    """One, where this is known to work: from Python 3.14 on, ``with`` itself may be interrupted."""
    try:
        return WholeSender() if sys.version_info < (3, 14) else None
    except (ImportError, OSError, AttributeError):
        return None


def publish_at_once(
    thread_class: Any, child: int, send_whole: WholeSender, *, is_running: Callable[[Any], bool]
) -> bool:
    """Prepare ipykernel's publishing thread, after ``keep_output``; whether it is as known, else nothing is changed."""
    for name, names in KNOWN.items():
        found = getattr(thread_class, name.partition(".")[2], None)
        code = getattr(getattr(found, "fget", found), "__code__", None)
        if code is None or set(code.co_names) != names:
            return False
    if not hasattr(thread_class, "flasknb_woken_s"):
        return False
    _share_socket(thread_class, child)
    _send_from_anywhere(thread_class, child, send_whole, is_running)
    return True


def _share_socket(thread_class: Any, child: int) -> None:
    """Let no two threads use the socket at a time."""
    listen, send_now = thread_class._setup_xpub_listener, thread_class._really_send

    def _setup_xpub_listener(thread: Any) -> None:
        thread.flasknb_lock = threading.RLock()
        listen(thread)
        stream = getattr(thread, "_xpub_stream", None)
        if stream is None:
            return  # a socket that hears nothing
        stream.flasknb_handle = stream._handle_events
        stream.io_loop.remove_handler(stream.socket)

        def _handle_events(descriptor: Any, events: int) -> None:
            with thread.flasknb_lock:
                stream.flasknb_handle(descriptor, events)

        stream._handle_events = _handle_events
        stream.io_loop.add_handler(stream.socket, _handle_events, stream.io_loop.READ)

    def _really_send(thread: Any, msg: Frames, *args: Any, **kwargs: Any) -> None:
        if thread._check_mp_mode() == child:
            send_now(thread, msg, *args, **kwargs)  # whoever had the lock may not be in this process
        else:
            with thread.flasknb_lock:
                send_now(thread, msg, *args, **kwargs)

    thread_class._setup_xpub_listener, thread_class._really_send = _setup_xpub_listener, _really_send


def _send_from_anywhere(
    thread_class: Any, child: int, send_whole: WholeSender, is_running: Callable[[Any], bool]
) -> None:
    """Send what is small at once, unless something has to come before it."""
    queue: Callable[..., None] = thread_class.send_multipart
    has_forked = threading.Event()
    os.register_at_fork(after_in_parent=has_forked.set)  # what such a child prints comes by way of the thread

    def is_sent(thread: Any, frames: Frames) -> bool:
        with thread.flasknb_lock:
            if thread._events or thread.flasknb_is_busy or thread.socket is None:
                return False
            socket = thread.socket
            if not thread.flasknb_publisher.publish_at_once(frames, partial(send_whole, socket)):
                return False
            if socket.getsockopt(EVENTS) & CAN_RECEIVE:  # sending has taken the sign of it
                stream = thread._xpub_stream
                thread.schedule(lambda: stream._handle_events(stream.socket, 0))
            return True

    def send_multipart(thread: Any, msg: Frames, *args: Any, **kwargs: Any) -> None:
        is_small = not args and kwargs.get("copy", True) and not kwargs.get("track") and _is_plain(msg)
        is_ours = is_running(thread) and thread._check_mp_mode() != child and not has_forked.is_set()
        if not (is_small and is_ours and is_sent(thread, msg)):
            queue(thread, msg, *args, **kwargs)

    thread_class.send_multipart = send_multipart


def _is_plain(frames: Frames) -> bool:
    return type(frames) is list and all(type(frame) is bytes and len(frame) < LARGE_BYTES for frame in frames)
