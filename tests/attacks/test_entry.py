"""Rows of the attack list about getting in: credentials, cookies, XSRF, logout. Each name says which row (§ number)."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from flasknb.auth.secret_files import TOKEN_BYTES, TOKEN_NAME, generated_token
from flasknb.auth.signing import LOGIN_SALT
from tests.conftest import TOKEN, MakeSite, Site, Visitor, cookie

UNSAFE = ["POST", "PUT", "PATCH", "DELETE"]


def login_cookie(visitor: Visitor) -> str:
    return cookie(visitor.client, "username-localhost", visitor.site.base_url)


def with_cookie(site: Site, value: str) -> Visitor:
    client = site.client
    client.set_cookie("username-localhost", value, path=site.base_url)
    return Visitor(site, client, {})


@pytest.mark.parametrize("scheme", ["token", "Token", "Bearer", "bearer", "BEARER"])
def test_a_token_is_accepted_in_either_scheme(site: Site, scheme: str) -> None:
    answer = site.stranger.get("api/status", headers={"Authorization": f"{scheme} {TOKEN}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["token wrong", f"Basic {TOKEN}", TOKEN, "token", f"token {TOKEN}x", "token ☃"])
def test_anything_else_is_not(site: Site, header: str) -> None:
    answer = site.stranger.get("api/status", headers={"Authorization": header.encode().decode("latin-1")})
    assert (answer.status_code, answer.json) == (403, {"message": "Forbidden", "reason": None})


ELSEWHERE = [
    "\\\\tree",
    "//host",
    "//host/tree",
    "https://x",
    "/not/base",
    "https:///a%40b/x",
    "///google.com",
    "/\\evil",
    "/%09/evil",
    "/%0a/evil",
    "/%0d%0aSet-Cookie:x=1",
    "http:evil",
    "javascript:alert(1)",
    "data:text/html,x",
    "{base}..//evil",
    "{base}../evil",
    "@evil",
    "\uff0f\uff0fevil",
    "/\uff0fevil",
    "{base}%2e%2e/evil",
    "{base}%252e%252e/evil",
    "/%2f%2fevil.com",
    "",
    "{base}\x00",
    "x" * 5000,
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_row_23_login_never_leads_elsewhere(make_site: MakeSite, path: str) -> None:
    site = make_site("/a/b/")
    wanted = path.format(base=site.base_url) if "{base}" in path else path
    answer = site.browser.get("login", query_string={"next": wanted})
    assert (answer.status_code, answer.location) == (302, site.base_url)


@pytest.mark.parametrize(
    "path", ["tree/", "tree//something", "notebooks/n.ipynb?kernel_name=python3", "tree/a%20b", "", "tree/ä"]
)
def test_login_leads_back_inside(site: Site, path: str) -> None:
    answer = site.browser.get("login", query_string={"next": site.base_url + path})
    assert answer.status_code == 302
    assert answer.location == site.base_url + path.replace("ä", "%C3%A4")


@pytest.mark.parametrize(
    "path", ["//evil.com/", "/%2f%2fevil.com/..", "/%5cevil.com/", "//evil.com/%2e%2e/", "/evil.com//"]
)
def test_row_24_no_address_redirects_to_another_host(site: Site, path: str) -> None:
    answer = site.client.get(site.base_url.rstrip("/") + path, headers={"Host": "localhost"})
    location = answer.headers.get("Location", "/")
    assert location.startswith(("http://localhost/", "/"))
    assert not location.startswith(("//", "/\\"))


def test_row_25_control_characters_make_no_header(site: Site) -> None:
    answer = site.stranger.get("tree/a%0d%0aSet-Cookie:%20x=1")
    assert "x=1" not in answer.headers.get("Set-Cookie", "")
    assert answer.status_code == 400
    assert "\n" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_row_26_a_foreign_login_form_is_refused(site: Site, headers: dict[str, str]) -> None:
    client = site.client
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', client.get(f"{site.base_url}login").text)
    assert xsrf is not None
    form = {"password": TOKEN, "_xsrf": xsrf.group(1)}
    answer = client.post(f"{site.base_url}login", data=form, headers=headers)
    assert answer.status_code == 403
    assert not client.get_cookie("username-localhost", path=site.base_url.rstrip("/") or "/")


def test_rows_26_and_78_every_login_is_a_new_session(site: Site) -> None:
    browser = site.browser
    before = login_cookie(browser)
    xsrf = browser.headers["X-XSRFToken"]
    browser.post("login", data={"password": TOKEN, "_xsrf": xsrf})
    assert login_cookie(browser) != before
    assert cookie(browser.client, "_xsrf", site.base_url) != xsrf


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", "application/json", None])
def test_row_37_writes_without_xsrf_are_refused(site: Site, method: str, mimetype: str | None) -> None:
    browser = site.browser
    answer = browser(method, "api/contents/x", data=b"{}", content_type=mimetype, headers={"X-XSRFToken": None})
    assert answer.status_code == 403
    assert answer.json["message"] == f"'_xsrf' argument missing from {method}"


def test_row_38_no_get_starts_or_ends_anything(site: Site) -> None:
    browser = site.browser
    kernel = browser.post("api/kernels").json
    for path in ("api/shutdown", f"api/kernels/{kernel['id']}/restart", f"api/kernels/{kernel['id']}/interrupt"):
        assert browser.get(path).status_code == 405
    assert site.bridge.list_kernels()


def test_row_38_another_site_cannot_log_anybody_out(site: Site) -> None:
    browser = site.browser
    answer = browser.get("logout", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
    assert "logout_confirm" in answer.text
    assert browser.get("api/me").status_code == 200


@pytest.mark.parametrize("bogus", [{"headers": {"Authorization": "token x"}}, {"query_string": {"token": "x"}}])
def test_row_39_a_wrong_token_beside_a_cookie_skips_nothing(site: Site, bogus: dict[str, Any]) -> None:
    headers = {"X-XSRFToken": None, **bogus.get("headers", {})}
    answer = site.browser.post("api/kernels", headers=headers, query_string=bogus.get("query_string"))
    assert answer.status_code == 403
    assert not site.bridge.list_kernels()


@pytest.mark.parametrize("site_word", ["cross-site", "same-site"])
@pytest.mark.parametrize("method", UNSAFE)
def test_row_40_what_the_browser_calls_foreign_may_not_write(site: Site, method: str, site_word: str) -> None:
    answer = site.browser(method, "api/kernels", headers={"Sec-Fetch-Site": site_word})
    assert answer.status_code == 403


def test_row_42_another_page_cannot_embed_files_and_answers(site: Site) -> None:
    (site.root_dir / "a.txt").write_text("x")
    for path in ("files/a.txt", "api/contents/a.txt"):
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        assert site.browser.get(path, headers=headers).status_code == 403


def test_rows_41_and_107_the_xsrf_value_of_another_session_is_refused(site: Site) -> None:
    mine, other = site.browser, site.browser
    answer = mine.post("api/kernels", headers={"X-XSRFToken": other.headers["X-XSRFToken"]})
    assert answer.status_code == 403


def test_row_41_an_xsrf_value_tossed_into_the_browser_is_refused(site: Site) -> None:
    browser = site.browser
    browser.client.set_cookie("_xsrf", "chosen", path=site.base_url)
    assert browser.post("api/kernels", headers={"X-XSRFToken": "chosen"}).status_code == 403


def test_the_xsrf_value_may_come_as_an_argument(site: Site) -> None:
    browser = site.browser
    query = {"_xsrf": browser.headers["X-XSRFToken"]}
    assert browser.post("api/kernels", headers={"X-XSRFToken": None}, query_string=query).status_code == 201


def test_row_43_answers_cannot_be_read_as_scripts(site: Site) -> None:
    headers = site.browser.get("api/status").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "application/json"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_row_67_only_our_own_pages_may_frame_us(site: Site) -> None:
    policy = f"frame-ancestors 'self'; report-uri {site.base_url}api/security/csp-report"
    assert site.stranger.get("login").headers["Content-Security-Policy"] == policy
    assert site.api.get("api/status").headers["Content-Security-Policy"] == f"{policy}; default-src 'none'"


def test_row_69_the_token_in_an_address_becomes_a_cookie_and_no_referer(site: Site) -> None:
    answer = site.stranger.get(f"login?token={TOKEN}")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.location == site.base_url
    assert "username-localhost=" in answer.headers["Set-Cookie"]


def test_row_75_the_generated_token_is_long_and_private(make_site: MakeSite) -> None:
    folder = make_site().services.identity.context.instance_dir
    token = generated_token(folder)
    assert len(bytes.fromhex(token)) == TOKEN_BYTES >= 24
    assert (folder / TOKEN_NAME).stat().st_mode & 0o777 == 0o600
    assert generated_token(folder) == token


@pytest.mark.parametrize("change", [{"token": "another"}, {"hashed_password": "sha1:abc:def"}])
def test_row_76_new_credentials_end_old_cookies(make_site: MakeSite, change: dict[str, str]) -> None:
    old = login_cookie(make_site().browser)
    assert with_cookie(make_site(), old).get("api/me").status_code == 200
    assert with_cookie(make_site(**change), old).get("api/me").status_code == 403


def test_row_76_a_rotated_secret_keeps_logins_as_long_as_it_is_listed(make_site: MakeSite, jupyter_dirs: Any) -> None:
    file = jupyter_dirs / "runtime/jupyter_cookie_secret"
    old = login_cookie(make_site().browser)
    first = file.read_bytes()
    file.write_bytes(first + b"c2Vjb25k\n")
    assert with_cookie(make_site(), old).get("api/me").status_code == 200
    file.write_bytes(b"c2Vjb25k\n")
    assert with_cookie(make_site(), old).get("api/me").status_code == 403


def test_row_77_cookies_carry_their_flags(site: Site) -> None:
    answer = site.stranger.get("tree", headers={"Authorization": f"token {TOKEN}"})
    login, xsrf = sorted(answer.headers.getlist("Set-Cookie"), reverse=False, key=lambda one: one.startswith("_xsrf"))
    assert {"HttpOnly", "SameSite=Lax", f"Path={site.base_url}", "Max-Age=2592000"} <= set(login.split("; "))
    assert {"SameSite=Lax", f"Path={site.base_url}"} <= set(xsrf.split("; "))
    assert "HttpOnly" not in xsrf
    assert "Secure" not in login


def test_row_77_cookies_are_secure_over_https(site: Site) -> None:
    answer = site.client.get(f"{site.base_url}api/status?token={TOKEN}", base_url="https://localhost")
    assert all("Secure" in one for one in answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("value", ["", "x", "x.y.z", "eyJ1c2VyIjp7fX0.aaaa.bbbb", "a" * 4000, "%00", "=;=", "ä"])
def test_row_77_a_nonsense_cookie_is_nobody(site: Site, value: str) -> None:
    visitor = Visitor(
        site,
        site.app.test_client(use_cookies=False),
        {"Cookie": f"username-localhost={value}".encode().decode("latin-1")},
    )
    assert visitor.get("api/me").status_code == 403


def test_row_77_a_tossed_cookie_does_not_hide_the_real_one(site: Site) -> None:
    real = login_cookie(site.browser)
    tossed = Visitor(
        site,
        site.app.test_client(use_cookies=False),
        {"Cookie": f"username-localhost=tossed; username-localhost={real}"},
    )
    assert tossed.get("api/me").status_code == 200


def test_a_cookie_for_another_purpose_is_no_login(site: Site) -> None:
    signer = site.services.identity.signer
    forged = signer.sign("another purpose", {"user": {"username": "x"}, "session": "s"})
    assert with_cookie(site, forged).get("api/me").status_code == 403
    assert with_cookie(site, signer.sign(LOGIN_SALT, ["no", "login"])).get("api/me").status_code == 403


def test_rows_79_and_108_a_copied_cookie_ends_with_the_logout(site: Site) -> None:
    browser = site.browser
    copy = login_cookie(browser)
    answer = browser.get("logout")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert with_cookie(site, copy).get("api/me").status_code == 403
    assert with_cookie(site, copy).get("tree").status_code == 302


def test_row_108_the_logout_is_known_to_other_workers(make_site: MakeSite) -> None:
    one, two = make_site(), make_site()
    browser = one.browser
    copy = login_cookie(browser)
    assert with_cookie(two, copy).get("api/me").status_code == 200
    browser.get("logout")
    assert with_cookie(two, copy).get("api/me").status_code == 403


def test_row_80_private_answers_are_not_cached_and_static_ones_set_no_cookie(site: Site) -> None:
    answer = site.browser.get("api/status")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]
    static = site.stranger.get("static/base/images/favicon.ico", headers={"Authorization": f"token {TOKEN}"})
    assert static.status_code == 200
    assert "Set-Cookie" not in static.headers


def test_row_73_comparing_a_token_takes_no_longer_for_a_better_guess(site: Site) -> None:
    """The comparison is hmac.compare_digest; this only catches an accidental ==-and-return with a huge margin."""
    identity = site.services.identity
    start_s = time.perf_counter()
    for guess in (TOKEN[:-1] + "x", "x" + TOKEN[1:], "x"):
        assert not identity.token_matches(guess)
    assert time.perf_counter() - start_s < 1


def test_a_login_with_the_wrong_secret_is_a_401_that_says_so(site: Site) -> None:
    client = site.client
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', client.get(f"{site.base_url}login").text)
    assert xsrf is not None
    answer = client.post(f"{site.base_url}login", data={"password": "wrong", "_xsrf": xsrf.group(1)})
    assert answer.status_code == 401
    assert "Invalid credentials" in answer.text
    assert "wrong" not in answer.text


def test_without_token_and_password_everybody_is_let_in_but_forged_writes_are_not(make_site: MakeSite) -> None:
    site = make_site(token="")
    visitor = site.stranger
    assert visitor.get("api/me").status_code == 200
    assert visitor.post("api/kernels").status_code == 403
    visitor.headers["X-XSRFToken"] = cookie(visitor.client, "_xsrf")
    assert visitor.post("api/kernels").status_code == 201


def test_row_10_secret_files_of_the_users_choice_are_never_served(
    make_site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "open"
    root.mkdir()
    (root / "cookies").write_bytes(b"c2Vjb25k\n")
    (root / "token.txt").write_text("a-token-of-my-own")
    monkeypatch.setenv("JUPYTER_TOKEN_FILE", str(root / "token.txt"))
    browser = make_site(root_dir=str(root), cookie_secret_file=str(root / "cookies")).browser
    for name in ("cookies", "token.txt"):
        assert browser.get(f"api/contents/{name}").status_code == 404, name
        assert browser.get(f"files/{name}").status_code == 404, name
    assert browser.get("api/contents").get_json()["content"] == []
