"""The ring of changes, and the operator's words for them."""

from __future__ import annotations

import logging

import pytest

from flasknb.cli.logs.kernel_log import line_of
from flasknb.kernel_bridge.models import Change, ChangeKind
from flasknb.kernel_bridge.sidecar.changes import Changes

STARTED = [Change(ChangeKind.KERNEL_STARTED, f"kernel {number}") for number in range(1, 6)]


@pytest.fixture
def changes() -> Changes:
    ring = Changes(limit=3)
    for change in STARTED:
        ring.publish(change)
    return ring


@pytest.mark.parametrize(
    ("number", "missed", "kept"),
    [(0, 2, STARTED[2:]), (2, 0, STARTED[2:]), (4, 0, STARTED[4:]), (5, 0, []), (99, 0, [])],
)
def test_whoever_comes_back_gets_what_is_kept_and_learns_how_much_is_not(
    changes: Changes, number: int, missed: int, kept: list[Change]
) -> None:
    assert changes.after(number) == (missed, kept)


def test_listeners_hear_of_news_until_they_stop(changes: Changes) -> None:
    heard: list[int] = []

    def listener() -> None:
        heard.append(changes.newest)

    changes.listen(listener)
    changes.publish(STARTED[0])
    changes.unlisten(listener)
    changes.unlisten(listener)
    changes.publish(STARTED[0])
    assert heard == [6]


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_change_has_a_line(kind: ChangeKind) -> None:
    level, line = line_of(Change(kind, "the-kernel", session_id="the-session", path="a.ipynb", reason="signal 9"))
    assert level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)
    assert "{" not in line
    assert any(word in line for word in ("the-kernel", "the-session", "signal 9"))
