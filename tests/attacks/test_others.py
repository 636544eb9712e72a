"""Row 32: what one user started is, for every other, not there. By the table of all routes, on a mounted site.

A new route that names a kernel, a session or a terminal is in ``ROUTES``, so it is tried here too.
"""

from __future__ import annotations

import json
import os
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import websocket

from tests.contract.test_routes import ROUTES
from tests.servers import Server, start_server
from tests.waiting import eventually

TIMEOUT_S = 30.0
PROVIDER = '''
class Named:
    """Whoever a proxy names."""

    def __init__(self, **_):
        pass

    def get_user(self, handler):
        return handler.request.headers.get("X-User") or None
'''
CONFIG = """
c.ServerApp.identity_provider_class = "named_by_proxy.Named"
c.ServerApp.disable_check_xsrf = True
c.IdentityProvider.administrators = ["root"]
"""
NOWHERE = {
    "kernel_id": "00000000-0000-4000-8000-000000000000",
    "session_id": "00000000-0000-4000-8000-000000000001",
    "name": "nothing",
    "msg_id": "no-message",
}
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/api/kernels/<uuid:kernel_id>/execute"): {"code": "stolen = 1"},
    ("PUT", "/api/kernels/<uuid:kernel_id>/document"): {"session_id": "s", "hash": "h"},
    ("PATCH", "/api/sessions/<session_id>"): {"path": "taken.ipynb"},
}
NAMED = re.compile(r"<(?:uuid:)?(kernel_id|session_id|name)>")
ABOUT_ONE = [(method, rule) for method, rule in ROUTES if NAMED.search(rule) and "kernelspecs" not in rule]
STARTS_WHAT_IS_MISSING = ("GET", "/terminals/<name>")


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class House:
    """A site with several users. ``anns`` are ids of what ann has started."""

    server: Server
    anns: dict[str, str]

    def ask(self, user: str, method: str, path: str, body: Any = None) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server.base_url + path.lstrip("/"), method=method, data=data)
        request.add_header("X-User" if user != "token" else "Authorization", user.replace("token", self.token))
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode())

    @property
    def token(self) -> str:
        return f"token {self.server.token}"

    def connect(self, user: str, path: str) -> Any:
        """An open websocket; raises websocket.WebSocketBadStatusException."""
        url = self.server.base_url.replace("http", "ws", 1) + path.lstrip("/")
        origin = self.server.base_url.split("/a/b/")[0]
        return websocket.create_connection(url, timeout=TIMEOUT_S, header={"X-User": user}, origin=origin)

    def status_of(self, user: str, method: str, rule: str, ids: dict[str, str]) -> tuple[int, str]:
        """Status and message of a route, with these ids, which are left out of the message."""
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids.get(found.group(1), "x"), rule)
        if method == "WEBSOCKET":
            try:
                self.connect(user, path).close()
            except websocket.WebSocketBadStatusException as error:
                return error.status_code, ""
            return 101, ""
        answer = self.ask(user, method, path, BODIES.get((method, rule), {} if method != "GET" else None))
        text = answer.text
        for one in ids.values():
            text = text.replace(one, "ID")
        return answer.status, text


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("others")
    (home / "named_by_proxy.py").write_text(PROVIDER)
    repo = str(Path(__file__).parents[2])
    server = start_server("mounted", home, CONFIG, {"PYTHONPATH": f"{repo}:{home}"})
    try:
        house = House(server, {})
        session = house.ask("ann", "POST", "api/sessions", {"path": "shared.ipynb", "type": "notebook"}).json
        assert "id" in session, session
        house.anns["session_id"], house.anns["kernel_id"] = session["id"], session["kernel"]["id"]
        house.anns["name"] = house.ask("ann", "POST", "api/terminals", {"name": "of_ann"}).json["name"]
        kernel = house.anns["kernel_id"]
        house.anns["msg_id"] = house.ask("ann", "POST", f"api/kernels/{kernel}/execute", {"code": "1"}).json["msg_id"]
        yield house
        assert "Traceback" not in server.log
    finally:
        for kernel in House(server, {}).ask("root", "GET", "api/kernels").json:
            House(server, {}).ask("root", "DELETE", f"api/kernels/{kernel['id']}")
        server.stop()


@pytest.mark.parametrize(("method", "rule"), ABOUT_ONE)
def test_row_32_of_anothers_there_is_nothing(house: House, method: str, rule: str) -> None:
    found = house.status_of("bob", method, rule, house.anns)
    if (method, rule) == STARTS_WHAT_IS_MISSING:
        assert found[0] == 404
        return
    assert found == house.status_of("bob", method, rule, NOWHERE)
    assert found[0] == 404 or "websocket" in found[1].lower()  # a plain GET of a websocket's address says so of any


def test_nothing_of_it_was_touched(house: House) -> None:
    """After all of the above: it is as ann left it."""
    kernel, session = house.anns["kernel_id"], house.anns["session_id"]
    assert house.ask("ann", "GET", f"api/kernels/{kernel}").json["connections"] == 0
    assert house.ask("ann", "GET", f"api/sessions/{session}").json["path"] == "shared.ipynb"
    assert house.ask("ann", "GET", f"api/terminals/{house.anns['name']}").status == 200
    finished = house.ask("ann", "GET", f"api/kernels/{kernel}/queue").json["finished"]
    assert [one["msg_id"] for one in finished] == [house.anns["msg_id"]]


@pytest.mark.parametrize("what", ["kernels", "sessions", "terminals"])
def test_lists_have_only_what_is_ones_own(house: House, what: str) -> None:
    assert house.ask("bob", "GET", f"api/{what}").json == []
    assert house.ask("token", "GET", f"api/{what}").json == []
    assert len(house.ask("ann", "GET", f"api/{what}").json) == 1
    assert len(house.ask("root", "GET", f"api/{what}").json) == 1


def test_an_administrator_may_use_what_others_started(house: House) -> None:
    kernel = house.anns["kernel_id"]
    assert house.ask("root", "GET", f"api/kernels/{kernel}").status == 200
    assert house.ask("root", "POST", f"api/kernels/{kernel}/interrupt").status == 204
    house.connect("root", f"api/kernels/{kernel}/channels").close()
    assert house.ask("root", "GET", f"terminals/{house.anns['name']}").status == 200


def test_one_notebook_has_a_kernel_of_its_own_for_each_user(house: House) -> None:
    wanted = {"path": "shared.ipynb", "type": "notebook", "kernel": {"id": house.anns["kernel_id"]}}
    session = house.ask("bob", "POST", "api/sessions", wanted).json
    try:
        assert session["id"] != house.anns["session_id"]
        assert session["kernel"]["id"] != house.anns["kernel_id"]
        assert house.ask("bob", "POST", "api/sessions", wanted).json["id"] == session["id"]
        assert [one["id"] for one in house.ask("ann", "GET", "api/sessions").json] == [house.anns["session_id"]]
        change = {"kernel": {"id": house.anns["kernel_id"]}}
        refused = house.ask("bob", "PATCH", f"api/sessions/{session['id']}", change)
        unknown = house.ask("bob", "PATCH", f"api/sessions/{session['id']}", {"kernel": {"id": NOWHERE["kernel_id"]}})
        assert (refused.status, unknown.status) == (400, 400)
    finally:
        assert house.ask("bob", "DELETE", f"api/sessions/{session['id']}").status == 204


def test_a_terminals_name_that_another_has_is_not_to_be_had(house: House) -> None:
    assert house.ask("bob", "POST", "api/terminals", {"name": house.anns["name"]}).status == 404
    own = house.ask("bob", "POST", "api/terminals").json["name"]
    assert own != house.anns["name"]
    assert house.ask("ann", "DELETE", f"api/terminals/{own}").status == 404
    assert house.ask("bob", "DELETE", f"api/terminals/{own}").status == 204


def test_a_path_is_not_resolved_for_anothers_kernel(house: House) -> None:
    found = house.ask("bob", "GET", f"api/resolvePath?path=x.py&kernel={house.anns['kernel_id']}").json
    assert found["unresolved"][0]["scope"] == "kernel"


def test_events_of_anothers_kernel_are_not_heard(house: House) -> None:
    ears = {user: house.connect(user, "api/events/subscribe") for user in ("ann", "bob")}
    try:
        house.ask("ann", "POST", f"api/kernels/{house.anns['kernel_id']}/interrupt")
        assert house.anns["kernel_id"] in ears["ann"].recv()
        own = house.ask("bob", "POST", "api/kernels").json["id"]
        assert own in ears["bob"].recv()
        house.ask("bob", "DELETE", f"api/kernels/{own}")
    finally:
        for ear in ears.values():
            ear.close()


def test_pages_do_not_carry_the_token_that_belongs_to_nobody(house: House) -> None:
    for page in ("tree", f"terminals/{house.anns['name']}"):
        assert house.server.token not in house.ask("ann", "GET", page).text


def test_drafts_of_one_browser_are_told_apart_by_the_name_in_its_pages(house: House) -> None:
    assert 'data-user="ann"' in house.ask("ann", "GET", "tree").text
    assert "data-user=" not in house.ask("token", "GET", "tree").text


def test_the_figures_count_everybodys(house: House) -> None:
    assert eventually(lambda: house.ask("bob", "GET", "api/status").json["kernels"] == 1)
    assert "kernel_currently_running_total" in house.ask("bob", "GET", "metrics").text


def test_another_sidecar_knows_whose_they_are(house: House) -> None:
    said = next(house.server.runtime_dir.glob("flasknb-*/sidecar.json"))
    os.kill(json.loads(said.read_text())["pid"], signal.SIGKILL)
    assert house.ask("bob", "GET", f"api/kernels/{house.anns['kernel_id']}").status == 404
    assert house.ask("bob", "GET", "api/sessions").json == []
    assert house.ask("ann", "GET", f"api/sessions/{house.anns['session_id']}").status == 200
