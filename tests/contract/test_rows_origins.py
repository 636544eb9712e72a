"""Rows of section 1 of the REST inventory: whose pages may write and read: XSRF, Host, Origin, CORS."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import MakeSite, Site, Visitor, cookie
from tests.upgrading import FOREIGN_ORIGIN, OWN_ORIGIN, join


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
