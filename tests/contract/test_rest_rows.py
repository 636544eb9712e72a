"""No row of the REST inventory is without a test, and no test names a row that is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.rest_rows import NOT_YET, ROWS

TESTS = Path(__file__).resolve().parents[1]


def marked_rows() -> Iterator[str]:
    """Every text given to ``pytest.mark.row``, also in parameters and ``pytestmark``."""
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.row"):
                yield from (argument.value for argument in node.args if isinstance(argument, ast.Constant))


def test_every_row_has_a_test_or_a_reason() -> None:
    marked = set(marked_rows())
    assert marked <= set(ROWS)
    assert set(ROWS) - marked == set(NOT_YET)
