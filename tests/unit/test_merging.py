"""Two versions of a notebook, merged cell by cell: whatever somebody wrote is in the result."""

from __future__ import annotations

import random
from typing import Any

import pytest

from flasknb.conversion.merging import NotMergeable, _checked, merged

Cell = dict[str, Any]


def cell(name: str, source: str, **more: Any) -> Cell:
    return {
        "cell_type": "code",
        "id": name,
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        **more,
    }


def notebook(*cells: Cell, minor: int = 5, **metadata: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": minor}


def sources(answer: dict[str, Any]) -> list[str]:
    return [cell["source"] for cell in answer["merged"]["cells"]]


def printed(text: str) -> list[dict[str, Any]]:
    return [{"output_type": "stream", "name": "stdout", "text": text}]


BASE = notebook(cell("a", "alpha = 1"), cell("b", "beta = 2"), cell("c", "gamma = 3"))


def test_changes_of_different_cells_are_both_there() -> None:
    mine = notebook(cell("a", "alpha = 10"), cell("b", "beta = 2"), cell("c", "gamma = 3"))
    theirs = notebook(cell("a", "alpha = 1"), cell("b", "beta = 2"), cell("c", "gamma = 30"), cell("d", "new"))
    answer = merged(BASE, mine, theirs)
    assert sources(answer) == ["alpha = 10", "beta = 2", "gamma = 30", "new"]
    assert answer["conflicts"] == []


def test_a_cell_that_both_changed_stays_twice() -> None:
    mine = notebook(cell("a", "alpha = 10"), cell("b", "beta = 2"), cell("c", "gamma = 3"))
    theirs = notebook(cell("a", "alpha = 11"), cell("b", "beta = 2"), cell("c", "gamma = 3"))
    answer = merged(BASE, mine, theirs)
    assert sources(answer) == ["alpha = 10", "alpha = 11", "beta = 2", "gamma = 3"]
    assert [(one["index"], one["version"]) for one in answer["conflicts"]] == [(0, "mine"), (1, "theirs")]
    ids = [one["id"] for one in answer["merged"]["cells"]]
    assert ids[0] == "a"
    assert len(set(ids)) == 4


def test_a_cell_that_both_wrote_anew_stays_twice() -> None:
    mine, theirs = "import os\nprint(os.getcwd())", "class Total:\n    def __init__(self):\n        self.sum = 0"
    answer = merged(
        BASE, notebook(cell("a", mine), *BASE["cells"][1:]), notebook(cell("a", theirs), *BASE["cells"][1:])
    )
    assert sources(answer) == [mine, theirs, "beta = 2", "gamma = 3"]
    assert [one["version"] for one in answer["conflicts"]] == ["mine", "theirs"]


def test_the_same_change_on_both_sides_is_one() -> None:
    both = notebook(cell("a", "alpha = 5"), *BASE["cells"][1:], cell("d", "same"))
    answer = merged(BASE, both, both)
    assert (sources(answer), answer["conflicts"]) == (["alpha = 5", "beta = 2", "gamma = 3", "same"], [])


def test_lines_of_one_cell_that_do_not_touch_are_merged() -> None:
    lines = [f"line_{number} = {number}\n" for number in range(8)]
    first, last = ["changed = 0\n", *lines[1:]], [*lines[:-1], "changed = 7\n"]
    base, mine, theirs = (notebook(cell("a", "".join(one))) for one in (lines, first, last))
    answer = merged(base, mine, theirs)
    assert (sources(answer), answer["conflicts"]) == (["".join([first[0], *lines[1:-1], last[-1]])], [])


@pytest.mark.parametrize("is_mine", [True, False])
def test_a_cell_deleted_here_and_changed_there_stays(is_mine: bool) -> None:
    shorter, changed = notebook(*BASE["cells"][1:]), notebook(cell("a", "alpha = 2"), *BASE["cells"][1:])
    answer = merged(BASE, shorter, changed) if is_mine else merged(BASE, changed, shorter)
    assert sources(answer) == ["alpha = 2", "beta = 2", "gamma = 3"]
    assert [one["version"] for one in answer["conflicts"]] == ["theirs" if is_mine else "mine"]


def test_a_cell_deleted_on_one_side_only_goes() -> None:
    assert sources(merged(BASE, notebook(*BASE["cells"][:2]), BASE)) == ["alpha = 1", "beta = 2"]
    assert sources(merged(BASE, BASE, notebook(*BASE["cells"][1:]))) == ["beta = 2", "gamma = 3"]


def test_outputs_go_with_the_source() -> None:
    base = notebook(cell("a", "a", outputs_mark="x"), cell("b", "b", outputs_mark="y"))
    for one in base["cells"]:
        del one["outputs"]
    mine = notebook(
        cell("a", "a", outputs=printed("new"), outputs_mark="z"),
        cell("b", "b", outputs=printed("old"), outputs_mark="y"),
    )
    theirs = notebook(cell("a", "a", outputs=printed("theirs")), cell("b", "b", outputs=printed("fresh")))
    answer = merged(base, mine, theirs)
    assert [one["outputs"][0]["text"] for one in answer["merged"]["cells"]] == ["new", "fresh"]
    assert "outputs_mark" not in answer["merged"]["cells"][0]
    edited = notebook(cell("a", "a + 1", outputs=printed("edited")), cell("b", "b", outputs=printed("fresh")))
    assert merged(base, mine, edited)["merged"]["cells"][0]["outputs"] == printed("edited")


@pytest.mark.parametrize(("theirs_text", "is_trusted"), [("1", True), ("2", False)])
def test_trust_goes_with_the_outputs(theirs_text: str, is_trusted: bool) -> None:
    mine = notebook(cell("a", "1", metadata={"trusted": True}, outputs=printed("mine")))
    theirs = notebook(cell("a", theirs_text, metadata={"trusted": False}, outputs=printed("theirs")))
    kept = merged(notebook(cell("a", "1")), mine, theirs)["merged"]["cells"][0]
    assert (kept["metadata"]["trusted"], kept["outputs"]) == (
        is_trusted,
        (mine if is_trusted else theirs)["cells"][0]["outputs"],
    )


def test_metadata_of_both_is_kept_and_mine_wins() -> None:
    answer = merged(
        notebook(cell("a", "1", metadata={"tags": ["x"]}), author="base"),
        notebook(cell("a", "1", metadata={"tags": ["x"], "mine": 1}), author="me"),
        notebook(cell("a", "1", metadata={"tags": ["x", "y"], "theirs": 2}), author="they", more=True),
    )
    assert answer["merged"]["metadata"] == {"author": "me", "more": True}
    assert answer["merged"]["cells"][0]["metadata"] == {"tags": ["x", "y"], "mine": 1, "theirs": 2}


def test_cells_without_ids_are_found_by_what_they_say() -> None:
    def bare(*texts: str) -> dict[str, Any]:
        cells = [cell("", text) for text in texts]
        for one in cells:
            del one["id"]
        return notebook(*cells, minor=4)

    answer = merged(bare("alpha = 1", "beta = 2"), bare("alpha = 1", "beta = 22"), bare("alpha = 11", "beta = 2"))
    assert (sources(answer), answer["conflicts"]) == (["alpha = 11", "beta = 22"], [])
    assert all("id" not in one for one in answer["merged"]["cells"])


def test_nothing_that_was_written_is_lost_whatever_was_changed() -> None:
    """Random edits on both sides: every text that one side brought in is somewhere in the result."""
    for seed in range(60):
        chance = random.Random(seed)
        base = notebook(*(cell(f"c{index}", f"value_{index} = {index}") for index in range(6)))
        sides = [edited(base, chance, name) for name in ("mine", "theirs")]
        answer = merged(base, *sides)
        known = {one["source"] for one in base["cells"]}
        written = {one["source"] for side in sides for one in side["cells"]} - known
        assert written <= set(sources(answer)), seed
        ids = [one["id"] for one in answer["merged"]["cells"]]
        assert len(set(ids)) == len(ids), seed


def edited(base: dict[str, Any], chance: random.Random, name: str) -> dict[str, Any]:
    cells = [dict(one) for one in base["cells"]]
    for step in range(chance.randrange(1, 6)):
        at = chance.randrange(len(cells) + 1)
        what = chance.choice(["edit", "add", "delete", "move"])
        if what == "add":
            cells.insert(at, cell(f"{name}{step}", f"{name} wrote {step}"))
        elif at < len(cells):
            if what == "edit":
                cells[at]["source"] = f"{name} = {step}"
            elif what == "delete":
                del cells[at]
            else:
                cells.append(cells.pop(at))
    return notebook(*cells)


@pytest.mark.parametrize("broken", [None, {}, {"cells": 1}, {"cells": [1]}, {"cells": [], "nbformat": 3}])
def test_what_is_no_notebook_is_named(broken: Any) -> None:
    with pytest.raises(NotMergeable, match="mine is not a notebook"):
        _checked("mine", broken)
