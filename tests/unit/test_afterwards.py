"""Work whose outcome nobody waits for."""

from __future__ import annotations

from flasknb.contents.afterwards import collected, do_all, once_answered


def test_it_is_done_at_once_where_nobody_collects() -> None:
    done: list[str] = []
    once_answered(lambda: done.append("a"))
    assert done == ["a"]


def test_collected_work_waits_and_is_done_once_in_its_order() -> None:
    done: list[str] = []
    with collected() as left:
        once_answered(lambda: done.append("a"))
        once_answered(lambda: done.append("b"))
        assert done == []
    do_all(left)
    do_all(left)
    assert done == ["a", "b"]
    once_answered(lambda: done.append("c"))
    assert done == ["a", "b", "c"]
