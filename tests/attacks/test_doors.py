"""Rows of the attack list about Host, Origin, CORS, and websockets before the upgrade."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.conftest import TOKEN, MakeSite, Site
from tests.upgrading import OWN_ORIGIN, UPGRADE, join


def test_row_28_a_websocket_needs_credentials(site: Site) -> None:
    kernel_id = site.bridge.start_kernel(_request()).id
    answer = join(site.stranger, kernel_id, Origin=OWN_ORIGIN)
    assert (answer.status_code, answer.json["message"]) == (403, "Forbidden")


@pytest.mark.parametrize("header", ["token wrong", "Bearer x"])
def test_row_28_wrong_credentials_open_no_websocket(site: Site, header: str) -> None:
    assert join(site.stranger, Origin=OWN_ORIGIN, Authorization=header).status_code == 403


def test_row_28_unknown_websockets_are_refused_too(site: Site) -> None:
    assert site.stranger.get("api/nothing", headers={**UPGRADE, "Origin": OWN_ORIGIN}).status_code == 403
    assert site.browser.get("api/nothing", headers={**UPGRADE, "Origin": OWN_ORIGIN}).status_code == 404


def test_an_unknown_kernel_is_a_404_before_the_upgrade(site: Site) -> None:
    assert join(site.browser, Origin=OWN_ORIGIN).status_code == 404
    assert join(site.api).status_code == 404


FOREIGN = [
    "null",
    "http://evil.example",
    "https://good.evil",
    "http://localhost:81",
    "http://localhost.evil.com",
    "http://localhost@evil.com",
    "http://evil.com#localhost",
    "file://",
    "http://localhost/path",
    "http://",
    "http://localhost:port",
    "//localhost",
    "localhost",
    "http://[::1",
    "",
    "http://localhost, http://evil",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_row_29_foreign_origins_open_no_websocket(site: Site, origin: str) -> None:
    assert join(site.browser, Origin=origin).status_code == 403


def test_row_29_a_cookie_without_origin_opens_no_websocket(site: Site) -> None:
    assert join(site.browser).status_code == 403


def test_row_29_a_page_without_encryption_opens_no_encrypted_websocket(site: Site) -> None:
    browser = site.browser
    url = f"{site.base_url}api/kernels/{uuid.uuid4()}/channels"
    answer = browser.client.get(url, headers={**UPGRADE, "Origin": OWN_ORIGIN}, base_url="https://localhost")
    assert answer.status_code == 403


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_reads_nothing_from_the_api(site: Site, origin: str) -> None:
    assert site.browser.get("api/status", headers={"Origin": origin}).status_code == 404


def test_a_token_passes_any_origin(site: Site) -> None:
    assert site.api.get("api/status", headers={"Origin": "http://evil.example"}).status_code == 200


PATTERN = r"https://.*\.trusted\.example\.com"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://a.trusted.example.com", 200),
        ("https://a.trusted.example.com.evil.com", 404),
        ("http://a.trusted.example.com", 404),
        ("https://trusted.example.com", 404),
        ("xhttps://a.trusted.example.com", 404),
        ("https://a.trusted.example.com/", 404),
        ("https://atrusted-example.com", 404),
        ("HTTPS://A.TRUSTED.EXAMPLE.COM", 404),
    ],
)
def test_row_30_the_pattern_must_match_the_whole_origin(make_site: MakeSite, origin: str, status: int) -> None:
    site = make_site(allow_origin_pat=PATTERN)
    assert site.browser.get("api/status", headers={"Origin": origin}).status_code == status


def test_row_44_no_cors_headers_by_default(site: Site) -> None:
    for visitor, origin in ((site.browser, OWN_ORIGIN), (site.browser, "http://evil.example"), (site.stranger, "null")):
        headers = visitor.get("api/status", headers={"Origin": origin}).headers
        assert not [name for name, _ in headers if name.startswith("Access-Control")]


def test_row_44_a_star_never_comes_with_credentials(make_site: MakeSite) -> None:
    site = make_site(allow_origin="*", allow_credentials=True)
    headers = site.api.get("api/status", headers={"Origin": "http://a.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers


def test_an_allowed_origin_is_named_in_the_answer(make_site: MakeSite) -> None:
    site = make_site(allow_origin="http://a.example", allow_credentials=True)
    headers = site.api.get("api/status", headers={"Origin": "http://a.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == "http://a.example"
    assert headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in headers["Vary"]


def test_row_44_private_network_access_is_not_granted(site: Site) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Private-Network": "true"}
    answer = site.stranger("OPTIONS", "api/contents", headers=headers)
    assert not [name for name, _ in answer.headers if "Private-Network" in name or name.endswith("Allow-Origin")]


BAD_HOSTS = [
    "evil.example",
    "127.0.0.1.evil",
    "evil.example:8888",
    "localhost.evil.com",
    "[::ffff:8.8.8.8]",
    "8.8.8.8",
    "",
    "localhost@evil.com",
    "127.0.0.1,evil.com",
    "localhost/evil",
    "[::1]evil",
    "localhost:",
    "localhost:99999999",
    "0x7f.1.evil",
    "192.168.1.1",
]
PLACES = ["", "tree", "api", "api/status", "login", "static/base/images/favicon.ico", "nowhere", "api/nowhere/"]


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_row_45_a_foreign_host_gets_nothing(site: Site, host: str) -> None:
    for place in PLACES:
        answer = site.client.get(site.base_url + place, headers={"Authorization": f"token {TOKEN}", "Host": host})
        assert answer.status_code in (400, 403), place
        assert TOKEN not in answer.text


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_row_45_a_foreign_host_opens_no_websocket(site: Site, host: str) -> None:
    kernel_id = site.bridge.start_kernel(_request()).id
    assert join(site.api, kernel_id, Host=host).status_code in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8888", "127.0.0.1", "127.0.0.9:1", "[::1]", "[::1]:8888"])
def test_row_45_this_machine_has_these_names(site: Site, host: str) -> None:
    assert site.client.get(f"{site.base_url}api", headers={"Host": host}).status_code == 200


def test_a_missing_host_is_refused(site: Site) -> None:
    answer = site.client.get(f"{site.base_url}api", environ_overrides={"HTTP_HOST": ""})
    assert answer.status_code in (400, 403)


def test_remote_access_can_be_allowed_wholly_or_by_name(make_site: MakeSite) -> None:
    open_site, named = make_site(allow_remote_access=True), make_site(local_hostnames=["nb.example"])
    remote = make_site(ip="0.0.0.0")
    for site in (open_site, named, remote):
        assert site.client.get("/api", headers={"Host": "nb.example"}).status_code == 200
    assert named.client.get("/api", headers={"Host": "other.example"}).status_code == 403


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto", "Forwarded"])
def test_row_46_forwarded_headers_of_strangers_change_nothing(site: Site, name: str) -> None:
    answer = site.stranger.get("tree", headers={name: "evil.example"})
    assert answer.location.startswith(f"{site.base_url}login")
    assert "evil" not in answer.text + answer.location


def test_row_60_errors_show_names_as_text(site: Site) -> None:
    page = site.browser.get("tree/<script>alert(1)</script>")
    assert "<script>alert(1)" not in page.text
    answer = site.api.get("api/contents/<script>alert(1)</script>")
    assert answer.mimetype == "application/json"


def test_row_71_errors_give_nothing_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: str) -> None:
        raise RuntimeError(f"secret in {__file__}")

    for name in ("kernel_specs", "kernel_spec"):
        monkeypatch.setattr(site.bridge, name, fail)
    for path in ("api/kernelspecs", "kernelspecs/python3/x"):
        answer = site.browser.get(path)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text


def _request() -> Any:
    from flasknb.kernel_bridge.models import KernelRequest

    return KernelRequest()
