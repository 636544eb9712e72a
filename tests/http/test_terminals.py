"""``/api/terminals`` and the terminal page, with a bridge that has no ptys. Rest-api §2, §4.9."""

from __future__ import annotations

from typing import Any

import pytest

from flasknb.testing import WHEN
from tests.conftest import TOKEN, MakeSite, Site


def running(site: Site) -> list[str]:
    return list(site.bridge.terminals.running)


@pytest.mark.row("4.9 list")
def test_terminals_are_listed(site: Site) -> None:
    assert site.api.get("api/terminals").json == []
    for name in ("1", "other"):
        site.api.post("api/terminals", json={"name": name})
    answer = site.api.get("api/terminals")
    assert answer.status_code == 200
    assert answer.json == [{"name": name, "last_activity": WHEN} for name in ("1", "other")]


@pytest.mark.row("4.9 create")
@pytest.mark.parametrize("body", [b"", b"{}", b"null", b'{"name": null, "cwd": null}', b'{"name": ""}'])
def test_a_terminal_without_a_name_gets_the_next_number(site: Site, body: bytes) -> None:
    answer = site.api.post("api/terminals", data=body)
    assert (answer.status_code, answer.json) == (200, {"name": "1", "last_activity": WHEN})
    assert answer.content_type == "application/json"


def test_name_and_folder_are_passed_on(site: Site) -> None:
    answer = site.api.post("api/terminals", json={"name": "work", "cwd": "a/b"})
    assert answer.json["name"] == "work"
    (request,) = site.bridge.terminals.requests
    assert (request.name, request.cwd) == ("work", "a/b")
    assert request.server_url == f"http://localhost{site.base_url}"


@pytest.mark.parametrize("body", [{"name": 3}, {"cwd": ["a"]}, {"name": {}}, ["x"], "x"])
def test_a_field_of_another_type_is_refused(site: Site, body: Any) -> None:
    answer = site.api.post("api/terminals", json=body)
    assert answer.status_code == 400
    assert running(site) == []


@pytest.mark.row("4.9 get")
def test_one_terminal_is_shown(site: Site) -> None:
    site.api.post("api/terminals")
    answer = site.api.get("api/terminals/1")
    assert (answer.status_code, answer.json) == (200, {"name": "1", "last_activity": WHEN})


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.row("4.9 get")
@pytest.mark.row("4.9 delete")
def test_an_unknown_terminal_is_a_404_that_names_it(site: Site, method: str) -> None:
    answer = site.api(method, "api/terminals/x")
    assert (answer.status_code, answer.json) == (404, {"message": "Terminal not found: x", "reason": None})


@pytest.mark.row("4.9 delete")
def test_a_terminal_is_deleted(site: Site) -> None:
    site.api.post("api/terminals")
    answer = site.api.delete("api/terminals/1")
    assert (answer.status_code, answer.data) == (204, b"")
    assert running(site) == []


@pytest.mark.parametrize("page", ["api/terminals", "api/terminals/1", "terminals/1", "terminals/websocket/1"])
@pytest.mark.row("4.9 disabled")
def test_disabled_terminals_are_not_there(make_site: MakeSite, page: str) -> None:
    site = make_site(terminals_enabled=False)
    assert site.api.get(page).status_code == 404
    assert site.api.post("api/terminals").status_code == 404
    assert running(site) == []


def test_the_dashboard_says_whether_there_are_terminals(make_site: MakeSite) -> None:
    page = make_site().api.get("tree").text
    assert 'data-terminals-available="True"' in page
    assert 'id="new-terminal"' in page
    assert "There are no terminals running." in page


def test_the_dashboard_of_a_site_without_terminals_says_so(make_site: MakeSite) -> None:
    page = make_site(terminals_enabled=False).api.get("tree").text
    assert 'data-terminals-available="False"' in page
    assert 'id="new-terminal-disabled"' in page
    assert "Terminals are unavailable." in page


@pytest.mark.row("2 terminals")
def test_the_page_makes_its_terminal_once(site: Site) -> None:
    for _ in range(2):
        answer = site.browser.get("terminals/work")
        assert answer.status_code == 200
    assert running(site) == ["work"]
    assert f'data-base-url="{site.base_url}"' in answer.text
    assert 'data-ws-path="terminals/websocket/work"' in answer.text
    assert f'data-jupyter-api-token="{TOKEN}"' in answer.text
    assert 'class="terminal-app"' in answer.text
    assert 'id="terminado-container"' in answer.text
    assert "favicon-terminal.ico" in answer.text


def test_looking_whether_the_page_is_there_starts_nothing(site: Site) -> None:
    assert site.browser("HEAD", "terminals/work").status_code == 200
    assert running(site) == []


@pytest.mark.parametrize("name", ["a-b", "a.b", "a b", "..", "%2e%2e", "%00", "a" * 101, "<b>", "a%0a"])
def test_row_100_a_page_with_a_name_no_terminal_has_is_refused(site: Site, name: str) -> None:
    """Attack row 100: nothing but letters, digits and underscores."""
    answer = site.browser.get(f"terminals/{name}")
    assert answer.status_code == (400 if name == "a%0a" else 404)
    assert "<b>" not in answer.text
    assert running(site) == []


def test_another_site_cannot_start_terminals(site: Site) -> None:
    """A form or an image elsewhere; a plain link is a visit, and may."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert site.browser.get("terminals/work", headers=headers).status_code == 403
    assert site.browser.post("api/terminals", headers={"X-XSRFToken": None}).status_code == 403
    assert running(site) == []


@pytest.mark.row("6 upgrade")
def test_a_plain_get_of_the_websocket_is_told_what_to_do(site: Site) -> None:
    answer = site.api.get("terminals/websocket/1")
    assert answer.status_code == 400
    assert "WebSocket" in answer.text


SETTINGS = [
    ({}, [], "xterm-256color"),
    ({"shell_command": ["/bin/zsh", "-i"]}, ["/bin/zsh", "-i"], "xterm-256color"),
    ({"shell_command": "bash --norc"}, ["bash", "--norc"], "xterm-256color"),
    ({"term_settings": {"type": "vt100"}}, [], "vt100"),
]


@pytest.mark.parametrize(("settings", "command", "kind"), SETTINGS)
def test_terminado_settings_choose_the_shell(
    make_site: MakeSite, settings: dict[str, Any], command: list[str], kind: str
) -> None:
    site = make_site(terminado_settings=settings)
    site.api.post("api/terminals")
    (request,) = site.bridge.terminals.requests
    assert (list(request.command), request.type) == (command, kind)


@pytest.mark.parametrize("settings", [{"shell_command": 5}, {"shell_command": [1]}, {"term_settings": {"type": 3}}])
def test_terminado_settings_that_make_no_sense_are_told(make_site: MakeSite, settings: dict[str, Any]) -> None:
    answer = make_site(terminado_settings=settings).api.post("api/terminals")
    assert answer.status_code == 503
    assert "terminado_settings" in answer.json["message"]
