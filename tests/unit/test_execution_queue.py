"""The execution queue as a table: what was there, what happens, what is sent, what is over, what waits."""

from __future__ import annotations

import pytest

from flasknb.kernel_bridge.execution_queue import Ask, ExecutionQueue, Outcome, QueueFull, Steps

KINDS = {
    "x": "execute_request",
    "i": "inspect_request",
    "k": "kernel_info_request",
    "o": "comm_open",
    "m": "comm_msg",
    "c": "comm_close",
    "b": "execute_request",
}


def ask(name: str) -> Ask[None]:
    """``x1`` is an execution, ``i1`` a question, ``o``, ``m``, ``c`` comm messages, ``b1`` one of a subshell."""
    return Ask(name, KINDS[name[0]], None, size_bytes=10, asked_ms=1, is_beside=name[0] == "b")


def queue(*names: str) -> ExecutionQueue[None]:
    made: ExecutionQueue[None] = ExecutionQueue(1000)
    for name in names:
        made.submit(ask(name), now_ms=1)
    return made


def happen(made: ExecutionQueue[None], event: str) -> Steps[None]:
    """``ok x1``, ``error x1`` (stops others), ``raises x1`` (does not), ``remove x1``, ``lose``, ``call-off``,
    ``pause``, ``resume``, or a request that comes."""
    word, _, name = event.partition(" ")
    if word in ("ok", "error", "raises"):
        outcome = Outcome.OK if word == "ok" else Outcome.ERROR
        return made.replied(name, outcome=outcome, stops_others=word == "error", now_ms=2)
    if word == "remove":
        return made.remove(name, now_ms=2)
    if word in ("lose", "call-off"):
        return (made.lose if word == "lose" else made.call_off)("gone", now_ms=2)
    if word == "pause":
        made.pause()
        return Steps()
    if word == "resume":
        return made.resume(now_ms=2)
    return made.submit(ask(word), now_ms=2)


ROWS = [
    # before, event, sent, over, running and waiting afterwards
    ("", "x1", "x1", "", "x1 |"),
    ("x1", "x2", "", "", "x1 | x2"),
    ("x1 x2 x3", "ok x1", "x2", "", "x2 | x3"),
    ("x1 x2 x3", "raises x1", "x2", "", "x2 | x3"),
    ("x1 x2 x3", "error x1", "", "x2:aborted x3:aborted", "|"),
    ("x1 i1 x2 i2", "error x1", "i2", "x2:aborted", "|"),
    ("x1", "ok x9", "", "", "x1 |"),
    ("x1 x2", "ok x2", "", "", "x1 | x2"),
    # questions keep their place, the kernel's own order included
    ("x1", "i1", "i1", "", "x1 |"),
    ("x1 x2", "i1", "", "", "x1 | x2"),
    ("x1 x2 i1 x3", "ok x1", "x2 i1", "", "x2 | x3"),
    ("x1 x2", "k1", "k1", "", "x1 | x2"),
    # comms that are open pass, a running cell may need them; what follows a comm_open that waits does not
    ("x1 x2", "m1", "m1", "", "x1 | x2"),
    ("x1 x2", "c1", "c1", "", "x1 | x2"),
    ("x1 x2", "o1", "", "", "x1 | x2"),
    ("x1 x2 o1", "m1", "", "", "x1 | x2"),
    ("x1 x2 o1 m1", "ok x1", "x2 o1 m1", "", "x2 |"),
    # subshells run beside
    ("x1 x2", "b1", "b1", "", "x1 | x2"),
    ("b1", "x1", "x1", "", "x1 |"),
    # taking out
    ("x1 x2 x3", "remove x2", "", "x2:removed", "x1 | x3"),
    ("x1 x2 i1", "remove x2", "i1", "x2:removed", "x1 |"),
    # the process ends
    ("x1 x2 i1", "lose", "", "x1:lost x2:lost", "|"),
    ("", "lose", "", "", "|"),
    ("x1 x2 i1 x3", "call-off", "", "x2:lost x3:lost", "x1 |"),
    ("pause x1 k1 call-off", "resume", "k1", "", "|"),
    # the kernel starts
    ("pause", "x1", "", "", "| x1"),
    ("pause k1 x1 x2", "resume", "k1 x1", "", "x1 | x2"),
    ("x1 x2 pause", "ok x1", "", "", "| x2"),
]


@pytest.mark.parametrize(("before", "event", "sent", "over", "after"), ROWS, ids=[f"{r[0]}+{r[1]}" for r in ROWS])
def test_every_row_of_the_table_holds(before: str, event: str, sent: str, over: str, after: str) -> None:
    made = queue()
    for word in before.split():
        happen(made, word)
    steps = happen(made, event)
    assert " ".join(one.msg_id for one in steps.send) == sent
    assert " ".join(f"{run.ask.msg_id}:{run.outcome.value}" for run in steps.over if run.outcome) == over
    running = made.running.ask.msg_id if made.running else ""
    assert f"{running} | {' '.join(one.msg_id for one in made.waiting)}".strip() == after


def test_only_what_waits_can_be_taken_out() -> None:
    made = queue("x1", "i1", "x2", "i2")
    for name in ("x1", "i2", "x9"):
        with pytest.raises(KeyError):
            made.remove(name, now_ms=2)


def test_a_full_queue_refuses_and_takes_again_when_it_is_emptier() -> None:
    made: ExecutionQueue[None] = ExecutionQueue(25)
    for name in ("x1", "x2", "x3"):
        made.submit(ask(name), now_ms=1)
    with pytest.raises(QueueFull, match="20 bytes"):
        made.submit(ask("x4"), now_ms=1)
    made.replied("x1", outcome=Outcome.OK, now_ms=2)
    made.submit(ask("x4"), now_ms=2)
    assert [one.msg_id for one in made.waiting] == ["x3", "x4"]


def test_times_and_outcomes_are_kept() -> None:
    made = queue("x1", "x2")
    made.replied("x1", outcome=Outcome.OK, execution_count=7, now_ms=50)
    made.lose("killed", now_ms=90)
    first, second = made.finished
    assert (first.started_ms, first.ended_ms, first.execution_count) == (1, 50, 7)
    assert (second.started_ms, second.ended_ms, second.reason) == (50, 90, "killed")
