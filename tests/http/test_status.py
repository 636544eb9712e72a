"""``/api`` about itself and its visitor; and what every error looks like."""

from __future__ import annotations

import pytest

import flasknb
from flasknb.errors import SidecarUnavailable
from tests.conftest import MakeSite, Site


def test_the_version_is_open_to_everybody(site: Site) -> None:
    assert site.stranger.get("api").json == {"version": flasknb.__version__}


def test_the_status_counts(site: Site) -> None:
    site.api.post("api/kernels")
    status = site.api.get("api/status").json
    assert set(status) == {"connections", "kernels", "last_activity", "started"}
    assert status["kernels"] == 1


def test_me_is_the_same_as_long_as_the_cookie_lasts(site: Site) -> None:
    browser = site.browser
    first = browser.get("api/me").json
    assert set(first["identity"]) == {"username", "name", "display_name", "initials", "avatar_url", "color"}
    assert first["identity"]["display_name"].startswith("Anonymous ")
    assert browser.get("api/me").json == first
    assert site.browser.get("api/me").json != first


def test_me_answers_which_permissions_there_are(site: Site) -> None:
    answer = site.api.get("api/me", query_string={"permissions": '{"contents": ["read", "write"]}'})
    permissions = answer.json["permissions"]
    assert permissions.pop("updatable_fields") == ["name", "display_name", "initials", "avatar_url", "color"]
    assert permissions == {"contents": ["read", "write"]}


@pytest.mark.parametrize("asked", ["{", "[]", '{"a": "read"}', '{"a": [1]}', "3"])
def test_malformed_permissions_are_a_400(site: Site, asked: str) -> None:
    assert site.api.get("api/me", query_string={"permissions": asked}).status_code == 400


def test_shutdown_is_refused_where_the_server_is_not_ours(site: Site) -> None:
    answer = site.api.post("api/shutdown")
    assert answer.status_code == 501
    assert "flasknb command" in answer.json["message"]


def test_shutdown_ends_our_own_command(make_site: MakeSite) -> None:
    stopped: list[bool] = []
    site = make_site(stop_server=lambda: stopped.append(True))
    assert site.api.post("api/shutdown").status_code == 200
    assert stopped == [True]


def test_a_missing_sidecar_is_a_503_that_says_when_to_come_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise SidecarUnavailable("The kernels cannot be reached")

    monkeypatch.setattr(site.bridge, "list_kernels", fail)
    answer = site.api.get("api/kernels")
    assert (answer.status_code, answer.json["message"]) == (503, "The kernels cannot be reached")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_bug_is_a_500_without_traceback(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(site.bridge, "list_kernels", fail)
    answer = site.api.get("api/kernels")
    assert answer.status_code == 500
    assert answer.json == {"message": "Unhandled error", "reason": None, "traceback": ""}


def test_a_body_above_the_limit_is_a_413(make_site: MakeSite) -> None:
    site = make_site(max_body_size=1000)
    answer = site.api.put("api/config/notebook", data=b"{" + b" " * 2000 + b"}")
    assert answer.status_code == 413
    assert answer.json["message"]


IMPOSSIBLE = [
    "contents/a%0Ab",
    "contents/a%0A/checkpoints",
    "kernels/%0A",
    "sessions/a%0A",
    "config/a%0A",
    "terminals/%0A",
]


@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS", "PROPFIND"])
@pytest.mark.parametrize("path", [*(f"api/{name}" for name in IMPOSSIBLE), "files/a%0A", "%0A", "x%0A/y"])
def test_an_address_with_a_line_break_is_a_400_of_ours(site: Site, path: str, method: str) -> None:
    answer = site.api(method, path)
    assert answer.status_code == 400
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.is_json == path.startswith("api/")


def test_an_unchanged_answer_is_a_304(site: Site) -> None:
    first = site.api.get("api/kernelspecs")
    again = site.api.get("api/kernelspecs", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_options_on_the_api_needs_nothing(site: Site) -> None:
    answer = site.stranger("OPTIONS", "api/contents/a")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Access-Control-Allow-Headers"] == "accept, content-type, authorization, x-xsrftoken"
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("files/a.txt", {"GET", "HEAD", "OPTIONS"}),
        ("login", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("nbconvert/html", {"OPTIONS", "POST"}),
        ("", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_options_elsewhere_names_the_methods(site: Site, path: str, methods: set[str]) -> None:
    answer = site.stranger("OPTIONS", path)
    assert (answer.status_code, set(answer.allow)) == (200, methods)


def test_options_of_an_unknown_address_is_a_404(site: Site) -> None:
    assert site.stranger("OPTIONS", "nothing/here").status_code == 404


def test_an_answer_without_a_body_names_no_type_of_it(site: Site) -> None:
    (site.root_dir / "a.txt").touch()
    deleted, asked = site.api.delete("api/contents/a.txt"), site.api("OPTIONS", "api/status")
    page = site.api("OPTIONS", "tree")
    assert (deleted.status_code, asked.status_code, page.status_code) == (204, 200, 200)
    for answer in (deleted, asked, page):
        assert answer.data == b""
        assert "Content-Type" not in answer.headers
