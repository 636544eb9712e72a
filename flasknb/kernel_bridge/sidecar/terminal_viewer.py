"""One websocket that looks at a terminal: how far it has come, and whether others may wait for it."""

from __future__ import annotations

import logging
from typing import Protocol

from flasknb.kernel_bridge.terminal_codec import BadTerminalMessage, Resized, Shown, Typed, command_of, frame_of
from flasknb.kernel_bridge.terminal_replay import RESET

log = logging.getLogger(__name__)

WINDOW_CHARS = 512 * 1024  # how far a page that says what it has shown may be behind
ALONE_PATIENCE_S = 10.0  # without any progress
SHARED_PATIENCE_S = 3.0  # in all, since it was last level with the terminal

Size = tuple[int, int]


class TerminalOutlet(Protocol):
    """Where a viewer's frames go, and where its input comes from."""

    @property
    def is_clogged(self) -> bool: ...

    def write(self, frames: bytes) -> None: ...

    def end(self, reason: str) -> None: ...

    def hold_input(self) -> None: ...

    def let_input_flow(self) -> None: ...


class Watched(Protocol):
    """The terminal as its viewers see it."""

    def replay(self) -> str: ...

    def type_in(self, viewer: Viewer, text: bytes) -> None: ...

    def fit(self) -> None: ...

    def viewer_moved(self, viewer: Viewer) -> None: ...

    def leave(self, viewer: Viewer) -> None: ...


class Viewer:
    """A websocket at a terminal. Event loop only.

    Where the terminal outruns it for too long it is *left behind*: it gets no more output until it has shown what it
    has; then a reset and the replay bring it level.
    """

    def __init__(self, terminal: Watched, outlet: TerminalOutlet) -> None:
        self._terminal = terminal
        self.outlet = outlet
        self.size: Size | None = None
        self.is_left_behind = False
        self._sent_chars = 0
        self._shown_chars: int | None = None  # None: a page that does not tell
        self._progress_s = 0.0
        self._waited_for_s = 0.0

    @property
    def is_full(self) -> bool:
        """Whether it should get no more for now."""
        return self.outlet.is_clogged or self._backlog_chars > WINDOW_CHARS

    @property
    def _backlog_chars(self) -> int:
        return 0 if self._shown_chars is None else self._sent_chars - self._shown_chars

    def greet(self) -> None:
        """The first messages of the websocket."""
        self.outlet.write(frame_of("setup", {}))
        replay = self._terminal.replay()
        if replay:
            self.show(frame_of("stdout", replay), len(replay))

    def show(self, frame: bytes, chars: int) -> None:
        """Pass output on, unless it is left behind."""
        if not self.is_left_behind:
            self._sent_chars += chars
            self.outlet.write(frame)

    def wait_for(self, seconds: float) -> None:
        """The terminal has stood still so long because of it."""
        self._waited_for_s += seconds

    def is_too_slow(self, *, now_s: float, is_alone: bool) -> bool:
        """Whether the terminal should go on without it."""
        if is_alone:
            return now_s - self._progress_s > ALONE_PATIENCE_S
        return self._waited_for_s > SHARED_PATIENCE_S

    def note_progress(self, now_s: float) -> None:
        """It begins to be waited for, or has taken something."""
        self._progress_s = now_s

    def leave_behind(self) -> None:
        """Give it no more output until it has shown what it has."""
        self.is_left_behind = True

    def flush(self) -> None:
        """It has taken something."""
        if self.is_left_behind and not self.is_full and self._backlog_chars <= 0:
            self.catch_up()
        self._terminal.viewer_moved(self)

    def on_message(self, packed: bytes) -> None:
        """A command from the page."""
        try:
            command = command_of(packed)
        except BadTerminalMessage as error:
            log.warning("terminal command ignored error=%s", error)
            return
        if isinstance(command, Typed):
            self._terminal.type_in(self, command.text)
        elif isinstance(command, Resized):
            self.size = (command.rows, command.columns)
            self._terminal.fit()
        elif isinstance(command, Shown):
            self._shown_chars = min(max(command.characters, self._shown_chars or 0), self._sent_chars)
            self.flush()

    def on_close(self) -> None:
        """The page has gone."""
        self._terminal.leave(self)

    def end(self, reason: str) -> None:
        """Close the connection after what was written."""
        self.outlet.end(reason)

    def catch_up(self) -> None:
        """Level with the terminal again: what it has is replaced."""
        self.is_left_behind = False
        self._waited_for_s = 0.0
        replay = RESET + self._terminal.replay()
        self.show(frame_of("stdout", replay), len(replay))
