"""One terminal: a program on a pty, what it showed lately, and the websockets that look at it."""

from __future__ import annotations

import asyncio
import codecs
import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timezone

from flasknb.kernel_bridge.sidecar.pty_process import PtyProcess
from flasknb.kernel_bridge.sidecar.terminal_viewer import TerminalOutlet, Viewer
from flasknb.kernel_bridge.terminal_codec import frame_of
from flasknb.kernel_bridge.terminal_replay import Replay
from flasknb.kernel_bridge.terminals import TerminalModel

log = logging.getLogger(__name__)

ROWS, COLUMNS = 25, 80
UNWATCHED_PAUSE_S = 0.02  # between full reads while nobody follows: 3 MB/s are enough for that
REVIEW_S = 0.25  # between looks at whom we are waiting for
HOLD_INPUT_BYTES = 1024 * 1024
RESUME_INPUT_BYTES = 256 * 1024
STUCK_INPUT_S = 20.0  # below the 30 s for which a worker waits to be read from
LAST_READS = 16  # of what a program wrote before it ended


class Terminal:
    """A running terminal. Event loop only.

    Args:
        on_end: called once, when the program has ended and every viewer was told.
    """

    def __init__(
        self, name: str, process: PtyProcess, *, replay_chars: int, on_end: Callable[[Terminal], None]
    ) -> None:
        self.name = name
        self._touch()
        self._process = process
        self._replay = Replay(replay_chars)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._viewers: list[Viewer] = []
        self._input: deque[memoryview] = deque()
        self._input_bytes = 0
        self._input_progress_s = 0.0
        self._held: set[Viewer] = set()
        self._size = (ROWS, COLUMNS)
        self._loop = asyncio.get_running_loop()
        self._is_reading = self._is_writing = self._is_hung_up = self._is_over = False
        self._review: asyncio.TimerHandle | None = None
        self._on_end = on_end
        self._life = self._loop.create_task(self._live())

    @property
    def idle_for_s(self) -> float:
        """Seconds since it was used, whatever happens to the clock."""
        return time.monotonic() - self._touched_s

    def _touch(self) -> None:
        self.last_activity, self._touched_s = datetime.now(timezone.utc), time.monotonic()

    @property
    def model(self) -> TerminalModel:
        """The terminal as the REST API shows it."""
        return TerminalModel(self.name, self.last_activity.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))

    def join(self, outlet: TerminalOutlet) -> Viewer:
        """A new viewer; its ``greet`` tells it what was shown lately."""
        viewer = Viewer(self, outlet)
        self._viewers.append(viewer)
        return viewer

    async def end(self) -> None:
        """End the program and what runs in the foreground, and wait for it."""
        await self._process.end()
        await asyncio.wait([self._life], timeout=1.0)

    # What viewers ask for

    def replay(self) -> str:
        """What brings a fresh page to where the others are."""
        return self._replay.text()

    def type_in(self, viewer: Viewer, text: bytes) -> None:
        """Input for the program, in order; a lone Control-C need not queue behind what nobody reads."""
        if self._is_over:
            return
        self._touch()
        if self._input and self._process.forget_input_before(text):
            self._input_is_dropped()
        self._input.append(memoryview(text))
        self._input_bytes += len(text)
        if not self._is_writing:
            self._input_progress_s = self._loop.time()
            self._write_some()
        if self._input_bytes > HOLD_INPUT_BYTES and viewer not in self._held:
            self._held.add(viewer)
            viewer.outlet.hold_input()
            self._loop.call_later(STUCK_INPUT_S, self._check_stuck_input)

    def fit(self) -> None:
        """Make the terminal as large as the smallest page."""
        sizes = [viewer.size for viewer in self._viewers if viewer.size is not None]
        if not sizes or self._is_over:
            return
        size = (min(rows for rows, _ in sizes), min(columns for _, columns in sizes))
        if size != self._size:
            self._size = size
            self._process.resize(*size)

    def viewer_moved(self, viewer: Viewer) -> None:
        """``viewer`` has taken something of what it was given."""
        viewer.note_progress(self._loop.time())
        self._follow()

    def leave(self, viewer: Viewer) -> None:
        """``viewer`` has gone."""
        self._held.discard(viewer)
        if viewer in self._viewers:
            self._viewers.remove(viewer)
            self.fit()
            self._follow()

    # Output

    async def _live(self) -> None:
        self._follow()
        await self._process.wait()
        self._stop_reading()
        self._input_is_dropped()
        for _ in range(LAST_READS):
            if not self._read_once():
                break
        self._is_over = True
        if self._review is not None:
            self._review.cancel()
        self._process.close()
        self._on_end(self)
        for viewer in list(self._viewers):
            if viewer.is_left_behind:
                viewer.catch_up()
            viewer.outlet.write(frame_of("disconnect", 1))
            viewer.end("the terminal has ended")

    def _follow(self) -> None:
        """Read while everybody who is waited for can take more."""
        waited_for = [viewer for viewer in self._viewers if viewer.is_full and not viewer.is_left_behind]
        if self._is_over or self._is_hung_up or waited_for:
            self._stop_reading()
            if waited_for and self._review is None and not self._is_over:
                self._review = self._loop.call_later(REVIEW_S, self._review_patience)
        elif not self._is_reading:
            self._is_reading = True
            self._loop.add_reader(self._process.master, self._on_output)

    def _stop_reading(self) -> None:
        if self._is_reading:
            self._is_reading = False
            self._loop.remove_reader(self._process.master)
            for viewer in self._viewers:
                if viewer.is_full:
                    viewer.note_progress(self._loop.time())

    def _on_output(self) -> None:
        is_more = self._read_once()
        self._follow()
        if is_more and self._is_reading and not any(not viewer.is_left_behind for viewer in self._viewers):
            self._stop_reading()
            self._loop.call_later(UNWATCHED_PAUSE_S, self._follow)

    def _read_once(self) -> bool:
        """Show what the program has written; returns whether that was a lot."""
        received = self._process.read()
        if received is None:  # hung up; the end of the process is waited for elsewhere
            self._is_hung_up = True
            return False
        text = self._decoder.decode(received)
        if text:
            self._touch()
            self._replay.append(text)
            frame = frame_of("stdout", text)
            for viewer in self._viewers:
                viewer.show(frame, len(text))
        return len(received) > 16 * 1024

    def _review_patience(self) -> None:
        self._review = None
        followers = [viewer for viewer in self._viewers if not viewer.is_left_behind]
        for viewer in followers:
            if viewer.is_full:
                viewer.wait_for(REVIEW_S)
                if viewer.is_too_slow(now_s=self._loop.time(), is_alone=len(followers) == 1):
                    log.info("terminal goes on without a slow page terminal=%s", self.name)
                    viewer.leave_behind()
        self._follow()

    # Input

    def _write_some(self) -> None:
        try:
            taken = self._process.write(self._input[0])
        except OSError:
            self._input_is_dropped()
            return
        if taken:
            self._input_progress_s = self._loop.time()
            self._input_bytes -= taken
            rest = self._input.popleft()[taken:]
            if rest:
                self._input.appendleft(rest)
        self._write_when_possible()
        if self._input_bytes < RESUME_INPUT_BYTES:
            self._let_input_flow()

    def _write_when_possible(self) -> None:
        if bool(self._input) is self._is_writing:
            return
        self._is_writing = bool(self._input)
        if self._is_writing:
            self._loop.add_writer(self._process.master, self._write_some)
        else:
            self._loop.remove_writer(self._process.master)

    def _input_is_dropped(self) -> None:
        self._input.clear()
        self._input_bytes = 0
        self._write_when_possible()
        self._let_input_flow()

    def _let_input_flow(self) -> None:
        for viewer in self._held:
            viewer.outlet.let_input_flow()
        self._held.clear()

    def _check_stuck_input(self) -> None:
        if not self._held:
            return
        remaining_s = self._input_progress_s + STUCK_INPUT_S - self._loop.time()
        if remaining_s > 0:
            self._loop.call_later(remaining_s, self._check_stuck_input)
            return
        stuck, waiting_bytes = list(self._held), self._input_bytes
        log.warning("terminal input dropped terminal=%s bytes=%d", self.name, waiting_bytes)
        self._input_is_dropped()
        for viewer in stuck:
            viewer.end(f"the program reads no input; {waiting_bytes} bytes were dropped")
