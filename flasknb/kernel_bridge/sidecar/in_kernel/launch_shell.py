"""Has ipykernel's main thread take requests itself. Run by ``launch_ipykernel``, in the kernel's Python.

Standard library, zmq, and for what a kernel brings: Python may be older than ours, and there is no flasknb.

For the sake of subshells, ipykernel reads requests in a thread of their own, which hands each to the main thread and
each answer back. As long as there is no subshell the main thread does both here. With the first one, or whatever else
that thread is needed for, it takes over, for good, and everything is as ipykernel makes it. Of an ipykernel whose
parts look other than those of 7.4, nothing is touched.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import zmq

SHORTEST_WAIT_S = 0.0005  # ipykernel's own, between what was published and the reply
SUBSHELL_MARK = b'"subshell_id"'
HEADER_AFTER_DELIMITER = 2
DELIMITER = b"<IDS|MSG>"
STOP_ABORTING = b"stop aborting"  # ipykernel's word

KNOWN = {
    "shellchannel.ShellChannelThread.run": {"super", "run", "_manager", "close"},
    "subshell_manager.SubshellManager.get_subshell_to_shell_channel_socket": {
        *("_main_to_shell_channel", "from_socket", "_lock_cache", "_get_subshell", "subshell_to_shell_channel"),
    },
    "subshell_manager.SubshellManager.set_on_recv_callback": {
        *("current_thread", "_parent_thread", "_on_recv_callback", "_shell_channel_to_main"),
        *("on_recv", "IOLoop", "current", "_async_in_context", "partial"),
    },
    "eventloops.get_shell_stream": {
        *("_supports_kernel_subshells", "shell_channel_thread", "manager", "get_shell_channel_to_subshell_pair"),
        *("to_stream", "shell_stream"),
    },
    "kernelbase.Kernel._abort_queues": {
        *("_aborting", "shell_channel_thread", "manager", "set_subshell_aborting", "log", "info", "io_loop"),
        *("add_callback", "_post_dummy_stop_aborting_message", "shell_stream", "_supports_kernel_subshells"),
        *("flush", "stop_on_error_timeout", "call_later", "eventloop", "hasattr", "_schedule_exit"),
    },
}
"""Functions that are replaced or relied upon, and every name that occurs in them."""

EVENTS, CAN_RECEIVE, AT_ONCE = int(zmq.EVENTS), int(zmq.POLLIN), int(zmq.NOBLOCK)  # names of zmq's take longer

Frames = Sequence[Any]


class DirectShell:
    """The shell socket of one kernel, while the main thread has it. ``hand_over`` may be called by any thread.

    Args:
        take: ipykernel's own way of having the main thread handle a request.
        bring_printed: publishes what was written past Python.
        send_whole: see ``launch_sending``.
    """

    def __init__(
        self,
        kernel: Any,
        take: Callable[[Frames], Any],
        send_whole: Callable[..., None],
        bring_printed: Callable[[], None],
    ) -> None:
        self._kernel, self._take, self._send_whole = kernel, take, send_whole
        self._bring_printed = bring_printed
        self._thread = kernel.shell_channel_thread
        self._socket = kernel.shell_stream.socket
        self._loop = kernel.io_loop.asyncio_loop
        self._lock = threading.RLock()
        self._receive_frame = zmq.backend.Socket.recv.__get__(self._socket)
        self._descriptor = self._socket.getsockopt(zmq.FD)
        self._is_looking = False
        self.is_on = True
        self._loop.add_reader(self._descriptor, self._look)
        self._look_soon()

    def send_multipart(self, frames: Frames, *args: Any, **kwargs: Any) -> None:
        """Send an answer of the main thread, behind what it has published."""
        publishing = self._kernel.iopub_thread
        self._bring_printed()
        if publishing._events or publishing.flasknb_is_busy:
            time.sleep(SHORTEST_WAIT_S)
        is_ending = self._kernel._shutdown_message is not None  # then ipykernel's thread reads no answers any more
        with self._lock:
            if self.is_on and not is_ending:
                self._look_soon()  # first: an interrupt may come at any time
                if all(type(frame) is bytes for frame in frames):
                    self._send_whole(self._socket, frames)
                else:
                    self._socket.send_multipart(frames, *args, **kwargs)
                return
        self._thread.manager._main_to_shell_channel.from_socket.send_multipart(frames, *args, **kwargs)

    def abort_what_waits(self) -> None:
        """Have what came by now handled before it is told that the rest need not be aborted."""
        for frames in self._all():
            self._begin(frames)
        self._begin([zmq.Frame(STOP_ABORTING)])

    def hand_over(self) -> None:
        """Let ipykernel's thread have the socket, from its own event loop."""
        with self._lock:
            was_on, self.is_on = self.is_on, False
        if was_on:
            self._loop.call_soon_threadsafe(self._loop.remove_reader, self._descriptor)
            self._thread.io_loop.add_callback(self._listen_in_thread)

    def _listen_in_thread(self) -> None:
        stream = self._kernel.shell_stream
        stream.io_loop.add_handler(stream.socket, stream._handle_events, stream.io_loop.READ)
        stream.on_recv(self._kernel.shell_channel_thread_main, copy=False)

    def _look_soon(self) -> None:
        """Sending, too, takes the sign that something has come."""
        if not self._is_looking:
            self._loop.call_soon(self._look)
            self._is_looking = True

    def _look(self) -> None:
        """Take one request; others on this loop have their turn between two of them."""
        self._is_looking = False
        frames = self._receive()
        if frames is not None:
            self._look_soon()
            self._begin(frames)

    def _all(self) -> list[Frames]:
        found = []
        while (frames := self._receive()) is not None:
            found.append(frames)
        return found

    def _receive(self) -> Frames | None:
        with self._lock:
            if not (self.is_on and self._socket.getsockopt(EVENTS) & CAN_RECEIVE):
                return None
            frames = [self._receive_frame(AT_ONCE, False)]
            while frames[-1].more:
                frames.append(self._receive_frame(AT_ONCE, False))
            return frames

    def _begin(self, frames: Frames) -> None:
        if _is_for_subshell(frames):
            self.hand_over()
            kernel = self._kernel
            self._thread.io_loop.add_callback(lambda: kernel.shell_channel_thread_main(frames))
        else:
            self._take(frames)


def _is_for_subshell(frames: Frames) -> bool:
    for index, frame in enumerate(frames):
        if frame.bytes == DELIMITER:
            return len(frames) > index + HEADER_AFTER_DELIMITER and (
                SUBSHELL_MARK in frames[index + HEADER_AFTER_DELIMITER].bytes
            )
    return False


def take_requests_directly(modules: Any, send_whole: Callable[..., None], bring_printed: Callable[[], None]) -> bool:
    """Prepare ipykernel's modules; whether they are as known, else nothing is changed.

    Args:
        modules: has ``kernelbase``, ``shellchannel``, ``subshell_manager`` and ``eventloops``.
        send_whole, bring_printed: see ``launch_sending`` and ``launch_capture``.
    """
    for name, names in KNOWN.items():
        found = modules
        for part in name.split("."):
            found = getattr(found, part, None)
        code = getattr(found, "__code__", None)
        if code is None or set(code.co_names) != names:
            return False
    _keep_thread_out(modules.shellchannel.ShellChannelThread)
    _begin_directly(modules.kernelbase.Kernel, send_whole, bring_printed)
    _answer_directly(modules.subshell_manager.SubshellManager)
    _hand_over_where_needed(modules)
    return True


def _keep_thread_out(thread_class: Any) -> None:
    """Nobody reads from the shell socket before it is known who is to."""
    start = thread_class.start

    def start_without(thread: Any) -> None:
        if thread.shell_stream is not None:
            thread.io_loop.remove_handler(thread.shell_stream.socket)
        start(thread)

    thread_class.start = start_without


def _begin_directly(kernel_class: Any, send_whole: Callable[..., None], bring_printed: Callable[[], None]) -> None:
    start = kernel_class.start

    def start_directly(kernel: Any) -> None:
        thread, stream = kernel.shell_channel_thread, kernel.shell_stream
        if thread is None or thread.shell_stream is not stream:
            start(kernel)
            return
        stream.on_recv = lambda *args, **kwargs: None  # the thread's turn comes with ``hand_over``
        try:
            start(kernel)
        finally:
            del stream.on_recv
        thread.manager.flasknb_direct = direct = DirectShell(kernel, _taker(thread.manager), send_whole, bring_printed)
        if kernel.parent.trio_loop or not hasattr(kernel.iopub_thread, "flasknb_lock"):
            direct.hand_over()

    kernel_class.start = start_directly


def _taker(manager: Any) -> Callable[[Frames], Any]:
    """How the main thread handles a request: ``shell_main``, in the one context that all cells share."""
    take = manager._shell_channel_to_main.to_stream._recv_callback
    cells = dict(zip(take.__code__.co_freevars, take.__closure__, strict=True))
    context, shell_main = cells["context"].cell_contents, cells["f"].cell_contents
    loop: Any = asyncio.get_event_loop()
    tasks: set[asyncio.Task[None]] = set()  # the event loop itself does not hold them

    def begin(frames: Frames) -> None:
        task = loop.create_task(shell_main(frames), context=context)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return begin


def _answer_directly(manager_class: Any) -> None:
    socket_of = manager_class.get_subshell_to_shell_channel_socket

    def get_subshell_to_shell_channel_socket(manager: Any, subshell_id: str | None) -> Any:
        direct: DirectShell | None = getattr(manager, "flasknb_direct", None)
        return socket_of(manager, subshell_id) if subshell_id is not None or direct is None else direct

    manager_class.get_subshell_to_shell_channel_socket = get_subshell_to_shell_channel_socket


def _hand_over_where_needed(modules: Any) -> None:
    """Subshells need a thread that reads while the main one is busy, windows a stream of ipykernel's to wait for."""
    manager_class, kernel_class = modules.subshell_manager.SubshellManager, modules.kernelbase.Kernel
    process, abort = manager_class._process_control_request, kernel_class._abort_queues
    stream_of = modules.eventloops.get_shell_stream

    def direct_of(manager: Any) -> DirectShell | None:
        direct: DirectShell | None = getattr(manager, "flasknb_direct", None)
        return direct if direct is not None and direct.is_on else None

    def _process_control_request(manager: Any, request: Sequence[bytes]) -> None:
        direct = direct_of(manager)
        if direct is not None and b"create" in request[0]:
            direct.hand_over()
        process(manager, request)

    def _abort_queues(kernel: Any, subshell_id: str | None = None) -> None:
        thread = kernel.shell_channel_thread
        direct = None if thread is None or subshell_id is not None else direct_of(thread.manager)
        if direct is None:
            abort(kernel, subshell_id)
        else:
            kernel._aborting = True
            kernel.log.info("Aborting queue")
            direct.abort_what_waits()

    def get_shell_stream(kernel: Any) -> Any:
        direct = direct_of(kernel.shell_channel_thread.manager) if kernel._supports_kernel_subshells else None
        if direct is not None:
            direct.hand_over()
        return stream_of(kernel)

    manager_class._process_control_request, kernel_class._abort_queues = _process_control_request, _abort_queues
    modules.eventloops.get_shell_stream = get_shell_stream
