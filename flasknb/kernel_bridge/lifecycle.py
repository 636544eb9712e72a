"""The states of a kernel as a table. Pure: the clock is an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum


class State(Enum):
    """Values are the REST API's ``execution_state``."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    RESTARTING = "restarting"
    AUTORESTARTING = "autorestarting"
    DEAD = "dead"

    __hash__ = object.__hash__  # Enum's own is a function in Python, and ``advance`` asks for each message


class Event(Enum):
    """What happens to a kernel."""

    __hash__ = object.__hash__

    READY = "answered kernel_info"
    BUSY = "said busy"
    IDLE = "said idle"
    RESTART = "somebody asked for a restart"
    EXITED = "the process ended and will be started again"
    GAVE_UP = "the process ended for good"


class IllegalEvent(ValueError):
    """An event that the table has no row for."""


RISING = (State.STARTING, State.RESTARTING, State.AUTORESTARTING)  # no answer yet
_ALIVE = (State.STARTING, State.IDLE, State.BUSY)

NEXT: Mapping[tuple[State, Event], State] = {
    **{(state, Event.READY): State.IDLE for state in RISING},
    (State.IDLE, Event.READY): State.IDLE,
    (State.BUSY, Event.READY): State.BUSY,  # the answer overtook a client's own request
    **{(state, Event.BUSY): State.BUSY for state in (State.IDLE, State.BUSY)},
    **{(state, Event.IDLE): State.IDLE for state in (State.IDLE, State.BUSY)},
    **{(state, Event.BUSY): state for state in RISING},  # its own start-up noise
    **{(state, Event.IDLE): state for state in RISING},
    **{(state, Event.RESTART): State.RESTARTING for state in State},
    **{(state, Event.EXITED): State.AUTORESTARTING for state in (*_ALIVE, State.RESTARTING, State.AUTORESTARTING)},
    **{(state, Event.GAVE_UP): State.DEAD for state in State},
}


def advance(state: State, event: Event) -> State:
    """The state after ``event``. Raises IllegalEvent, and changes nothing, where the table has no row."""
    try:
        return NEXT[state, event]
    except KeyError:
        raise IllegalEvent(f"{event.name} makes no sense while {state.name}") from None


@dataclass(frozen=True)
class RestartBudget:
    """How many automatic restarts a kernel has left.

    Args:
        limit: attempts in a row before the kernel counts as dead.
        stable_s: seconds alive after which the count begins anew.
        used: attempts so far.
        started_s: monotonic time of the last start.
    """

    limit: int
    stable_s: float
    used: int = 0
    started_s: float = 0.0

    def started(self, *, now_s: float) -> RestartBudget:
        """After a start at ``now_s``."""
        return replace(self, started_s=now_s)

    def exited(self, *, now_s: float) -> RestartBudget:
        """After the process ended at ``now_s``; compare ``is_spent``."""
        was_stable = now_s - self.started_s >= self.stable_s
        return replace(self, used=1 if was_stable else self.used + 1)

    @property
    def is_spent(self) -> bool:
        """Whether no further attempt is due."""
        return self.used > self.limit
