"""Rows of section 1 of the REST inventory: who comes in, by which door, and what refusals look like."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from flasknb.auth.authorizer import Authorizer
from flasknb.auth.user import User
from tests.conftest import TOKEN, MakeSite, Site, Visitor
from tests.upgrading import FOREIGN_ORIGIN, OWN_ORIGIN, UPGRADE, join

FOREIGN_HOST = {"Host": "evil.example"}
FORM = "application/x-www-form-urlencoded"


class NothingToWrite(Authorizer):
    """Lets everybody read and nobody do anything else."""

    def is_authorized(self, user: User, action: str, resource: str) -> bool:
        return action == "read"


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
