"""``/api/events``: what may be raised, what it costs when nobody listens, and what reaches handlers and listeners."""

from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path
from typing import Any

import pytest

from flasknb.events.listening import FRESH_S, Listening
from flasknb.events.recorder import SCHEMAS
from tests.conftest import MakeSite, Site

CORE = "https://events.jupyter.org/jupyter_server/"
CONTENTS = f"{CORE}contents_service/v1"
KERNELS = f"{CORE}kernel_actions/v1"
GATEWAY = f"{CORE}gateway_client/v1"
READ = {"schema_id": CONTENTS, "version": "1", "data": {"action": "get", "path": "a.ipynb"}}


def published(site: Site) -> list[dict[str, Any]]:
    return [json.loads(event.text) for event in site.bridge.events_published]


@pytest.fixture
def heard(site: Site) -> Site:
    """A site whose events somebody listens to."""
    site.services.events.listening.beat()
    return site


@pytest.mark.row("4.8 post")
@pytest.mark.parametrize("version", ["1", 1])
def test_an_event_that_fits_its_schema_is_passed_on(heard: Site, version: object) -> None:
    answer = heard.api.post("api/events", json={**READ, "version": version, "timestamp": "2022-05-26T13:50:00+05:00Z"})
    assert (answer.status_code, answer.data) == (204, b"")
    (event,) = published(heard)
    assert event == {
        "schema_id": CONTENTS,
        "__schema__": CONTENTS,
        "__schema_version__": "1",
        "__metadata_version__": 1,
        "__timestamp__": "2022-05-26T13:50:00+05:00Z",
        "action": "get",
        "path": "a.ipynb",
    }


BAD = {
    "nothing": (None, "No JSON data"),
    "no schema": ({"version": "1", "data": {}}, "schema_id"),
    "no version": ({"schema_id": CONTENTS, "data": {}}, "version"),
    "no data": ({"schema_id": CONTENTS, "version": "1"}, "data"),
    "data no object": ({**READ, "data": [1]}, "data must be an object"),
    "schema no text": ({**READ, "schema_id": 3}, "schema_id must be a string"),
    "unknown schema": ({**READ, "schema_id": "x" * 10_000}, "no event schema"),
    "unknown version": ({**READ, "version": "2"}, "version"),
    "invalid": ({**READ, "data": {"action": "explode", "path": "a"}}, "does not fit"),
    "bad timestamp": ({**READ, "timestamp": "yesterday"}, "timestamp"),
    "empty timestamp": ({**READ, "timestamp": ""}, "timestamp"),
    "timestamp without a zone": ({**READ, "timestamp": "2026-01-31T12:00:00"}, "timestamp"),
}


@pytest.mark.row("4.8 post")
@pytest.mark.parametrize("name", BAD)
def test_an_event_that_makes_no_sense_is_refused(heard: Site, name: str) -> None:
    body, words = BAD[name]
    answer = heard.api.post("api/events", json=body)
    assert answer.status_code == 400
    assert words in answer.json["message"]
    assert len(answer.json["message"]) < 1_000
    assert published(heard) == []


def test_an_enormous_event_is_refused(heard: Site) -> None:
    answer = heard.api.post("api/events", json={**READ, "data": {"action": "get", "path": "x" * 100_000}})
    assert answer.status_code == 413
    assert published(heard) == []


@pytest.mark.row("4.8 subscribe")
def test_a_subscription_without_a_websocket_is_refused(site: Site) -> None:
    answer = site.api.get("api/events/subscribe")
    assert (answer.status_code, answer.json["message"]) == (400, 'Can "Upgrade" only to "WebSocket".')


@pytest.mark.row("4.8 schemas")
def test_the_core_schemas_have_their_documented_fields(site: Site) -> None:
    schemas = site.services.events.recorder.logger.schemas
    properties = {one: set(schemas.get(one).properties) for one in (CONTENTS, KERNELS, GATEWAY)}
    assert properties == {
        CONTENTS: {"action", "path", "source_path"},
        KERNELS: {"action", "kernel_id", "kernel_name", "status", "status_code", "msg"},
        GATEWAY: {"status", "status_code", "msg", "gateway_url"},
    }
    assert len(list(SCHEMAS.glob("*.yaml"))) == len(properties)


@pytest.mark.row("4.3 events")
def test_each_action_on_contents_is_one_event(heard: Site) -> None:
    ask = heard.api
    ask.post("api/contents", json={"type": "file", "ext": ".txt"})
    ask.put("api/contents/untitled.txt", json={"type": "file", "format": "text", "content": "a"})
    ask.get("api/contents/untitled.txt")
    ask.patch("api/contents/untitled.txt", json={"path": "b.txt"})
    ask.post("api/contents", json={"copy_from": "b.txt"})
    ask.delete("api/contents/b.txt")
    told = [(event["action"], event["path"], event.get("source_path")) for event in published(heard)]
    assert {event["schema_id"] for event in published(heard)} == {CONTENTS}
    expected = [
        ("create", "untitled.txt", None),
        ("save", "untitled.txt", None),
        ("get", "untitled.txt", None),
        ("rename", "b.txt", "untitled.txt"),
        ("copy", "b-Copy1.txt", "b.txt"),
        ("delete", "b.txt", None),
    ]
    assert [one for one in told if one in expected] == expected


def test_a_failed_action_is_none(heard: Site) -> None:
    assert heard.api.get("api/contents/missing.txt").status_code == 404
    assert published(heard) == []


def test_nothing_is_passed_on_while_nobody_listens(site: Site) -> None:
    site.api.get("api/contents")
    assert site.api.post("api/events", json=READ).status_code == 204
    assert published(site) == []


def test_a_listener_that_died_is_forgotten(tmp_path: Path) -> None:
    listening = Listening(tmp_path / "instance")
    assert not listening.is_anybody()
    listening.beat()
    assert listening.is_anybody()
    long_ago_s = time.time() - FRESH_S - 1
    os.utime(tmp_path / "instance" / "events-wanted", (long_ago_s, long_ago_s))
    assert not listening.is_anybody()


class Kept(logging.Handler):
    """A handler as users configure one."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Broken(logging.Handler):
    """One that fails."""

    def emit(self, record: logging.LogRecord) -> None:
        raise RuntimeError("the disk is full")


def test_configured_handlers_get_every_event(make_site: MakeSite) -> None:
    kept = Kept()
    site = make_site(**{"EventLogger.handlers": [kept]})
    site.api.get("api/contents")
    (event,) = map(json.loads, kept.lines)
    assert (event["__schema__"], event["action"], event["path"]) == (CONTENTS, "get", "")


def test_a_handler_that_fails_fails_no_request(make_site: MakeSite, caplog: pytest.LogCaptureFixture) -> None:
    site = make_site(**{"EventLogger.handlers": [Broken()]})
    assert site.api.get("api/contents").status_code == 200
    assert "event lost" in caplog.text


def test_the_event_library_is_not_loaded_where_nobody_wants_events(site: Site) -> None:
    site.api.get("api/contents")
    assert "logger" not in vars(site.services.events.recorder)
