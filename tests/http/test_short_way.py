"""The short way of ``/api/status`` says what the long way says, and takes only what that would let in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from flask.signals import request_started
from werkzeug.test import TestResponse

from flasknb import FlaskNB
from flasknb.app import standalone
from flasknb.auth.authorizer import Authorizer
from flasknb.auth.user import User
from flasknb.blueprints.context import Services
from flasknb.blueprints.short_way import ShortWay
from flasknb.testing import FakeBridge
from tests.conftest import TOKEN

SHOWN = {"Authorization": f"token {TOKEN}"}
UNUSUAL = {"X-Unusual": "1"}  # sends a request the long way, and means nothing there


class Nobody(Authorizer):
    """Lets nobody do anything."""

    def is_authorized(self, user: User, action: str, resource: str) -> bool:
        return False


class Standalone:
    """An app of our own, and whether its short way answered the last request."""

    def __init__(self, root_dir: Path, **options: Any) -> None:
        notebook = FlaskNB(
            command_line={}, make_bridge=lambda *_: FakeBridge(), root_dir=str(root_dir), token=TOKEN, **options
        )
        self.app: Flask = standalone(notebook)
        self.services: Services = self.app.extensions["flasknb"]["flasknb"]
        self.url = f"{self.services.settings.url_prefix}/api/status"
        self.went_the_long_way = False
        assert isinstance(self.app.wsgi_app, ShortWay)
        long_way = self.app.wsgi_app._long_way

        def watched(environ: dict[str, Any], start_response: Any) -> Any:
            self.went_the_long_way = True
            return long_way(environ, start_response)

        self.app.wsgi_app._long_way = watched

    def ask(self, method: str = "GET", query: str = "", **headers: str) -> TestResponse:
        self.went_the_long_way = False
        client = self.app.test_client(use_cookies=False)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(self.url + query, method=method, headers={**SHOWN, **given})


@pytest.fixture(params=["/", "/a/b/"], ids=["root", "base_url"])
def server(request: pytest.FixtureRequest, tmp_path: Path, built: None) -> Standalone:
    made = Standalone(tmp_path, base_url=request.param)
    made.ask()
    return made


def test_both_ways_give_the_same_answer(server: Standalone) -> None:
    long = server.ask(**UNUSUAL)
    assert server.went_the_long_way
    short = server.ask()
    assert not server.went_the_long_way
    assert (short.status, short.data) == (long.status, long.data)
    assert _without_value(short) == _without_value(long)


def _without_value(answer: TestResponse) -> dict[str, str]:
    """The headers, the cookie without what is different in each one."""
    headers = dict(answer.headers)
    name, _, attributes = headers["Set-Cookie"].partition("=")
    headers["Set-Cookie"] = name + ";".join(part for part in attributes.split(";")[1:] if "Expires" not in part)
    return headers


def test_the_cookie_of_the_short_way_logs_in(server: Standalone) -> None:
    cookie = server.ask().headers["Set-Cookie"].partition(";")[0]
    assert not server.went_the_long_way
    answer = server.app.test_client(use_cookies=False).get(server.url, headers={"Cookie": cookie})
    assert answer.status_code == 200
    assert server.ask().headers["Set-Cookie"].partition(";")[0] != cookie


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": ""}, 403),
        ({"Authorization": "token wrong"}, 403),
        ({"Authorization": ""}, 403),
        ({"Origin": "http://evil.example"}, 200),
        ({"Cookie": "username-localhost=forged"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 200),
        ({"If-None-Match": "*"}, 304),
        ({"Upgrade": "websocket"}, 200),
        ({"X-Forwarded-For": "10.0.0.1"}, 200),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else next(iter(value.items()))[0],
)
def test_whatever_is_unusual_goes_the_long_way(server: Standalone, headers: dict[str, str], status: int) -> None:
    answer = server.ask(**headers)
    assert server.went_the_long_way
    assert answer.status_code == status


@pytest.mark.parametrize(("method", "query", "status"), [("HEAD", "", 405), ("POST", "", 405), ("GET", "?a=1", 200)])
def test_nothing_but_a_plain_get_goes_the_short_way(server: Standalone, method: str, query: str, status: int) -> None:
    assert server.ask(method, query).status_code == status
    assert server.went_the_long_way


def test_figures_that_nobody_shows_are_asked_for(server: Standalone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.services.bridge, "shown_status", lambda: None)
    assert server.ask().json == server.ask(**UNUSUAL).json
    assert server.went_the_long_way


@pytest.mark.parametrize(
    "options",
    [
        {"ServerApp.allow_origin": "*"},
        {"ServerApp.tornado_settings": {"headers": {"X-Of-Mine": "1"}}},
        {"ServerApp.authorizer_class": "tests.http.test_short_way.Nobody"},
    ],
    ids=["allow_origin", "headers", "authorizer"],
)
def test_options_that_concern_every_answer_close_it(tmp_path: Path, built: None, options: dict[str, Any]) -> None:
    server = Standalone(tmp_path, **options)
    assert [server.ask(**UNUSUAL).status_code, server.ask().status_code] in ([200, 200], [403, 403])
    assert server.went_the_long_way


def test_the_owners_hooks_act(tmp_path: Path, built: None) -> None:
    server = Standalone(tmp_path)
    server.app.before_request(lambda: abort(418))
    assert [server.ask().status_code for _ in range(3)] == [418, 418, 418]


def test_the_owners_signals_are_sent(server: Standalone) -> None:
    heard: list[Flask] = []

    def listen(sender: Flask, **_: Any) -> None:
        heard.append(sender)

    with request_started.connected_to(listen, server.app):
        server.ask()
    assert heard == [server.app]


def test_its_requests_are_counted(server: Standalone) -> None:
    def counted() -> int:
        totals = server.services.request_times.totals()
        return sum(sum(found.counts) for labels, found in totals.items() if labels == ("GET", "status.status", "200"))

    before = counted()
    server.ask()
    assert not server.went_the_long_way
    assert counted() == before + 1
