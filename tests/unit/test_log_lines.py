"""The form of log lines: what users know, nothing a visitor could make up, no secrets."""

from __future__ import annotations

import logging
import re
import sys

import pytest

from flasknb.auth import scrub
from flasknb.auth.user import USER_VARIABLE
from flasknb.cli.logs.form import BLOCK, LogFormat
from flasknb.cli.logs.requests import request_line, request_log_level
from flasknb.cli.logs.setup import merged


def record(message: str, name: str = "flasknb.cli", level: int = logging.INFO, **more: object) -> logging.LogRecord:
    made = logging.LogRecord(name, level, "file.py", 1, message, (), None)
    vars(made).update(more)
    return made


def test_a_line_has_level_time_name_and_message() -> None:
    line = LogFormat().format(record("hello"))
    assert re.fullmatch(r"\[I \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} ServerApp\] hello", line)


@pytest.mark.parametrize(("name", "shown"), [("flasknb.a.b", "ServerApp"), ("gunicorn.error", "gunicorn")])
def test_ours_goes_by_the_name_that_tools_look_for(name: str, shown: str) -> None:
    assert LogFormat("%(name)s %(message)s").format(record("x", name)) == f"{shown} x"


def test_a_visitor_makes_no_line_and_no_colour_but_a_block_of_ours_has_lines() -> None:
    hostile = "a\nb\x1b[31m?token=secret1"
    form = LogFormat("%(message)s")
    assert form.format(record(hostile)) == "a\\x0ab\\x1b[31m?token=[secret]"
    assert form.format(record("a\nb\x1b", **{BLOCK: True})) == "a\nb\\x1b"


def test_colours_come_only_where_they_are_wanted_and_the_record_stays_as_it_is() -> None:
    one = record("x", level=logging.WARNING)
    fmt = "%(color)s%(message)s%(end_color)s%(highlevel)s"
    assert LogFormat(fmt).format(one) == "x WARNING |"
    assert LogFormat(fmt, is_colored=True).format(one) == "\x1b[33mx\x1b[0m WARNING |"
    assert (one.name, one.msg, hasattr(one, "color")) == ("flasknb.cli", "x", False)


def test_a_traceback_follows_without_secrets() -> None:
    try:
        raise ValueError("http://a/?token=secret1")
    except ValueError:
        made = record("failed", exc_info=sys.exc_info())
    lines = LogFormat("%(message)s").format(made)
    assert lines.startswith("failed\nTraceback")
    assert "secret1" not in lines


@pytest.mark.parametrize(
    ("status", "level"),
    [(200, "DEBUG"), (304, "DEBUG"), (302, "INFO"), (403, "WARNING"), (500, "ERROR"), (502, "ERROR")],
)
def test_the_level_follows_the_status(status: int, level: str) -> None:
    assert logging.getLevelName(request_log_level(status)) == level


def test_what_is_said_about_a_request() -> None:
    environ = {"REQUEST_METHOD": "GET", "REMOTE_ADDR": "::1", USER_VARIABLE: "me", "HTTP_REFERER": "http://r/?key=k"}
    assert request_line(environ, "/a?b=1", 200, 1.234) == "200 GET /a?b=1 (me@::1) 1.23ms"
    assert request_line(environ, "/a", 404, 1.0) == "404 GET /a (me@::1) 1.00ms referer=http://r/?key=[secret]"


def test_further_words_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrub, "_hidden", set(scrub.SECRET_WORDS))
    monkeypatch.setattr(scrub, "_argument", scrub._argument)
    assert scrub.scrub("/?my.pin=1&a=2") == "/?my.pin=1&a=2"
    scrub.hide_also(["pin", "", "a+b("])
    assert scrub.scrub("/?my.pin=1&a=2&token=3") == "/?my.pin=[secret]&a=2&token=[secret]"


def test_sections_are_merged_deeply() -> None:
    base = {"handlers": {"console": {"level": 20, "class": "x"}}, "version": 1}
    changes = {"handlers": {"console": {"level": 10}, "file": {}}}
    assert merged(base, changes) == {
        "handlers": {"console": {"level": 10, "class": "x"}, "file": {}},
        "version": 1,
    }
