"""No row of the notebook page's inventory is without a browser test, and no test names a row that is none."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.ui_rows import NOT_YET, ROWS

E2E = Path(__file__).resolve().parents[1] / "e2e"


def marks_of(function: object) -> Iterator[pytest.Mark]:
    """The marks of a test, also those of its single parameters."""
    for mark in getattr(function, "pytestmark", []):
        yield mark
        if mark.name == "parametrize":
            for parameters in mark.args[1]:
                yield from (
                    one.mark if isinstance(one, pytest.MarkDecorator) else one
                    for one in getattr(parameters, "marks", ())
                )


def shown_rows() -> Iterator[str]:
    """Every id given to ``pytest.mark.ui_row`` in the browser tests."""
    for path in sorted(E2E.rglob("test_*.py")):
        module = importlib.import_module(".".join(("tests", "e2e", *path.relative_to(E2E).with_suffix("").parts)))
        for _name, function in inspect.getmembers(module, inspect.isfunction):
            for mark in marks_of(function):
                if mark.name == "ui_row":
                    yield from mark.args


def test_every_row_has_a_browser_test_or_a_reason() -> None:
    shown = set(shown_rows())
    assert shown - set(ROWS) == set()
    assert set(ROWS) - shown == set(NOT_YET)
