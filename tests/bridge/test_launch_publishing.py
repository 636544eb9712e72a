"""ipykernel as the launcher prepares it: it waits and wakes less often, and tells the same in the same order."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import zmq
from ipykernel import iostream, zmqshell
from jupyter_client.session import Session

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelModel
from flasknb.kernel_bridge.sidecar.in_kernel.launch_publishing import WAITING_EVENTS, publish_quickly
from tests.bridge.page import Page

PATIENCE_S = 20.0


class Prepared:
    """ipykernel's classes, prepared, and its publishing thread, which can be held up. ``wakes`` counts its calls."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.modules = SimpleNamespace(
            IOPubThread=type("IOPubThread", (iostream.IOPubThread,), {"_event_pipe": property(self._pipe)}),
            OutStream=type("OutStream", (iostream.OutStream,), {}),
        )
        self.shell = SimpleNamespace(
            ZMQDisplayPublisher=type("ZMQDisplayPublisher", (zmqshell.ZMQDisplayPublisher,), {})
        )
        assert publish_quickly(self.modules, self.shell), "ipykernel has changed: see whether it is still right"
        self.wakes, self.failures = 0, 0
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.XPUB)
        self._socket.bind("inproc://iopub")
        self.thread = self.modules.IOPubThread(self._socket, session=Session(key=b"key"))
        self.thread.start()
        self._monkeypatch = monkeypatch
        self.stdout, self.stderr = (
            self.modules.OutStream(self.thread.session, self.thread, name, watchfd=False)
            for name in ("stdout", "stderr")
        )

    def _pipe(self, thread: Any) -> SimpleNamespace:
        return SimpleNamespace(send=lambda message: self._wake(thread, message))

    def _wake(self, thread: Any, message: bytes) -> None:
        self.wakes += 1
        if self.failures > 0:
            self.failures -= 1
            raise KeyboardInterrupt
        iostream.IOPubThread._event_pipe.fget(thread).send(message)

    def hold(self) -> threading.Event:
        """Have the thread wait until this is set."""
        held, release = threading.Event(), threading.Event()
        self.thread.schedule(lambda: held.set() or release.wait(PATIENCE_S))
        assert held.wait(PATIENCE_S)
        return release

    def flush_streams(self) -> threading.Thread:
        """What comes before a display, in a thread of its own."""
        self._monkeypatch.setattr(sys, "stdout", self.stdout)
        self._monkeypatch.setattr(sys, "stderr", self.stderr)
        publisher = self.shell.ZMQDisplayPublisher(session=self.thread.session, pub_socket=self.thread)
        flushing = threading.Thread(target=publisher._flush_streams)
        flushing.start()
        return flushing

    def close(self) -> None:
        self.thread.schedule(self.thread._event_pipe_gc_task.cancel)
        self.stderr.flush()
        self.thread.stop()
        self.thread.close()
        self._context.destroy(0)


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Prepared]:
    made = Prepared(monkeypatch)
    yield made
    made.close()


def ends(thread: threading.Thread, within_s: float = PATIENCE_S) -> bool:
    thread.join(within_s)
    return not thread.is_alive()


def test_a_display_waits_for_nothing_where_there_is_no_text(prepared: Prepared) -> None:
    release = prepared.hold()
    assert ends(prepared.flush_streams())
    release.set()


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_display_waits_for_text_before_it(prepared: Prepared, name: str) -> None:
    release = prepared.hold()
    getattr(prepared, name).write("text")
    flushing = prepared.flush_streams()
    assert not ends(flushing, 0.2)
    release.set()
    assert ends(flushing)
    assert not getattr(prepared, name)._buffers


def test_a_display_waits_for_text_that_is_just_being_taken(prepared: Prepared) -> None:
    taking, release = threading.Event(), threading.Event()
    take = prepared.thread.session.msg

    def slowly(*args: Any, **kwargs: Any) -> Any:
        taking.set()
        release.wait(PATIENCE_S)
        return take(*args, **kwargs)

    prepared.thread.session.msg = slowly
    prepared.stdout.write("text")
    prepared.thread.schedule(prepared.stdout._flush)
    assert taking.wait(PATIENCE_S)
    assert not prepared.stdout._buffers
    flushing = prepared.flush_streams()
    assert not ends(flushing, 0.2)
    release.set()
    assert ends(flushing)


def test_a_display_waits_where_too_much_waits_already(prepared: Prepared) -> None:
    release = prepared.hold()
    for _ in range(WAITING_EVENTS):
        prepared.thread.schedule(lambda: None)
    flushing = prepared.flush_streams()
    assert not ends(flushing, 0.2)
    release.set()
    assert ends(flushing)


def test_a_flush_of_a_stream_that_somebody_else_made_is_called(prepared: Prepared) -> None:
    flushed: list[str] = []

    class Tee(io.StringIO):
        def flush(self) -> None:
            flushed.append("tee")

    prepared.stdout = Tee()
    prepared.stderr.flush = lambda: flushed.append("replaced")
    assert ends(prepared.flush_streams())
    assert flushed == ["tee", "replaced"]
    del prepared.stderr.flush


def test_a_flush_returns_when_everything_before_it_is_out(prepared: Prepared) -> None:
    release = prepared.hold()
    flushing = threading.Thread(target=prepared.stdout.flush)
    flushing.start()
    assert not ends(flushing, 0.2)
    release.set()
    assert ends(flushing)
    wakes = prepared.wakes
    prepared.stdout.flush()
    assert prepared.wakes == wakes, "there was nothing to wait for"


def test_the_thread_is_woken_once_for_all_that_waits_and_does_it_in_order(prepared: Prepared) -> None:
    release, done = prepared.hold(), []
    wakes = prepared.wakes
    for number in range(1000):
        prepared.thread.schedule(lambda number=number: done.append(number))
    release.set()
    prepared.stdout.flush()
    assert done == list(range(1000))
    assert prepared.wakes - wakes < 50


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_event_that_fails_holds_up_none_behind_it(prepared: Prepared) -> None:
    release, done = prepared.hold(), threading.Event()
    prepared.thread.schedule(lambda: 1 // 0)
    prepared.thread.schedule(done.set)
    release.set()
    assert done.wait(PATIENCE_S)


def test_a_wake_up_that_is_interrupted_is_made_up_for_by_the_next(prepared: Prepared) -> None:
    done: list[int] = []
    prepared.failures = 1
    with pytest.raises(KeyboardInterrupt):
        prepared.thread.schedule(lambda: done.append(1))
    told = threading.Event()
    prepared.thread.schedule(told.set)
    assert told.wait(PATIENCE_S)
    assert done == [1]


@pytest.mark.parametrize("missing", ["schedule", "_handle_event"])
def test_of_another_ipykernel_nothing_is_touched(missing: str) -> None:
    def other(thread: Any) -> None:
        """Who knows what."""

    thread_class = type("IOPubThread", (iostream.IOPubThread,), {missing: other})
    stream_class = type("OutStream", (iostream.OutStream,), {})
    before = [dict(vars(one)) for one in (thread_class, stream_class)]
    modules = SimpleNamespace(IOPubThread=thread_class, OutStream=stream_class)
    assert not publish_quickly(modules, zmqshell)
    assert [dict(vars(one)) for one in (thread_class, stream_class)] == before
    assert not publish_quickly(SimpleNamespace(), SimpleNamespace())


IS_PREPARED = """
from ipykernel.iostream import IOPubThread
print(hasattr(IOPubThread, "flasknb_woken_s"))
"""
INTERLEAVED = r"""
import sys
from IPython.display import display
for number in range(300):
    sys.stdout.write(f"out {number}\n")
    display({"text/plain": f"shown {number}"}, raw=True)
    sys.stderr.write(f"err {number}\n")
    display({"text/plain": f"last {number}"}, raw=True)
"""
FROM_THREADS = """
import threading
from IPython.display import display
parent = get_ipython().kernel.get_parent()
def show(name):
    for number in range(300):
        display({"text/plain": f"{name} {number}"}, raw=True)
threads = [threading.Thread(target=show, args=(name,)) for name in "abc"]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""
FORKED = r"""
import os, sys, warnings
warnings.simplefilter("ignore")  # from Python 3.12 on it says that there are threads
from IPython.display import display
display({"text/plain": "before"}, raw=True)
if os.fork() == 0:
    sys.stdout.write("child\n")
    sys.stdout.flush()
    os._exit(0)
os.wait()
display({"text/plain": "after"}, raw=True)
"""
HOOKED = r"""
import sys
from IPython.display import display
from IPython.utils.capture import capture_output
publisher, seen = get_ipython().display_pub, []
hook = lambda message: seen.append(message["content"]["data"]["text/plain"])
publisher.register_hook(hook)
display({"text/plain": "kept"}, raw=True)
publisher.unregister_hook(hook)
with capture_output() as captured:
    print("captured")
    display({"text/plain": "taken"}, raw=True)
sys.stdout.write(f"{seen} {captured.stdout!r} {[one.data for one in captured.outputs]}\n")
"""
ENDLESS = """
from IPython.display import display
print("runs", flush=True)
while True:
    display({"text/plain": "again"}, raw=True)
"""


def shown(page: Page, code: str) -> list[str]:
    """Texts and displays, in order; a stream's message may have several lines."""
    told: list[str] = []
    for message in page.run(code).messages:
        if message.msg_type == "stream":
            told += message.content["text"].splitlines()
        elif message.msg_type == "display_data":
            told.append(message.content["data"]["text/plain"])
    return told


def test_our_kernels_are_prepared(page: Page) -> None:
    assert shown(page, IS_PREPARED) == ["True"]


def test_text_and_displays_come_in_the_order_of_the_program(page: Page) -> None:
    numbers = range(300)
    assert shown(page, INTERLEAVED) == [
        line for number in numbers for line in (f"out {number}", f"shown {number}", f"err {number}", f"last {number}")
    ]


def test_displays_of_each_thread_come_in_its_order(page: Page) -> None:
    told = shown(page, FROM_THREADS)
    for name in "abc":
        assert [line for line in told if line.startswith(name)] == [f"{name} {number}" for number in range(300)]


def test_a_forked_process_prints_through_its_parent(page: Page) -> None:
    told = shown(page, FORKED)
    assert told[0] == "before"
    assert sorted(told[1:]) == ["after", "child"], "in either order: the child's text comes to the thread another way"


def test_hooks_and_capturing_see_displays_and_nobody_else_does(page: Page) -> None:
    assert shown(page, HOOKED) == ["['kept'] 'captured\\n' [{'text/plain': 'taken'}]"]


def test_a_flood_of_displays_is_interrupted_again_and_again(
    bridge: BridgeClient, kernel: KernelModel, page: Page
) -> None:
    for _ in range(15):
        asked = page.execute(ENDLESS)
        page.text_up_to("runs\n", parent_id=asked)
        bridge.interrupt_kernel(kernel.id)
        page.wait_for(lambda message, asked=asked: message.parent_id == asked and message.msg_type == "execute_reply")
        assert page.run("print('well')").text == "well\n"
