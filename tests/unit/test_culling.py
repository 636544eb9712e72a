"""Which kernels are shut down because nobody needs them."""

from __future__ import annotations

import pytest

from flasknb.kernel_bridge.culling import CullPolicy
from flasknb.kernel_bridge.lifecycle import State


@pytest.mark.parametrize(
    ("policy", "state", "connections", "idle_s", "is_due"),
    [
        (CullPolicy(0), State.IDLE, 0, 1e9, False),
        (CullPolicy(60), State.IDLE, 0, 59.9, False),
        (CullPolicy(60), State.IDLE, 0, 60, True),
        (CullPolicy(60), State.IDLE, 1, 1e9, False),
        (CullPolicy(60, connected=True), State.IDLE, 1, 60, True),
        (CullPolicy(60), State.BUSY, 0, 1e9, False),
        (CullPolicy(60, busy=True), State.BUSY, 0, 60, True),
        (CullPolicy(60, busy=True), State.BUSY, 1, 60, False),
        (CullPolicy(60, connected=True, busy=True), State.BUSY, 1, 60, True),
        (CullPolicy(60, connected=True, busy=True), State.STARTING, 0, 1e9, False),
        (CullPolicy(60, connected=True, busy=True), State.AUTORESTARTING, 0, 1e9, False),
        (CullPolicy(60, connected=True, busy=True), State.DEAD, 0, 1e9, False),
    ],
)
def test_a_kernel_is_culled_when_the_options_say_so(
    policy: CullPolicy, state: State, connections: int, idle_s: float, is_due: bool
) -> None:
    assert policy.is_due(state, connections=connections, idle_for_s=idle_s) is is_due


@pytest.mark.parametrize(
    ("policy", "connections", "idle_s", "next_look_s", "due_in_s"),
    [
        (CullPolicy(0), 0, 1e9, 0, None),
        (CullPolicy(60), 1, 1e9, 0, None),
        (CullPolicy(60), 0, 100, 7, 7),
        (CullPolicy(60), 0, 53, 7, 7),
        (CullPolicy(60), 0, 52, 7, 17),  # the next look comes too early by one second
        (CullPolicy(60), 0, 0, 7, 67),
        (CullPolicy(60, connected=True), 3, 0, 0, 60),
    ],
)
def test_a_kernel_goes_at_the_first_look_after_its_time(
    policy: CullPolicy, connections: int, idle_s: float, next_look_s: float, due_in_s: float | None
) -> None:
    found = policy.due_in_s(
        State.IDLE, connections=connections, idle_for_s=idle_s, next_look_s=next_look_s, interval_s=10
    )
    assert found == due_in_s
