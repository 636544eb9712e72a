"""What a kernel would say of executions, where it cannot say it itself; and what its answers mean for the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flasknb.kernel_bridge.execution_queue import Outcome, Run
from flasknb.kernel_bridge.sidecar.activity import object_of
from flasknb.kernel_bridge.sidecar.queued_request import Request

OUTCOMES = {"ok": Outcome.OK, "error": Outcome.ERROR, "aborted": Outcome.ABORTED, "abort": Outcome.ABORTED}


Said = tuple[str, str, dict[str, Any]]
"""Channel, message type and content."""


def words_for(run: Run[Request], *, died: bool) -> Iterator[Said]:
    """All that is said of an execution that the kernel does not run, or not end.

    Args:
        died: the process ended by itself, so what ran in it has failed.
    """
    if died and run.started_ms is not None:
        yield from _failure(run.reason or "")
        return
    if run.started_ms is None:
        yield "iopub", "status", {"execution_state": "busy"}
    yield "shell", "execute_reply", {"status": "aborted"}
    yield "iopub", "status", {"execution_state": "idle"}


def words_of_the_dead(reason: str) -> Iterator[Said]:
    """The same for an execution that a kernel was asked for when it was dead for good, for this reason."""
    yield "iopub", "status", {"execution_state": "busy"}
    yield from _failure(f"{reason or 'The kernel has ended.'} Restart it to run this.")
    yield "iopub", "status", {"execution_state": "dead", "reason": reason}


def _failure(reason: str) -> Iterator[Said]:
    failure = {"ename": "DeadKernelError", "evalue": reason, "traceback": [reason]}
    yield "iopub", "error", failure
    yield "shell", "execute_reply", {"status": "error", **failure, "execution_count": None}
    yield "iopub", "status", {"execution_state": "idle"}


def stops_others(request: Request, outcome: Outcome) -> bool:
    """As kernels do it: an error aborts what waits, unless its request said otherwise."""
    if outcome is Outcome.ABORTED:
        return True  # the kernel is dropping its queue, where those that wait here would be
    if outcome is not Outcome.ERROR:
        return False
    asked = object_of(request.content)
    return not asked.get("silent", False) and bool(asked.get("stop_on_error", True))
