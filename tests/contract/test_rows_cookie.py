"""Rows of section 1 of the REST inventory: the login cookie, whom it names, what ends it."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.conftest import TOKEN, MakeSite, Site, cookie
from tests.upgrading import FOREIGN_ORIGIN


def login_cookie_name(site: Site) -> str:
    return site.services.identity.cookie_name_for("localhost")


@pytest.mark.row("1.2 token success")
def test_a_token_brings_a_cookie_and_needs_neither_xsrf_nor_origin(site: Site) -> None:
    first = site.api.get("api/me", headers=FOREIGN_ORIGIN)
    assert login_cookie_name(site) in first.headers["Set-Cookie"]
    browser = site.browser
    known = browser.get("api/me").json["identity"]
    both = browser.post("api/kernels", headers={**site.api.headers, "X-XSRFToken": None, **FOREIGN_ORIGIN})
    assert both.status_code == 201
    again = browser.get("api/me", headers=site.api.headers)
    assert again.json["identity"] == known
    assert "Set-Cookie" not in again.headers


@pytest.mark.row("1.2 cookie name")
def test_the_cookie_is_named_after_host_and_port(make_site: MakeSite) -> None:
    named = make_site().client.get(f"/api/me?token={TOKEN}", headers={"Host": "127.0.0.1:8888"})
    assert named.headers["Set-Cookie"].startswith("username-127-0-0-1-8888=")
    chosen = make_site(cookie_name="mine").api.get("api/me")
    assert chosen.headers["Set-Cookie"].startswith("mine=")


@pytest.mark.row("1.2 cookie value", "8 limits")
def test_the_cookie_is_signed_and_dated_and_holds_the_user(make_site: MakeSite) -> None:
    site = make_site()
    browser = site.browser
    identity = site.services.identity
    value = cookie(browser.client, login_cookie_name(site))
    content = identity.signer.read("flasknb.login", value, max_age_s=60)
    assert content["user"] == browser.get("api/me").json["identity"]
    assert identity.login_lifetime_s == 30 * 24 * 3600
    short = make_site(**{"IdentityProvider.get_secure_cookie_kwargs": {"max_age_days": 0.5, "min_version": 2}})
    assert short.services.identity.login_lifetime_s == 12 * 3600
    assert "Max-Age=43200" in short.api.get("api/me").headers["Set-Cookie"]


@pytest.mark.row("1.2 cookie attributes")
@pytest.mark.parametrize(
    ("options", "scheme", "expected"),
    [
        ({}, "http", {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=2592000"}),
        ({}, "https", {"HttpOnly", "Path=/", "Secure"}),
        ({"secure_cookie": True}, "http", {"Secure"}),
        ({"cookie_options": {"samesite": "Strict", "expires_days": 1}}, "http", {"SameSite=Strict", "Max-Age=86400"}),
        ({"cookie_options": {"domain": "nb.localhost"}}, "http", {"Domain=nb.localhost"}),
    ],
)
def test_the_cookie_has_its_attributes(
    make_site: MakeSite, options: dict[str, Any], scheme: str, expected: set[str]
) -> None:
    answer = make_site(**options).client.get(f"/api/me?token={TOKEN}", base_url=f"{scheme}://localhost")
    login = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("username"))
    assert expected <= set(login.split("; "))


def test_attributes_that_no_cookie_has_are_named_at_the_start(make_site: MakeSite) -> None:
    with pytest.raises(Exception, match="colour"):
        make_site(cookie_options={"colour": "red"})


@pytest.mark.row("1.2 signing key")
@pytest.mark.parametrize("change", [{"hashed_password": "sha1:abc:def"}, {"token": "another"}])
def test_other_credentials_end_every_cookie(make_site: MakeSite, change: dict[str, str]) -> None:
    value = cookie(make_site().browser.client, "username-localhost")
    for options, status in (({}, 200), (change, 403)):
        site = make_site(**options)
        visitor = site.stranger
        visitor.client.set_cookie("username-localhost", value)
        assert visitor.get("api/me").status_code == status


@pytest.mark.row("1.2 bad cookie")
def test_a_bad_cookie_is_cleared_and_noted(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    visitor = site.stranger
    visitor.client.set_cookie("username-localhost", "2|1:0|10:1|8:username|4:e30=|00", path=site.base_url)
    with caplog.at_level(logging.WARNING):
        answer = visitor.get("api/me")
    assert answer.status_code == 403
    cleared = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("username-localhost=;"))
    assert f"Path={site.base_url}" in cleared
    assert "Max-Age=0" in cleared
    assert "login cookie cleared" in caplog.text


@pytest.mark.row("1.2 anonymous user")
def test_a_visitor_without_a_name_is_named_after_a_moon(site: Site) -> None:
    user = site.api.get("api/me").json["identity"]
    moon = user["name"].removeprefix("Anonymous ")
    assert len(bytes.fromhex(user["username"])) == 16
    assert user == {
        "username": user["username"],
        "name": f"Anonymous {moon}",
        "display_name": f"Anonymous {moon}",
        "initials": f"A{moon[0]}",
        "color": None,
        "avatar_url": None,
    }


@pytest.mark.row("1.2 auth disabled")
def test_without_token_and_password_every_visitor_is_somebody(make_site: MakeSite) -> None:
    visitor = make_site(token="").stranger
    first = visitor.get("api/me")
    assert first.status_code == 200
    assert "username-localhost=" in first.headers["Set-Cookie"]
    assert visitor.get("api/me").json == first.json
    assert visitor.get("tree").status_code == 200


def test_a_program_that_shows_the_token_gets_the_login_cookie_only(site: Site) -> None:
    shown = {"Authorization": f"token {TOKEN}"}
    (login,) = site.stranger.get("api/status", headers=shown).headers.getlist("Set-Cookie")
    assert login.startswith("username-")
    names = [line.partition("=")[0] for line in site.stranger.get("tree", headers=shown).headers.getlist("Set-Cookie")]
    assert sorted(name.partition("-")[0] for name in names) == ["_xsrf", "username"]
