"""Rows of section 3 of the REST inventory: the login form, passwords, the way out."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from flasknb.auth.passwords import hash_password
from tests.conftest import TOKEN, MakeSite, Site, cookie

PASSWORD = "open sesame"
NEW = "a longer password"


def submit(site: Site, client: Any = None, query: dict[str, str] | None = None, **fields: str) -> Any:
    """Fill in the form as a browser does."""
    client = client or site.client
    page = client.get(f"{site.base_url}login")
    found = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
    assert found is not None
    return client.post(f"{site.base_url}login", data={"_xsrf": found.group(1), **fields}, query_string=query)


@pytest.mark.row("3 form")
def test_a_stranger_gets_the_form_and_the_xsrf_cookie(site: Site) -> None:
    answer = site.stranger.get("login", query_string={"next": f"{site.base_url}tree/a"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Set-Cookie"].startswith("_xsrf=")
    assert 'name="password"' in answer.text
    assert f'action="{site.base_url}login?next={site.base_url}tree/a"' in answer.text


@pytest.mark.row("3 logged in")
@pytest.mark.parametrize(("wanted", "place"), [("", ""), ("tree/x", "tree/x"), ("http://evil.example", "")])
def test_whoever_is_in_goes_on(site: Site, wanted: str, place: str) -> None:
    query = {"next": wanted if wanted.startswith("http") else site.base_url + wanted} if wanted else {}
    answer = site.browser.get("login", query_string=query)
    assert (answer.status_code, answer.location) == (302, site.base_url + place)


@pytest.mark.row("3 post", "3 next")
@pytest.mark.parametrize("secret", [PASSWORD, TOKEN])
def test_password_and_token_log_in_and_lead_on(make_site: MakeSite, secret: str) -> None:
    site = make_site("/a/b/", hashed_password=hash_password(PASSWORD))
    client = site.client
    answer = submit(site, client, {"next": "/a/b/tree/x?y=1"}, password=secret)
    assert (answer.status_code, answer.location) == (302, "/a/b/tree/x?y=1")
    assert client.get("/a/b/api/me").status_code == 200
    assert submit(site, None, {"next": "/elsewhere"}, password=secret).location == "/a/b/"


@pytest.mark.row("3 next")
@pytest.mark.parametrize("wanted", ["\\\\evil.example", "///evil.example", "https:///a/b/tree", "/other", "//a/b/tree"])
def test_nobody_is_led_elsewhere(make_site: MakeSite, wanted: str) -> None:
    assert submit(make_site("/a/b/"), None, {"next": wanted}, password=TOKEN).location == "/a/b/"


@pytest.mark.row("3 wrong")
@pytest.mark.parametrize("secret", ["wrong", "", "☃", "x" * 100_000])
def test_a_wrong_secret_is_a_401_page(site: Site, secret: str) -> None:
    answer = submit(site, password=secret)
    assert (answer.status_code, answer.mimetype) == (401, "text/html")
    assert "Invalid credentials" in answer.text
    assert not any(one.startswith("username") for one in answer.headers.getlist("Set-Cookie"))


@pytest.mark.row("3 xsrf")
def test_a_form_without_our_value_is_refused(site: Site) -> None:
    answer = site.stranger.post("login", data={"password": TOKEN})
    assert answer.status_code == 403
    assert "argument missing from POST" in answer.text


@pytest.mark.row("3 new password")
def test_the_token_may_choose_a_password_that_outlives_the_server(make_site: MakeSite, jupyter_dirs: Path) -> None:
    file = jupyter_dirs / "config" / "jupyter_server_config.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"ServerApp": {"port": 9999}, "IdentityProvider": {"cookie_name": "mine"}}))
    site, other_worker = make_site(), make_site()
    before = site.client
    assert submit(site, before, password=TOKEN).status_code == 302
    answer = submit(site, None, {"next": "/tree"}, password=TOKEN, new_password=NEW)
    assert (answer.status_code, answer.location) == (302, "/tree")
    kept = json.loads(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept["ServerApp"] == {"port": 9999}
    assert kept["IdentityProvider"]["cookie_name"] == "mine"
    assert kept["IdentityProvider"]["hashed_password"].startswith("argon2:$argon2id$")
    old_cookie = cookie(before, "mine")
    for server in (site, other_worker, make_site()):
        assert submit(server, password=NEW).status_code == 302
        late = server.stranger
        late.client.set_cookie("mine", old_cookie)
        assert late.get("api/me").status_code == 403


@pytest.mark.row("3 new password")
def test_the_old_password_may_not(make_site: MakeSite, jupyter_dirs: Path) -> None:
    site = make_site(hashed_password=hash_password(PASSWORD))
    assert submit(site, password=PASSWORD, new_password=NEW).status_code == 401
    assert submit(site, password=PASSWORD).status_code == 302
    assert not (jupyter_dirs / "config" / "jupyter_server_config.json").exists()


def test_a_second_change_is_known_to_all_too(make_site: MakeSite) -> None:
    first = make_site()
    submit(first, password=TOKEN, new_password=NEW)
    second = make_site()
    submit(second, password=TOKEN, new_password="another one")
    for site in (first, second, make_site()):
        assert submit(site, password=NEW).status_code == 401
        assert submit(site, password="another one").status_code == 302


def test_a_password_configured_since_then_counts(make_site: MakeSite) -> None:
    submit(make_site(), password=TOKEN, new_password=NEW)
    site = make_site(hashed_password=hash_password(PASSWORD))
    assert submit(site, password=PASSWORD).status_code == 302
    assert submit(site, password=NEW).status_code == 401


@pytest.mark.row("3 new password")
def test_the_change_can_be_switched_off(make_site: MakeSite, jupyter_dirs: Path) -> None:
    site = make_site(**{"PasswordIdentityProvider.allow_password_change": False})
    assert "new_password" not in site.stranger.get("login").text
    submit(site, password=TOKEN, new_password=NEW)
    assert not (jupyter_dirs / "config" / "jupyter_server_config.json").exists()


@pytest.mark.parametrize("password", ["abc", "x" * 5_000])
def test_a_password_that_is_none_is_refused_in_words(make_site: MakeSite, password: str) -> None:
    answer = submit(make_site(), password=TOKEN, new_password=password)
    assert answer.status_code == 400
    assert "A password has at" in answer.text


def test_a_broken_configuration_file_is_left_alone(make_site: MakeSite, jupyter_dirs: Path) -> None:
    site = make_site()
    file = jupyter_dirs / "config" / "jupyter_server_config.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{ broken")
    answer = submit(site, password=TOKEN, new_password=NEW)
    assert answer.status_code == 500
    assert "cannot be kept" in answer.text
    assert file.read_text() == "{ broken"
    assert submit(site, password=NEW).status_code == 401


@pytest.mark.row("3 hashes")
@pytest.mark.parametrize("algorithm", ["argon2", "sha1", "sha256"])
def test_both_forms_of_hashes_log_in(make_site: MakeSite, algorithm: str) -> None:
    salt = "0123456789ab"
    older = f"{algorithm}:{salt}:" + (
        "" if algorithm == "argon2" else hashlib.new(algorithm, (PASSWORD + salt).encode()).hexdigest()
    )
    hashed = hash_password(PASSWORD) if algorithm == "argon2" else older
    site = make_site(hashed_password=hashed)
    assert submit(site, password=PASSWORD).status_code == 302
    assert submit(site, password=PASSWORD + " ").status_code == 401
    if algorithm == "argon2":
        assert "$argon2id$" in hashed
        assert "$m=10240,t=10,p=8$" in hashed


@pytest.mark.row("3 logout")
def test_leaving_clears_the_cookie_and_shows_a_page(site: Site) -> None:
    browser = site.browser
    answer = browser.get("logout")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "Successfully logged out" in answer.text
    assert any(one.startswith("username-localhost=;") for one in answer.headers.getlist("Set-Cookie"))
    assert browser.get("api/me").status_code == 403
