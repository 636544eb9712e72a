"""Attack 72 and its like: what visitors send appears in logs and events as theirs, never as the server's own words."""

from __future__ import annotations

import logging
import sys

import pytest

from flasknb.cli.logs.form import LogFormat
from flasknb.errors import ConversionFailed
from tests.conftest import MakeSite, Site

FORGED = "x\n[I 2026-01-31 12:00:00.000 ServerApp] all is well\x1b]0;owned\x07"
SCHEMA = "https://events.jupyter.org/jupyter_server/contents_service/v1"


def test_row_72_a_traceback_forges_no_line_and_steers_no_terminal() -> None:
    try:
        raise ValueError(FORGED)
    except ValueError:
        record = logging.LogRecord("flasknb", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    lines = LogFormat("%(message)s").format(record).split("\n")
    assert lines[:2] == ["failed", "Traceback (most recent call last):"]
    assert all(line.startswith(" ") for line in lines[2:])
    assert "\x1b" not in "".join(lines)
    assert "all is well" in lines[-1]


def test_row_72_a_failure_is_one_line_in_the_log_of_any_host(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ConversionFailed(f"nbconvert failed: {FORGED}")

    monkeypatch.setattr("flasknb.conversion.service.Converter.convert", fail)
    site = make_site()
    site.api.post("nbconvert/html", json={"content": {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}})
    said = [record.getMessage() for record in caplog.records if "nbconvert failed" in record.getMessage()]
    assert len(said) == 1
    assert "\n" not in said[0]
    assert "\x1b" not in said[0]


@pytest.mark.parametrize("name", ["__schema__", "__timestamp__", "__schema_version__", "__anything", "schema_id"])
def test_an_event_cannot_say_that_it_is_another_one(site: Site, name: str) -> None:
    event = {"action": "get", "path": "a.ipynb", name: "https://events.jupyter.org/jupyter_server/other/v1"}
    answer = site.api.post("api/events", json={"schema_id": SCHEMA, "version": "1", "data": event})
    assert answer.status_code == 400
    assert name in answer.json["message"]
    del event[name]
    assert site.api.post("api/events", json={"schema_id": SCHEMA, "version": "1", "data": event}).status_code == 204
