"""Who may start one more kernel or terminal: limits that are set, and what the machine has left."""

from __future__ import annotations

import errno
import os
import resource
import time
from collections.abc import Sequence

from flasknb.errors import OutOfResources, TooManyKernels, TooManyTerminals, sentence
from flasknb.kernel_bridge.limits import ResourceLimits, StartRate

RESERVE_DESCRIPTORS = 48
"""Kept free: a kernel takes some 20, and libzmq ends the process when it gets none."""
EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM, errno.ENOSPC})
RETRY_LATER_S = 30
"""A guess: nobody knows when somebody ends a kernel."""


class Admission:
    """Counts what users have and start. Event loop only."""

    def __init__(self, limits: ResourceLimits) -> None:
        self._limits = limits
        self._rate = StartRate(limits.starts_per_minute, limits.starts_per_minute_per_user)

    def kernel(self, owner: str, owners: Sequence[str]) -> None:
        """Let ``owner`` start a kernel beside those of ``owners``. Raises TooManyKernels, OutOfResources."""
        most, most_of_one = self._limits.max_kernels, self._limits.max_kernels_per_user
        if reason := _full(sentence("kernels"), len(owners), most, "max_kernels"):
            raise TooManyKernels(reason, fields=_retry(RETRY_LATER_S))
        if reason := _full(sentence("kernels of yours"), owners.count(owner), most_of_one, "max_kernels_per_user"):
            raise TooManyKernels(reason, fields=_retry(RETRY_LATER_S))
        self._start(owner, TooManyKernels)

    def terminal(self, owner: str, owners: Sequence[str]) -> None:
        """Let ``owner`` start a terminal beside those of ``owners``. Raises TooManyTerminals, OutOfResources."""
        most = self._limits.max_terminals_per_user
        if reason := _full(sentence("terminals of yours"), owners.count(owner), most, "max_terminals_per_user"):
            raise TooManyTerminals(reason, fields=_retry(RETRY_LATER_S))
        self._start(owner, TooManyTerminals)

    def has_room(self, kernels: int) -> bool:
        """Whether one more than ``kernels`` would still be allowed."""
        return not 0 < self._limits.max_kernels <= kernels

    def _start(self, owner: str, too_many: type[TooManyKernels | TooManyTerminals]) -> None:
        check_descriptors()
        now_s = time.monotonic()
        wait_s, is_own = self._rate.wait_s(owner, now_s=now_s)
        if wait_s:
            whose, option = (
                (sentence("You start"), "_per_user") if is_own else (sentence("All users together start"), "")
            )
            raise too_many(
                f"{whose} kernels and terminals faster than this server allows: try again in {wait_s} s"
                f" (ResourceLimits.starts_per_minute{option})",
                fields=_retry(wait_s),
            )
        self._rate.count(owner, now_s=now_s)


def check_descriptors() -> None:
    """Raises OutOfResources where this process can open too few further files to run another kernel."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if most != resource.RLIM_INFINITY and _open_files() > most - RESERVE_DESCRIPTORS:
        raise OutOfResources(
            f"The kernels' process may have {most} files open, and has nearly so many: shut kernels or terminals down,"
            " or raise the limit (ulimit -n)",
            fields=_retry(RETRY_LATER_S),
        )


def is_crowded(descriptor: int) -> bool:
    """Whether a connection with this number must go: numbers are given from below, so all lower ones are in use."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return most != resource.RLIM_INFINITY and descriptor >= most - RESERVE_DESCRIPTORS


def exhausted(error: BaseException | None) -> OutOfResources | None:
    """What to tell the user where the system had no process, memory, file or space left; ``None`` for other errors."""
    while error is not None:
        if isinstance(error, OutOfResources):
            return error
        if isinstance(error, OSError) and error.errno in EXHAUSTED:
            return OutOfResources(
                f"The machine has not enough left to start this: {os.strerror(error.errno)}. Shut other kernels or"
                " terminals down, then try again",
                fields=_retry(RETRY_LATER_S),
            )
        error = error.__cause__ or error.__context__
    return None


def _full(what: str, count: int, most: int, option: str) -> str:
    if not 0 < most <= count:
        return ""
    return sentence(
        f"There are {most} {what} already: shut one down on the dashboard's Running tab, or raise"
        f" ResourceLimits.{option}"
    )


def _retry(seconds: int) -> dict[str, str]:
    return {"retry_after": str(seconds)}


def _open_files() -> int:
    try:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are all we want
    except OSError:
        return 0  # a system without it: the call that fails says so
