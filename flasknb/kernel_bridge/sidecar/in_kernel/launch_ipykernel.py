"""Runs ``ipykernel_launcher`` so that no output is lost on its way out. Standard library, zmq and ipykernel only.

What makes it publish faster is in ``launch_publishing``, what makes it write long texts faster in ``launch_packing``,
what leaves the debugger for later in ``launch_debugging``.

Started by path with the kernel's own Python, which need not have flasknb and may be older than ours.

ipykernel's publishing socket drops messages beyond libzmq's default of 1,000 when the reader is short of CPU, and
everything while nobody listens. Here it gets room for many, numbers what it sends, so that a loss is noticed, and keeps
what it says while whoever listened is away.

As a spare (``FLASKNB_SPARE`` is the descriptor of a socket) it imports what a kernel needs and waits for its folder and
environment. Nothing that depends on either, or that a user could see, happens before.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

QUEUED_MESSAGES = 1_000_000
DELIMITER = b"<IDS|MSG>"
SPARE_VARIABLE = "FLASKNB_SPARE"
READY, CLAIMED = b"R", b"C"
EARLY_IMPORTS = (
    *("ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger", "IPython.core.completerlib", "sqlite3"),
    *("IPython.core.history", "IPython.core.oinspect", "IPython.core.logger", "IPython.extensions.storemagic"),
    *("tornado.platform.asyncio", "tornado.queues", "encodings.idna", "stringprep"),
    *("IPython.core.debugger", "pdb", "faulthandler", "argparse"),
)
LATER_IMPORTS = ("psutil",)  # for what may be asked of a kernel that runs
CLAIM_AT_ONCE_S = 0.03  # somebody who was waiting claims within this time
KEPT_BYTES = 64 * 1024 * 1024  # while nobody listens
LARGE_BYTES = 64 * 1024
LONGEST_HOLD_S = 30.0  # while others listen than who asked for it
HOLD_TOPIC = b"flasknb.hold"  # both are known to our sidecar's sockets
COUNT_MARK = b"flasknb.count:"
SUBSCRIBED = 1
SHELL_MODULES = ("kernelbase", "shellchannel", "subshell_manager", "eventloops")
NEEDED = ("_really_send", "_check_mp_mode", "_setup_xpub_listener", "_handle_subscription")  # since ipykernel 7

Frames = Sequence[bytes]


class Publisher:
    """What is sent to listeners now, and what when there are any again. One thread.

    Args:
        send: sends the frames of one message.
    """

    def __init__(self, send: Callable[[Frames], None]) -> None:
        self._send = send
        self._topics: set[bytes] = set()
        self._told: deque[int] = deque([0], 1)  # the number of the newest message
        self._kept: deque[Frames] = deque()
        self._kept_bytes = 0
        self._is_holding = False
        self._held_since_s = 0.0

    def publish(self, frames: Frames) -> None:
        """Send or keep one message, numbered."""
        number = self._told[0] + 1
        self._kept.append(_numbered(frames, number))
        self._told.append(number)
        if self._is_holding and self._topics - {HOLD_TOPIC}:
            self._is_holding = time.monotonic() - self._held_since_s < LONGEST_HOLD_S
        if not self._is_holding:
            self._send_kept()
            return
        self._kept_bytes += sum(len(frame) for frame in frames)
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            self._kept_bytes -= sum(len(frame) for frame in self._kept.popleft())

    def publish_at_once(self, frames: Frames, send_whole: Callable[..., None]) -> bool:
        """Send one message where nothing is kept; an interrupt comes before or after it, and leaves no gap.

        Args:
            send_whole: sends a message, and runs through an iterable, before any signal is handled.
        """
        if self._is_holding or self._kept:
            return False
        number = self._told[0] + 1
        send_whole(_numbered(frames, number), map(self._told.append, (number,)))
        return True

    def hear(self, event: bytes) -> None:
        """Note what an XPUB socket tells of its listeners.

        Who asks for a hold is about to leave: only a new listener ends it, not what the old one still unsubscribes.
        """
        topic = event[1:]
        if event[0] != SUBSCRIBED:
            self._topics.discard(topic)
            self._is_holding = self._is_holding or not self._topics
            return
        self._topics.add(topic)
        self._is_holding = topic == HOLD_TOPIC
        self._held_since_s = time.monotonic()
        if not self._is_holding:
            self._send_kept()

    def _send_kept(self) -> None:
        while self._kept:
            self._send(self._kept.popleft())
        self._kept_bytes = 0


def _numbered(frames: Frames, number: int) -> Frames:
    after_topic = 0 if bytes(frames[0]) == DELIMITER else 1
    return [*frames[:after_topic], COUNT_MARK + str(number).encode(), *frames[after_topic:]]


def may_stay(frames: Frames) -> bool:
    """Whether zmq may send from where the frames lie: a copy would take long, and nobody can change them meanwhile."""
    return max(map(len, frames)) >= LARGE_BYTES and all(type(frame) is bytes for frame in frames)


def give_room(app_class: Any, option: int) -> None:
    """Let the publishing socket queue many messages; ``option`` is zmq's number of that setting."""
    original = app_class.init_iopub

    def init_iopub(app: Any, context: Any) -> None:
        context.setsockopt(option, QUEUED_MESSAGES)
        original(app, context)

    app_class.init_iopub = init_iopub


def keep_output(thread_class: Any, child: int, verbose: int) -> None:
    """Number what is published, and keep it while nobody listens.

    Args:
        thread_class: ipykernel's publishing thread.
        child: how it calls a forked process, which publishes through its parent.
        verbose: zmq's number of the setting that tells of each listener, not only of the first one to a topic.
    """
    send_now, listen, hear = (getattr(thread_class, name) for name in (NEEDED[0], *NEEDED[2:]))

    def _setup_xpub_listener(thread: Any) -> None:
        thread.flasknb_publisher = Publisher(lambda frames: send_now(thread, frames, copy=not may_stay(frames)))
        thread.socket.setsockopt(verbose, 1)
        listen(thread)

    def _really_send(thread: Any, msg: Frames, *args: Any, **kwargs: Any) -> None:
        if thread._check_mp_mode() == child:
            send_now(thread, msg, *args, **kwargs)
        else:
            thread.flasknb_publisher.publish(msg)

    def _handle_subscription(thread: Any, frames: Frames) -> None:
        for event in frames:
            thread.flasknb_publisher.hear(event)
        hear(thread, frames)

    thread_class._setup_xpub_listener, thread_class._handle_subscription = _setup_xpub_listener, _handle_subscription
    thread_class._really_send = _really_send


def main() -> None:
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]  # this file's folder is nothing that a notebook should import from
    claim = os.environ.pop(SPARE_VARIABLE, None)
    gc.disable()  # what is imported stays: to look for garbage in it again and again is a tenth of the time
    import zmq

    beside("launch_debugging.py").debug_later()
    from ipykernel import iostream, kernelapp, zmqshell
    from jupyter_client import session

    publishing = beside("launch_publishing.py")
    publishing.publish_quickly(iostream, zmqshell)
    if hasattr(kernelapp.IPKernelApp, "init_iopub"):
        give_room(kernelapp.IPKernelApp, zmq.SNDHWM)
        beside("launch_packing.py").pack_quickly(kernelapp.IPKernelApp, session)
    if all(hasattr(iostream.IOPubThread, name) for name in NEEDED):
        keep_output(iostream.IOPubThread, iostream.CHILD, zmq.XPUB_VERBOSE)
        spend_less(iostream, kernelapp, publishing.is_running)
    if claim is not None:
        wait_for_claim(int(claim))
    let_garbage_be_collected()
    kernelapp.launch_new_instance()


def let_garbage_be_collected() -> None:
    """Begin with what is there as what stays: the first look would else go through all of it."""
    gc.freeze()
    gc.unfreeze()
    gc.enable()


def spend_less(iostream: Any, kernelapp: Any, is_running: Callable[[Any], bool]) -> None:
    """Let threads wake each other less often, and spend less on each request, where ipykernel is as we know it."""
    import importlib

    sending, economy = beside("launch_sending.py"), beside("launch_economy.py")
    is_direct = False
    thread_class, send_whole = iostream.IOPubThread, sending.whole_sender()
    bring_printed = beside("launch_capture.py").watch_visibly(iostream.OutStream)
    can_send = send_whole is not None and bring_printed is not None
    if can_send and sending.publish_at_once(thread_class, iostream.CHILD, send_whole, is_running=is_running):
        with contextlib.suppress(ImportError):  # before version 7
            modules = SimpleNamespace(**{name: importlib.import_module(f"ipykernel.{name}") for name in SHELL_MODULES})
            is_direct = beside("launch_shell.py").take_requests_directly(modules, send_whole, bring_printed)
    economy.ask_signatures_once(importlib.import_module("ipykernel.ipkernel"))
    economy.set_signals_plainly(importlib.import_module("ipykernel.kernelbase"))
    begin = kernelapp.IPKernelApp.init_kernel

    def init_kernel(app: Any) -> None:
        economy.log_candidly(app.log)
        economy.pack_quickly(app.session, importlib.import_module("jupyter_client.session"))
        begin(app)
        if is_direct:
            economy.need_no_sleep(app.kernel)

    kernelapp.IPKernelApp.init_kernel = init_kernel


def beside(name: str) -> Any:
    """The module in a file beside this one, which no ``import`` of a notebook finds."""
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    path = Path(__file__).with_name(name)
    spec: Any = spec_from_file_location(f"flasknb_{path.stem}", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wait_for_claim(descriptor: int) -> None:
    """Wait for ``{"cwd", "env"}`` and take both on; end when nobody is left who could send it."""
    import importlib
    import json
    import select
    import socket
    import time

    def bring(names: Sequence[str]) -> None:
        for name in names:
            with contextlib.suppress(ImportError):  # this kernel does without
                importlib.import_module(name)

    before = dict(os.environ)
    bring(EARLY_IMPORTS)
    with socket.socket(fileno=descriptor) as sidecar:
        sidecar.sendall(READY)
        if not select.select([sidecar], [], [], CLAIM_AT_ONCE_S)[0]:
            bring(LATER_IMPORTS)
            practise()
        with sidecar.makefile("rb") as file:
            line = file.readline()
        if not line.endswith(b"\n"):
            os._exit(0)  # the sidecar is gone, or wants this spare no more
        claimed = json.loads(line)
        set_by_imports = {name: value for name, value in os.environ.items() if before.get(name) != value}
        os.environ.clear()
        os.environ.update({**set_by_imports, **claimed["env"]})
        time.tzset()
        os.chdir(claimed["cwd"])
        sidecar.sendall(CLAIMED)


def practise() -> None:
    """Do what the start and the first cell would do anyway, for what is kept of it: patterns, and a large import."""
    import importlib

    try:
        cells: Any = importlib.import_module("IPython.core.inputtransformer2")
        cells.TransformerManager().transform_cell("a = [1, 'b']  # c\n")
    except Exception:  # noqa: BLE001, S110 - a kernel of another version does it when it needs it
        pass


if __name__ == "__main__":
    main()
