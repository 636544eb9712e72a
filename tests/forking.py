"""Processes that start quickly: forked from one that has done the imports. For tests that need many of the same kind.

Each is a real process with its own session, environment, standard streams and exit code; only the imports are shared.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).resolve().parents[1]
PIECE_BYTES = 65_536
START_TIMEOUT_S = 60.0
PID_CHARS = 10


class Forked:
    """What tests and our own code use of ``subprocess.Popen``."""

    def __init__(self, pid: int, stdin: IO[bytes] | None, told: int) -> None:
        self.pid, self.stdin, self.returncode = pid, stdin, None
        self._told = told

    returncode: int | None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; ``None`` while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """The exit code. Raises ``subprocess.TimeoutExpired``."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            self.returncode = int(os.read(self._told, 100))
            os.close(self._told)
        return self.returncode


@dataclass(frozen=True)
class Nursery:
    """Forks processes that call ``target`` (``module:function``; its result is the exit code)."""

    target: str
    line: socket.socket

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[IO[Any] | None]
    ) -> Forked:
        """A process with these arguments.

        Args:
            streams: standard input (``None``: a pipe whose other end the result has), output and error
                (``None``: thrown away).
        """
        told, tells = os.pipe()
        reads, writes = os.pipe()
        null = os.open(os.devnull, os.O_RDWR)
        given = [reads if streams[0] is None else streams[0].fileno()]
        given += [null if stream is None else stream.fileno() for stream in streams[1:]]
        request = {"arguments": list(arguments), "environment": dict(environment), "target": self.target}
        socket.send_fds(self.line, [b"+"], [*given, tells])
        self.line.sendall(json.dumps(request).encode() + b"\n")
        for descriptor in (tells, reads, null):
            os.close(descriptor)
        pid = int(os.read(told, PID_CHARS))
        if streams[0] is None:
            return Forked(pid, os.fdopen(writes, "wb"), told)
        os.close(writes)
        return Forked(pid, None, told)


@contextlib.contextmanager
def nursery(target: str, imports: Sequence[str], *, is_patched: bool = False) -> Iterator[Nursery]:
    """Have a process that has imported ``imports`` (after gevent's patching, when ``is_patched``)."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking", str(theirs.fileno()), str(int(is_patched)), *imports],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=PROJECT,
        )
        theirs.close()
        try:
            ours.settimeout(START_TIMEOUT_S)
            assert ours.recv(10) == b"ready"
            yield Nursery(target, ours)
        finally:
            ours.close()
            process.wait(START_TIMEOUT_S)


def _serve(line: socket.socket) -> None:
    while True:
        begun, descriptors, _, _ = socket.recv_fds(line, 1, 4)
        if not begun:
            return
        request = b""
        while not request.endswith(b"\n"):  # JSON has no line ends of its own
            if not (piece := line.recv(PIECE_BYTES)):
                return
            request += piece
        if _fork() == 0:
            line.close()
            _keep(json.loads(request), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        with contextlib.suppress(ChildProcessError):
            while _waitpid(-1, os.WNOHANG)[0]:
                pass


def _keep(request: dict[str, Any], descriptors: list[int]) -> None:
    """Start the process and wait for it, so that somebody knows its exit code. Never returns."""
    pid = _fork()
    if pid == 0:
        _become(request, descriptors)
    for descriptor in descriptors[:3]:
        os.close(descriptor)
    code = os.waitstatus_to_exitcode(_waitpid(pid, 0)[1])
    with contextlib.suppress(BrokenPipeError):
        os.write(descriptors[3], str(code).encode())
    os._exit(0)


def _become(request: dict[str, Any], descriptors: list[int]) -> None:
    os.setsid()
    for number, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, number)
    os.write(descriptors[3], f"{os.getpid():{PID_CHARS}}".encode())
    for descriptor in descriptors:
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv[1:] = request["arguments"]
    module, _, function = request["target"].partition(":")
    try:
        code = getattr(import_module(module), function)()
    except BaseException:  # whatever it was: this process must not go on as the one it was forked from
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


_fork, _waitpid = os.fork, os.waitpid  # before gevent's patching

if __name__ == "__main__":
    line = socket.socket(fileno=int(sys.argv[1]))
    if sys.argv[2] == "1":
        from gevent import monkey

        monkey.patch_all()
    for name in sys.argv[3:]:
        import_module(name)
    line.send(b"ready")
    _serve(line)
