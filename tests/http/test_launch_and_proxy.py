"""Launch tickets at the login page; proxies, sockets and websocket addresses as configured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from flasknb import FlaskNB
from flasknb.app import standalone
from flasknb.testing import FakeBridge
from tests.conftest import TOKEN, MakeSite, Site

PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Host": "localhost"}


def standalone_client(root_dir: Path, **options: Any) -> FlaskClient:
    notebook = FlaskNB(make_bridge=lambda *_: FakeBridge(), root_dir=str(root_dir), token=TOKEN, **options)
    return standalone(notebook).test_client()


def test_a_ticket_opens_the_page_once_and_is_shown_nowhere(site: Site) -> None:
    ticket = site.services.identity.launch_tickets.make()
    wanted = f"{site.base_url}tree"
    first = site.stranger.get(f"login?launch_token={ticket}&next={wanted}")
    assert (first.status_code, first.headers["Location"]) == (302, wanted)
    assert "Set-Cookie" in first.headers
    again = site.stranger.get(f"login?launch_token={ticket}&next={wanted}")
    assert again.status_code == 200
    assert ticket not in again.text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_a_ticket_leads_nowhere_else(site: Site, target: str) -> None:
    ticket = site.services.identity.launch_tickets.make()
    answer = site.stranger.get(f"login?launch_token={ticket}&next={target}")
    assert answer.headers["Location"] == site.base_url


@pytest.mark.parametrize(("trusts", "is_secure"), [(True, True), (False, False)])
def test_a_proxy_is_believed_only_where_the_option_says_so(
    tmp_path: Path, built: None, trusts: bool, is_secure: bool
) -> None:
    client = standalone_client(tmp_path, trust_xheaders=trusts)
    answer = client.get(f"/tree?token={TOKEN}", headers=PROXY)
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all(("; Secure" in cookie) is is_secure for cookie in cookies)


def test_the_sockets_path_is_a_host_of_ours(tmp_path: Path) -> None:
    sock = tmp_path / "s.sock"
    client = standalone_client(tmp_path, sock=str(sock))
    escaped = str(sock).replace("/", "%2F")
    for host, status in ((escaped, 200), (escaped.replace("s.sock", "t.sock"), 403), ("evil.example", 403)):
        assert client.get("/api", environ_overrides={"HTTP_HOST": host}).status_code == status


def test_the_page_is_told_where_websockets_go(make_site: MakeSite) -> None:
    site = make_site(websocket_url="wss://ws.example")
    (site.root_dir / "a.ipynb").write_text('{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}')
    assert 'data-ws-url="wss://ws.example"' in site.api.get("notebooks/a.ipynb").text
