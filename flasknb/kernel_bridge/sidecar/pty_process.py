"""A program on a pseudo terminal of its own: start, read, write, size, end. Knows nothing of websockets or names."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import logging
import os
import pty
import shutil
import signal
import struct
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from flasknb.errors import TerminalFailed

log = logging.getLogger(__name__)

READ_BYTES = 64 * 1024
HANGUP_GRACE_S = 1.0  # for programs to save what they hold, after SIGHUP
KILL_TIMEOUT_S = 2.0
WINDOW = struct.Struct("HHHH")  # rows, columns, two unused
ON_THIS_TERMINAL = 'exec "$@" <>"$0" >&0 2>&1'
"""For sh, which leads a new session: the terminal that it opens becomes the session's own. Doing that between fork and
exec of this process, which has threads, would not be safe."""


class PtyProcess:
    """A running program and the master side of its terminal. Event loop only. Made by ``start``."""

    def __init__(self, process: asyncio.subprocess.Process, master: int, slave: int) -> None:
        self._process = process
        self._slave: int | None = slave  # held open, so that reading before the program opened it is no end
        self._is_ending = False
        self.master = master

    @classmethod
    async def start(
        cls, command: Sequence[str], cwd: str, env: Mapping[str, str], *, rows: int, columns: int
    ) -> PtyProcess:
        """Run ``command``. Raises TerminalFailed."""
        program = shutil.which(command[0], path=env.get("PATH"))
        if program is None:
            raise TerminalFailed(
                f"The terminal's program {command[0]!r} does not exist: set SHELL, or terminado_settings"
            )
        try:
            master, slave = pty.openpty()
        except OSError as error:
            raise TerminalFailed(
                f"The system gives no terminal: {error.strerror}. End others, then try again"
            ) from error
        try:
            os.set_blocking(master, False)
            set_size(master, rows, columns)
            process = await _spawn([program, *command[1:]], os.ttyname(slave), cwd, env)
        except OSError as error:
            os.close(master)
            os.close(slave)
            raise TerminalFailed(f"The terminal's program did not start: {error}") from error
        return cls(process, master, slave)

    @property
    def pid(self) -> int:
        """Process id of the program, which leads its session."""
        return self._process.pid

    def read(self) -> bytes | None:
        """What it has written, about READ_BYTES at most; ``b""`` for nothing now, ``None`` after a hangup."""
        pieces: list[bytes] = []
        total = 0
        while total < READ_BYTES:
            try:
                piece = os.read(self.master, READ_BYTES)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno != errno.EIO:
                    log.warning("terminal cannot be read pid=%d error=%s", self.pid, error)
                piece = b""
            if not piece:
                return b"".join(pieces) or None
            pieces.append(piece)
            total += len(piece)
        return b"".join(pieces)

    def write(self, text: bytes | memoryview) -> int:
        """Give it input; returns how many bytes were taken. Raises OSError when its terminal is gone."""
        try:
            return os.write(self.master, text)
        except BlockingIOError:
            return 0

    def resize(self, rows: int, columns: int) -> None:
        """Tell it the size of its terminal."""
        with suppress(OSError):  # it has just ended
            set_size(self.master, rows, columns)

    def forget_input_before(self, key: bytes) -> bool:
        """Drop what waits to be read, where ``key`` stands for a signal now, as a terminal does; returns whether."""
        with suppress(OSError, termios.error):
            local_modes, special = _line_discipline(self.master)
            signal_keys = [special[index] for index in (termios.VINTR, termios.VQUIT, termios.VSUSP)]
            if local_modes & termios.ISIG and key in signal_keys and self._slave is not None:
                termios.tcflush(self.master, termios.TCOFLUSH)  # on its way to the line discipline
                termios.tcflush(self._slave, termios.TCIFLUSH)  # in it
                return True
        return False

    async def wait(self) -> None:
        """Until the program has ended."""
        await self._process.wait()

    async def end(self) -> None:
        """Hang up: SIGHUP and SIGCONT for the program and what is in the foreground, SIGKILL for what stays."""
        if self._is_ending:
            return
        self._is_ending = True
        groups = {self.pid, self._foreground()} - {0}
        _signal_groups(groups, signal.SIGHUP)
        _signal_groups(groups, signal.SIGCONT)  # a stopped one hears nothing
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.wait(), HANGUP_GRACE_S)
        _signal_groups(groups, signal.SIGKILL)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.wait(), KILL_TIMEOUT_S)

    def close(self) -> None:
        """Let go of the terminal."""
        for descriptor in (self.master, self._slave):
            if descriptor is not None:
                with suppress(OSError):
                    os.close(descriptor)
        self.master, self._slave = -1, None

    def _foreground(self) -> int:
        try:
            return max(0, os.tcgetpgrp(self.master))
        except OSError:
            return 0


def set_size(descriptor: int, rows: int, columns: int) -> None:
    """Set the size of a terminal; programs in it hear of a change. Raises OSError."""
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, WINDOW.pack(rows, columns, 0, 0))


async def _spawn(command: Sequence[str], tty: str, cwd: str, env: Mapping[str, str]) -> asyncio.subprocess.Process:
    nothing = asyncio.subprocess.DEVNULL
    options: dict[str, Any] = {"stdin": nothing, "stdout": nothing, "stderr": nothing, "start_new_session": True}
    return await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", ON_THIS_TERMINAL, tty, *command, cwd=cwd, env=dict(env), **options
    )


def _line_discipline(descriptor: int) -> tuple[int, list[Any]]:
    attributes = termios.tcgetattr(descriptor)
    return attributes[3], attributes[6]


def _signal_groups(groups: set[int], signum: int) -> None:
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left, or nobody of ours
            os.killpg(group, signum)
