"""Limits of kernels and terminals: counting, rates, and words that say which option to raise."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest

from flasknb.errors import KernelFailed, OutOfResources, TooManyKernels, TooManyTerminals, status_of
from flasknb.kernel_bridge.limits import ResourceLimits, StartRate
from flasknb.kernel_bridge.sidecar.admission import Admission, exhausted


def admission(**options: int) -> Admission:
    return Admission(ResourceLimits(**options))


def starts(rate: StartRate, user: str, *times_s: float) -> None:
    for now_s in times_s:
        rate.count(user, now_s=now_s)


def test_without_limits_everything_may_start() -> None:
    for _ in range(100):
        admission().kernel("a", ["a"] * 1000)
        admission().terminal("a", ["a"] * 1000)


def test_the_next_kernel_of_all_is_refused_at_the_limit() -> None:
    limited = admission(max_kernels=2)
    limited.kernel("c", ["a"])
    assert limited.has_room(1)
    assert not limited.has_room(2)
    with pytest.raises(TooManyKernels, match=r"2 kernels already.*ResourceLimits\.max_kernels$") as refusal:
        limited.kernel("c", ["a", "b"])
    assert status_of(refusal.value) == 429
    assert int(refusal.value.fields["retry_after"]) > 0


def test_each_user_has_a_limit_of_their_own() -> None:
    limited = admission(max_kernels_per_user=1)
    limited.kernel("b", ["a", "", "c"])
    with pytest.raises(TooManyKernels, match="max_kernels_per_user"):
        limited.kernel("a", ["a", "b"])


def test_terminals_of_one_user_are_counted() -> None:
    limited = admission(max_terminals_per_user=2)
    limited.terminal("a", ["a", "b"])
    with pytest.raises(TooManyTerminals, match="max_terminals_per_user"):
        limited.terminal("a", ["a", "a"])


def test_kernels_and_terminals_share_one_rate() -> None:
    limited = admission(starts_per_minute_per_user=2)
    limited.kernel("a", [])
    limited.terminal("a", [])
    with pytest.raises(TooManyKernels, match=r"You start .* try again in 60 s"):
        limited.kernel("a", [])
    limited.kernel("b", [])


def test_a_refused_start_does_not_count() -> None:
    limited = admission(max_kernels=1, starts_per_minute=1)
    for _ in range(5):
        with pytest.raises(TooManyKernels, match="already"):
            limited.kernel("a", ["a"])
    limited.kernel("a", [])
    with pytest.raises(TooManyKernels, match="All users together"):
        limited.kernel("b", [])


def test_a_start_is_forgotten_after_a_minute() -> None:
    rate = StartRate(2, 0)
    starts(rate, "a", 0.0, 30.0)
    assert rate.wait_s("b", now_s=30.0) == (30, False)
    assert rate.wait_s("b", now_s=59.5) == (1, False)
    assert rate.wait_s("b", now_s=60.0) == (0, False)


def test_the_users_own_limit_is_told_first() -> None:
    rate = StartRate(1, 1)
    starts(rate, "a", 0.0)
    assert rate.wait_s("a", now_s=1.0) == (59, True)
    assert rate.wait_s("b", now_s=1.0) == (59, False)


def test_a_crowd_of_users_is_not_remembered_for_ever() -> None:
    rate = StartRate(0, 1)
    for number in range(10_100):
        rate.count(f"user {number}", now_s=0.0)
    rate.wait_s("a", now_s=100.0)
    assert len(rate._of) == 0


def chained() -> KernelFailed:
    try:
        raise OSError(errno.EMFILE, "Too many open files")
    except OSError as error:
        failed = KernelFailed("it could not be started")
        failed.__cause__ = error
        return failed


@pytest.mark.parametrize(
    "make",
    [lambda: OSError(errno.EAGAIN, "x"), lambda: OSError(errno.ENOMEM, "x"), chained],
    ids=["pids", "memory", "deep"],
)
def test_a_machine_without_resources_is_a_503(make: Callable[[], Exception]) -> None:
    found = exhausted(make())
    assert isinstance(found, OutOfResources)
    assert status_of(found) == 503
    assert isinstance(found, KernelFailed)


def test_other_failures_are_not_called_exhaustion() -> None:
    assert exhausted(OSError(errno.ENOENT, "x")) is None
    assert exhausted(ValueError("x")) is None
