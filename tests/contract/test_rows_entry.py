"""Rows of section 1 of the REST inventory: who comes in, by which door, and what refusals look like."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from flasknb.auth.authorizer import Authorizer
from flasknb.auth.user import User
from tests.attacks.test_doors import OWN_ORIGIN, UPGRADE, join
from tests.conftest import TOKEN, MakeSite, Site, Visitor, cookie

FOREIGN_HOST, FOREIGN_ORIGIN = {"Host": "evil.example"}, {"Origin": "http://evil.example"}
FORM = "application/x-www-form-urlencoded"


class NothingToWrite(Authorizer):
    """Lets everybody read and nobody do anything else."""

    def is_authorized(self, user: User, action: str, resource: str) -> bool:
        return action == "read"


def login_cookie_name(site: Site) -> str:
    return site.services.identity.cookie_name_for("localhost")


@pytest.mark.row("1.1 pipeline")
def test_a_request_is_refused_by_the_first_of_the_rules_it_breaks(make_site: MakeSite) -> None:
    site = make_site("/a/b/", authorizer_class=NothingToWrite)
    no_xsrf = {"X-XSRFToken": None}

    def message(visitor: Visitor, **headers: Any) -> tuple[int, str]:
        answer = visitor.post("api/kernels", headers=headers)
        return answer.status_code, answer.json["message"]

    everything = {**FOREIGN_HOST, **FOREIGN_ORIGIN, **no_xsrf}
    assert message(site.stranger, **everything)[1].startswith("The Host 'evil.example' is not allowed")
    without_host = {**FOREIGN_ORIGIN, **no_xsrf}
    assert message(site.stranger, **without_host) == (403, "'_xsrf' argument missing from POST")
    assert message(site.browser, **without_host) == (403, "'_xsrf' argument missing from POST")
    assert site.stranger.get("api/kernels", headers=FOREIGN_ORIGIN).json["message"] == "Forbidden"
    assert message(site.browser, **FOREIGN_ORIGIN) == (404, "Not Found")
    assert message(site.browser) == (403, "User is not authorized to write on resource: kernels.")
    assert message(site.api, **FOREIGN_ORIGIN) == (403, "User is not authorized to write on resource: kernels.")


@pytest.mark.row("1.2 token sources")
@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"Authorization": f"token {TOKEN}"}},
        {"headers": {"Authorization": f"BEARER {TOKEN}"}},
        {"query_string": {"token": TOKEN}},
    ],
)
def test_a_token_is_taken_from_header_and_address(site: Site, options: dict[str, Any]) -> None:
    assert site.stranger.get("api/kernels", **options).status_code == 200
    assert site.stranger.post("api/kernels", **options).status_code == 201


@pytest.mark.row("1.2 token sources")
@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data"])
def test_a_token_is_taken_from_a_form(site: Site, content_type: str) -> None:
    answer = site.stranger.post("api/security/csp-report", data={"token": TOKEN}, content_type=content_type)
    assert answer.status_code == 200
    wrong = site.stranger.post("api/security/csp-report", data={"token": "x"}, content_type=content_type)
    assert wrong.status_code == 403
    huge = site.stranger.post("api/security/csp-report", data={"token": TOKEN, "x": "x" * 100_000})
    assert huge.status_code == 403


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


@pytest.mark.row("1.2 allow unauthenticated")
@pytest.mark.parametrize("value", [True, False])
def test_the_option_opens_nothing(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch, value: bool) -> None:
    """Every address but the public ones asks for a login, whatever the option and its variable say."""
    monkeypatch.setenv("JUPYTER_SERVER_ALLOW_UNAUTHENTICATED_ACCESS", str(value))
    stranger = make_site(**{"ServerApp.allow_unauthenticated_access": value}).stranger
    assert stranger.get("api/status").status_code == 403
    assert stranger.get("tree").status_code == 302
    assert stranger.get("api").status_code == 200


@pytest.mark.row("1.2 public")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("login", 200),
        ("logout", 200),
        ("api", 200),
        ("static/base/images/favicon.ico", 200),
        ("nbextensions/none.js", 404),
        ("custom/custom.js", 200),
        ("robots.txt", 200),
        ("favicon.ico", 200),
        ("", 302),
        ("anything/", 302),
        ("api/notebooks/a.ipynb", 302),
    ],
)
def test_these_addresses_ask_for_no_login(site: Site, path: str, status: int) -> None:
    answer = site.stranger.get(path)
    assert answer.status_code == status
    assert "login" not in answer.headers.get("Location", "")


@pytest.mark.row("1.2 unauthenticated")
def test_strangers_are_sent_to_the_login_form_or_refused(site: Site) -> None:
    for method in ("GET", "HEAD"):
        page = site.stranger(method, "tree/a b?x=1")
        assert page.status_code == 302
        assert page.location.startswith(f"{site.base_url}login?next=")
        assert parse_qs(urlsplit(page.location).query) == {"next": [f"{site.base_url}tree/a b?x=1"]}
    assert site.stranger.get("api/kernels").json == {"message": "Forbidden", "reason": None}
    assert join(site.stranger, Origin=OWN_ORIGIN).status_code == 403
    assert site.stranger.post("nbconvert/html").status_code == 403


@pytest.mark.row("1.3 cookie")
@pytest.mark.parametrize("header", ["X-XSRFToken", "X-CSRFToken"])
def test_pages_set_the_xsrf_cookie_and_its_value_opens_writes(site: Site, header: str) -> None:
    page = site.stranger.get("login")
    (set_cookie,) = page.headers.getlist("Set-Cookie")
    assert set_cookie.startswith("_xsrf=")
    assert f"Path={site.base_url}" in set_cookie
    browser = site.browser
    value = cookie(browser.client, "_xsrf", site.base_url)
    browser.headers.clear()
    assert browser.post("api/kernels", headers={header: value}).status_code == 201
    assert browser.post("api/kernels", query_string={"_xsrf": value}).status_code == 201
    assert browser.post("api/security/csp-report", data={"_xsrf": value}).status_code == 200


def test_a_program_that_shows_the_token_gets_the_login_cookie_only(site: Site) -> None:
    shown = {"Authorization": f"token {TOKEN}"}
    (login,) = site.stranger.get("api/status", headers=shown).headers.getlist("Set-Cookie")
    assert login.startswith("username-")
    names = [line.partition("=")[0] for line in site.stranger.get("tree", headers=shown).headers.getlist("Set-Cookie")]
    assert sorted(name.partition("-")[0] for name in names) == ["_xsrf", "username"]


@pytest.mark.row("1.3 writes")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_write_needs_the_value_unless_it_shows_the_token(make_site: MakeSite, method: str) -> None:
    site = make_site()
    browser = site.browser
    bare = browser(method, "api/contents/x", headers={"X-XSRFToken": None}, json={})
    assert (bare.status_code, bare.json) == (
        403,
        {"message": f"'_xsrf' argument missing from {method}", "reason": None},
    )
    assert site.api(method, "api/contents/x", json={}).status_code != 403
    unchecked = make_site(disable_check_xsrf=True).browser
    assert unchecked(method, "api/contents/x", headers={"X-XSRFToken": None}, json={}).status_code != 403
    report = browser.post("api/security/csp-report", headers={"X-XSRFToken": None}, data=b"{}")
    assert report.status_code == 200
    assert browser(method, "api/contents/x", headers=FOREIGN_ORIGIN, json={}).status_code == 404


@pytest.mark.row("1.4 host")
@pytest.mark.parametrize(
    ("host", "options", "status"),
    [
        ("127.0.0.1:8888", {}, 200),
        ("[::1]:8888", {}, 200),
        ("localhost", {}, 200),
        ("nb.example", {}, 403),
        ("nb.example", {"local_hostnames": ["localhost", "nb.example"]}, 200),
        ("nb.example", {"allow_remote_access": True}, 200),
        ("%2Fno%2Fsuch.sock", {}, 403),
    ],
)
def test_the_host_must_be_this_machine(make_site: MakeSite, host: str, options: dict[str, Any], status: int) -> None:
    assert make_site(**options).client.get("/api", headers={"Host": host}).status_code == status


@pytest.mark.row("1.4 origin")
@pytest.mark.parametrize(
    ("origin", "options", "status"),
    [
        (None, {}, 200),
        (OWN_ORIGIN, {}, 200),
        ("http://a.example", {}, 404),
        ("http://a.example", {"allow_origin": "*"}, 200),
        ("http://a.example", {"allow_origin": "http://a.example"}, 200),
        ("http://b.example", {"allow_origin": "http://a.example"}, 404),
        ("http://a.example", {"allow_origin_pat": r"http://[ab]\.example"}, 200),
    ],
)
def test_the_origin_must_be_ours_or_named(
    make_site: MakeSite, origin: str | None, options: dict[str, Any], status: int
) -> None:
    site = make_site(**options)
    assert site.browser.get("api/kernels", headers={"Origin": origin}).status_code == status
    assert site.api.get("api/kernels", headers={"Origin": origin}).status_code == 200
    kernel_id = site.api.post("api/kernels").json["id"]
    if origin is not None:
        refused = join(site.browser, kernel_id, Origin=origin).status_code == 403
        assert refused is (status == 404)
        assert join(site.api, kernel_id, Origin=origin).status_code != 403


@pytest.mark.row("1.4 cors")
def test_answers_name_the_origin_that_may_read_them(make_site: MakeSite) -> None:
    origin = {"Origin": "http://a.example"}

    def allowed(site: Site, visitor: Visitor) -> tuple[str | None, str | None]:
        headers = visitor.get("api/kernels", headers=origin).headers
        return headers.get("Access-Control-Allow-Origin"), headers.get("Access-Control-Allow-Credentials")

    plain = make_site()
    assert allowed(plain, plain.browser) == (None, None)
    assert allowed(plain, plain.api) == ("http://a.example", None)
    assert "Access-Control-Allow-Origin" not in plain.api.get("api/kernels").headers
    star = make_site(allow_origin="*", allow_credentials=True)
    assert allowed(star, star.browser) == ("*", None)
    named = make_site(allow_origin_pat=r"http://.\.example", allow_credentials=True)
    assert allowed(named, named.browser) == ("http://a.example", "true")


@pytest.mark.row("1.6 denial", "1.7 authorizer")
@pytest.mark.parametrize("has_handler", [False, True])
def test_the_authorizer_is_asked_by_action_and_resource(make_site: MakeSite, has_handler: bool) -> None:
    asked: list[tuple[str, str]] = []

    class Watching(Authorizer):
        def is_authorized(self, user: User, action: str, resource: str) -> bool:
            asked.append((action, resource))
            return False

    class WithHandler:
        def __init__(self, **_: Any) -> None:
            pass

        async def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
            assert handler.current_user is user
            assert handler.request.headers["authorization"] == f"token {TOKEN}"
            asked.append((action, resource))
            return False

    site = make_site(authorizer_class=WithHandler if has_handler else Watching)
    answer = site.api.get("api/contents")
    assert (answer.status_code, answer.json["message"]) == (
        403,
        "User is not authorized to read on resource: contents.",
    )
    site.api.put("api/contents/x", json={})
    site.api.patch("api/config/notebook", json={})
    site.api.delete("api/sessions/x")
    site.api.post("api/shutdown")
    site.api.post("api/events", json={})
    site.api.post("api/security/csp-report", data=b"{}")
    site.api.get("api/status")
    site.api.get("api/kernelspecs")
    site.api.get("api/terminals")
    site.api.get("nbconvert/html/a.ipynb")
    site.api.get("api/events/subscribe", headers=UPGRADE)
    join(site.api)
    assert asked == [
        ("read", "contents"),
        ("write", "contents"),
        ("write", "config"),
        ("write", "sessions"),
        ("write", "server"),
        ("write", "events"),
        ("write", "csp"),
        ("read", "api"),
        ("read", "kernelspecs"),
        ("read", "terminals"),
        ("read", "nbconvert"),
        ("execute", "events"),
        ("execute", "kernels"),
    ]


@pytest.mark.row("1.7 authorizer")
def test_everybody_who_is_in_may_do_everything_by_default(site: Site) -> None:
    asked = '{"contents": ["read", "write", "execute"]}'
    granted = site.api.get("api/me", query_string={"permissions": asked}).json["permissions"]
    assert granted["contents"] == ["read", "write", "execute"]
