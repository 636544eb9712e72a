"""States of a kernel."""

from __future__ import annotations

import pytest

from flasknb.kernel_bridge.lifecycle import NEXT, Event, IllegalEvent, RestartBudget, State, advance


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        (State.STARTING, Event.READY, State.IDLE),
        (State.IDLE, Event.BUSY, State.BUSY),
        (State.BUSY, Event.IDLE, State.IDLE),
        (State.BUSY, Event.READY, State.BUSY),
        (State.BUSY, Event.EXITED, State.AUTORESTARTING),
        (State.AUTORESTARTING, Event.BUSY, State.AUTORESTARTING),
        (State.AUTORESTARTING, Event.READY, State.IDLE),
        (State.AUTORESTARTING, Event.GAVE_UP, State.DEAD),
        (State.DEAD, Event.RESTART, State.RESTARTING),
        (State.RESTARTING, Event.READY, State.IDLE),
    ],
)
def test_a_kernel_moves_along_the_table(before: State, event: Event, after: State) -> None:
    assert advance(before, event) is after


@pytest.mark.parametrize("event", [Event.BUSY, Event.IDLE, Event.READY, Event.EXITED])
def test_a_dead_kernel_stays_dead(event: Event) -> None:
    with pytest.raises(IllegalEvent, match="DEAD"):
        advance(State.DEAD, event)


def test_every_state_can_be_restarted_and_can_end() -> None:
    for state in State:
        assert NEXT[state, Event.RESTART] is State.RESTARTING
        assert NEXT[state, Event.GAVE_UP] is State.DEAD


def test_deaths_in_a_row_spend_the_budget() -> None:
    budget, spent = RestartBudget(limit=2, stable_s=10), []
    for moment_s in (0.0, 1.0, 2.0):
        budget = budget.started(now_s=moment_s).exited(now_s=moment_s + 0.5)
        spent.append(budget.is_spent)
    assert spent == [False, False, True]


def test_a_kernel_that_lived_long_begins_anew() -> None:
    budget = RestartBudget(limit=1, stable_s=10)
    for moment_s in (0.0, 100.0, 200.0):
        budget = budget.started(now_s=moment_s).exited(now_s=moment_s + 10)
        assert not budget.is_spent
