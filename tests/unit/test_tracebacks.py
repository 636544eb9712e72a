"""Errors on servers that must not show where."""

from __future__ import annotations

import orjson
import pytest

from flasknb.kernel_bridge.tracebacks import without_traceback

SECRET = {"ename": "KeyError", "evalue": "secret", "traceback": ["secret"]}


@pytest.mark.row("5.2 allow_tracebacks")
@pytest.mark.parametrize(
    ("kind", "content"),
    [("error", SECRET), ("execute_reply", {"status": "error", "execution_count": 1, **SECRET})],
)
def test_an_error_keeps_its_place_and_loses_its_words(kind: str, content: dict[str, object]) -> None:
    told = orjson.loads(without_traceback(kind, orjson.dumps(content), "hidden"))
    words = {"ename": "ExecutionError", "evalue": "Execution error", "traceback": ["hidden"]}
    assert told == {**content, **words}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("stream", b'{"text":"traceback"}'),
        ("execute_reply", b'{"status":"ok","payload":"traceback"}'),
        ("execute_reply", b'{"status":"ok"}'),
    ],
)
def test_everything_else_is_left_alone(kind: str, content: bytes) -> None:
    assert without_traceback(kind, content, "hidden") is content


@pytest.mark.parametrize("content", [b"[]", b"secret", b"{", b'"secret"'])
def test_an_error_that_makes_no_sense_shows_nothing(content: bytes) -> None:
    assert b"secret" not in without_traceback("error", content, "hidden")
