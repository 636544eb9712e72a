"""Whose turn it is at one kernel's shell: one execution at a time, the others wait here. Pure: no socket, no clock.

Kernels run shell requests strictly one after the other, so holding executions back changes no order; it makes the queue
visible, and lets one be taken out. What goes to the kernel when:

===================================  =================================================================
execute_request                      when no other one is with the kernel and nothing waits before it
kernel_info_request                  at once: its answer is the same whoever ran before
comm_msg, comm_close                 at once, unless a comm_open waits: a running cell may be waiting for
                                     them (jupyter_ui_poll), and would wait for ever behind the next cell
any of a subshell                    at once: subshells run beside the main shell
everything else                      in its turn: at once, or behind what was asked before it
===================================  =================================================================
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Generic, TypeVar

EXECUTE = "execute_request"
COMM_OPEN = "comm_open"
COMM_TYPES = frozenset({"comm_open", "comm_msg", "comm_close"})
AT_ONCE = frozenset({"kernel_info_request"})
RUNS_KEPT = 1000

Payload = TypeVar("Payload")


class QueueFull(ValueError):
    """So much waits already that nothing more is taken."""


class Outcome(str, Enum):
    """How an execution ended. Values are the REST API's."""

    OK = "ok"
    ERROR = "error"
    ABORTED = "aborted"  # by an error before it
    REMOVED = "removed"  # somebody took it out of the queue
    LOST = "lost"  # the process ended while it ran or waited
    UNKNOWN = "unknown"  # it ended while no sidecar listened, or without an answer


@dataclass(slots=True)
class Ask(Generic[Payload]):
    """One shell request. ``payload`` is what ``send`` needs; nobody here looks into it."""

    msg_id: str
    msg_type: str
    payload: Payload
    size_bytes: int = 0
    asked_ms: int = 0
    is_beside: bool = False
    """It is for a subshell."""


@dataclass(slots=True)
class Run(Generic[Payload]):
    """One execution that has begun or is over. Times are wall-clock milliseconds; ``None`` while unknown."""

    ask: Ask[Payload]
    started_ms: int | None = None
    ended_ms: int | None = None
    outcome: Outcome | None = None
    execution_count: int | None = None
    reason: str | None = None


@dataclass(slots=True)
class Steps(Generic[Payload]):
    """What follows from something that happened: what to send, and what is over without an answer of the kernel's."""

    send: Sequence[Ask[Payload]] = ()
    over: Sequence[Run[Payload]] = ()


@dataclass
class ExecutionQueue(Generic[Payload]):
    """The requests of all clients of one kernel. One caller at a time.

    Args:
        limit_bytes: what may wait at most.
    """

    limit_bytes: int
    running: Run[Payload] | None = None
    is_paused: bool = False
    """Nothing is sent: the kernel starts."""
    finished: deque[Run[Payload]] = field(default_factory=lambda: deque(maxlen=RUNS_KEPT))
    _waiting: deque[Ask[Payload]] = field(default_factory=deque)
    _waiting_bytes: int = 0

    @property
    def waiting(self) -> Iterator[Ask[Payload]]:
        """The executions that wait, in order."""
        return (ask for ask in self._waiting if ask.msg_type == EXECUTE)

    @property
    def held_ids(self) -> set[str]:
        """Ids of all requests that wait, executions or not."""
        return {ask.msg_id for ask in self._waiting}

    def __len__(self) -> int:
        return len(self._waiting)

    def submit(self, ask: Ask[Payload], *, now_ms: int) -> Steps[Payload]:
        """Take a request. Raises QueueFull."""
        if not self.is_paused and self._may_pass(ask):
            if ask.msg_type == EXECUTE and not ask.is_beside:
                self.running = Run(ask, started_ms=now_ms)
            return Steps(send=[ask])
        if self._waiting_bytes + ask.size_bytes > self.limit_bytes:
            raise QueueFull(f"{self._waiting_bytes} bytes wait already for the kernel, at most {self.limit_bytes} may")
        self._waiting.append(ask)
        self._waiting_bytes += ask.size_bytes
        return Steps()

    def replied(
        self,
        msg_id: str,
        *,
        outcome: Outcome,
        stops_others: bool = False,
        execution_count: int | None = None,
        now_ms: int,
    ) -> Steps[Payload]:
        """The kernel has answered an execution.

        Args:
            stops_others: the executions that wait are not to run (``stop_on_error``).
        """
        if self.running is None or self.running.ask.msg_id != msg_id:
            return Steps()
        ended = Run(self.running.ask, self.running.started_ms, now_ms, outcome, execution_count)
        self.finished.append(ended)
        self.running = None
        over = self._drop_executions(Outcome.ABORTED, None, now_ms) if stops_others else []
        return Steps(send=self._due(now_ms), over=over)

    def remove(self, msg_id: str, *, now_ms: int) -> Steps[Payload]:
        """Take an execution that waits out. Raises KeyError when none of this id waits."""
        found = next((ask for ask in self.waiting if ask.msg_id == msg_id), None)
        if found is None:
            raise KeyError(msg_id)
        self._waiting.remove(found)
        self._waiting_bytes -= found.size_bytes
        over = self._ended(found, Outcome.REMOVED, None, now_ms)
        return Steps(send=self._due(now_ms), over=[over])

    def lose(self, reason: str, *, now_ms: int) -> Steps[Payload]:
        """The process is gone: what ran and what waited is over, the one that ran first."""
        over: list[Run[Payload]] = []
        if self.running is not None:
            over.append(replace(self.running, ended_ms=now_ms, outcome=Outcome.LOST, reason=reason))
            self.finished.append(over[0])
            self.running = None
        over += self._drop_executions(Outcome.LOST, reason, now_ms)
        self._waiting.clear()
        self._waiting_bytes = 0
        return Steps(over=over)

    def call_off(self, reason: str, *, now_ms: int) -> Steps[Payload]:
        """No execution that waits is to run; what runs goes on, and other requests wait on."""
        return Steps(over=self._drop_executions(Outcome.LOST, reason, now_ms))

    def pause(self) -> None:
        """Send nothing until ``resume``."""
        self.is_paused = True

    def resume(self, *, now_ms: int) -> Steps[Payload]:
        """The kernel takes requests again."""
        self.is_paused = False
        return Steps(send=self._due(now_ms))

    def take_up(self, ask: Ask[Payload], *, started_ms: int) -> None:
        """An execution is with the kernel already: a sidecar before this one sent it."""
        self.running = Run(ask, started_ms=started_ms)

    def _may_pass(self, ask: Ask[Payload]) -> bool:
        if ask.is_beside or ask.msg_type in AT_ONCE:
            return True
        if ask.msg_type in COMM_TYPES and ask.msg_type != COMM_OPEN:
            return not any(waiting.msg_type in COMM_TYPES for waiting in self._waiting)
        return not self._waiting and (ask.msg_type != EXECUTE or self.running is None)

    def _due(self, now_ms: int) -> list[Ask[Payload]]:
        """What may go now, up to and with the next execution, and what follows that is none."""
        due: list[Ask[Payload]] = []
        while self._waiting and not self.is_paused:
            ask = self._waiting[0]
            if ask.msg_type == EXECUTE and not ask.is_beside:
                if self.running is not None:
                    break
                self.running = Run(ask, started_ms=now_ms)
            due.append(self._waiting.popleft())
            self._waiting_bytes -= ask.size_bytes
        return due

    def _drop_executions(self, outcome: Outcome, reason: str | None, now_ms: int) -> list[Run[Payload]]:
        dropped = list(self.waiting)
        self._waiting = deque(ask for ask in self._waiting if ask.msg_type != EXECUTE)
        self._waiting_bytes = sum(ask.size_bytes for ask in self._waiting)
        return [self._ended(ask, outcome, reason, now_ms) for ask in dropped]

    def _ended(self, ask: Ask[Payload], outcome: Outcome, reason: str | None, now_ms: int) -> Run[Payload]:
        run = Run(ask, ended_ms=now_ms, outcome=outcome, reason=reason)
        self.finished.append(run)
        return run
