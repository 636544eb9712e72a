"""Rows of section 4.1 of the REST inventory: the server about itself and its visitor."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import flasknb
from tests.conftest import MakeSite, Site


def long_text(seed: int) -> str:
    """One that compresses badly."""
    return "".join(chr(0x4E00 + number * seed % 20_000) for number in range(900))


UPDATABLE = ["name", "display_name", "initials", "avatar_url", "color"]


@pytest.mark.row("4.1 api")
def test_everybody_may_see_the_version(site: Site) -> None:
    answer = site.stranger.get("api")
    assert (answer.status_code, answer.json) == (200, {"version": flasknb.__version__})


@pytest.mark.row("4.1 status")
def test_the_status_has_four_figures(site: Site) -> None:
    site.api.post("api/kernels")
    status = site.api.get("api/status").json
    assert set(status) == {"connections", "kernels", "last_activity", "started"}
    assert (status["connections"], status["kernels"]) == (0, 1)
    for moment in (status["last_activity"], status["started"]):
        assert moment.endswith("Z")
        datetime.fromisoformat(moment.replace("Z", "+00:00"))


@pytest.mark.row("4.1 me")
def test_me_tells_identity_permissions_and_what_may_be_changed(site: Site) -> None:
    browser = site.browser
    plain = browser.get("api/me").json
    assert set(plain["identity"]) == {"username", "name", "display_name", "initials", "avatar_url", "color"}
    assert plain["permissions"] == {"updatable_fields": UPDATABLE}
    asked = browser.get("api/me", query_string={"permissions": '{"contents": ["read"], "kernels": []}'}).json
    assert asked["permissions"] == {"contents": ["read"], "kernels": [], "updatable_fields": UPDATABLE}
    assert site.stranger.get("api/me").status_code == 403
    for bad in ("{", "[]", '{"a": "read"}', '{"a": [1]}', "null"):
        assert site.api.get("api/me", query_string={"permissions": bad}).status_code == 400


@pytest.mark.row("4.1 patch me")
def test_a_user_changes_what_the_provider_lets_and_the_cookie_keeps_it(site: Site) -> None:
    browser = site.browser
    answer = browser.patch("api/me", json={"display_name": "Ada", "color": "#fff"})
    assert answer.status_code == 200
    assert answer.json["status"] == "success"
    assert answer.json["identity"]["display_name"] == "Ada"
    assert browser.get("api/me").json["identity"] == answer.json["identity"]
    assert browser.post("api/kernels").status_code == 201  # the session, and its _xsrf value, are the same


@pytest.mark.row("4.1 patch me")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (None, "Invalid or missing JSON body"),
        ({}, "Invalid or missing JSON body"),
        ({"username": "root"}, "Field username is not updatable"),
        ({"name": 3}, "name must be a short printable text"),
        ({"name": "x" * 2_000}, "name must be a short printable text"),
        ({"name": "a\nb"}, "name must be a short printable text"),
        ({"avatar_url": "javascript:alert(1)"}, "avatar_url must be"),
        ({"name": long_text(7919), "display_name": long_text(6007), "color": long_text(4999)}, "too long"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(site: Site, body: Any, message: str) -> None:
    answer = site.browser.patch("api/me", json=body)
    assert answer.status_code == 400
    assert message in answer.json["message"]


@pytest.mark.row("4.1 patch me")
def test_the_option_names_what_may_be_changed(make_site: MakeSite) -> None:
    site = make_site(**{"IdentityProvider.updatable_fields": ["color"]})
    assert site.browser.get("api/me").json["permissions"] == {"updatable_fields": ["color"]}
    assert site.browser.patch("api/me", json={"name": "x"}).status_code == 400
    assert site.browser.patch("api/me", json={"color": "red"}).status_code == 200


@pytest.mark.row("4.1 patch me")
def test_a_provider_that_keeps_nothing_is_a_501(make_site: MakeSite) -> None:
    site = make_site(identity_provider_class="flasknb.auth.identity.IdentityProvider")
    answer = site.browser.patch("api/me", json={"color": "red"})
    assert answer.status_code == 501


class FromHeader:
    """A provider as people write it for jupyter_server behind a proxy that knows the user."""

    def __init__(self, **_: Any) -> None:
        pass

    async def get_user(self, handler: Any) -> Any:
        name = handler.request.headers.get("x-user") or handler.get_argument("user", None)
        return {"username": name, "color": "blue"} if name else None


def test_a_provider_written_for_jupyter_server_says_who_it_is(make_site: MakeSite) -> None:
    site = make_site(identity_provider_class=FromHeader)
    ada = {"X-User": "ada"}
    identity = site.stranger.get("api/me", headers=ada).json["identity"]
    assert (identity["username"], identity["display_name"], identity["color"]) == ("ada", "ada", "blue")
    assert site.stranger.get("api/me?user=bob").json["identity"]["username"] == "bob"
    assert site.stranger.get("api/me").status_code == 403
    assert site.stranger.get("tree").status_code == 302
    assert site.stranger.post("api/kernels", headers=ada).status_code == 403  # who a proxy vouches for needs _xsrf
    assert site.api.post("api/kernels").status_code == 201
    assert site.stranger.get("logout", headers=ada).status_code == 501
    assert site.api.patch("api/me", json={"name": "x"}, headers=ada).status_code == 501
    assert site.stranger.get("api/me", headers=ada).status_code == 200


@pytest.mark.row("4.1 resolvePath")
def test_a_path_of_a_traceback_is_found(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site()
    (site.root_dir / "d").mkdir()
    (site.root_dir / "d" / "a.py").write_text("")
    (site.root_dir / ".hidden").write_text("")
    (tmp_path / "outside.py").write_text("")
    (site.root_dir / "link.py").symlink_to(tmp_path / "outside.py")

    def resolved(path: str, **query: str) -> Any:
        answer = site.api.get("api/resolvePath", query_string={"path": path, **query})
        assert answer.status_code == 200
        return answer.json

    found = {"resolved": [{"scope": "server", "path": "d/a.py"}]}
    assert resolved("d/a.py") == found
    assert resolved(str(site.root_dir / "d" / "a.py")) == found
    nothing = [
        ".hidden",
        "missing.py",
        "link.py",
        str(tmp_path / "outside.py"),
        "../outside.py",
        "~/x",
        "~nobody/x",
        "a\0b",
        "",
    ]
    for path in nothing:
        expected = [{"scope": "server", "path": ""}] if path == "" else []
        assert resolved(path)["resolved"] == expected, path
    kernel = site.api.post("api/kernels").json["id"]
    assert resolved("d/a.py", kernel=kernel) == found
    unknown = resolved("d/a.py", kernel="no-such-kernel")
    assert unknown["unresolved"] == [{"scope": "kernel", "reason": "Kernel no-such-kernel could not be found"}]
    assert site.api.get("api/resolvePath").status_code == 400


@pytest.mark.row("4.1 shutdown")
def test_shutdown_ends_the_server_that_is_ours_and_explains_itself_elsewhere(make_site: MakeSite) -> None:
    stopped: list[bool] = []
    answer = make_site(stop_server=lambda: stopped.append(True)).api.post("api/shutdown")
    assert (answer.status_code, answer.data, stopped) == (200, b"", [True])
    elsewhere = make_site().api.post("api/shutdown")
    assert elsewhere.status_code == 501
    assert "stop it where it was started" in elsewhere.json["message"]


@pytest.mark.row("4.1 csp-report")
def test_a_report_is_logged_on_one_short_line(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    report = {"csp-report": {"blocked-uri": "http://evil.example/?token=abc", "line": "a\nb"}}
    with caplog.at_level(logging.WARNING):
        answer = site.browser.post(
            "api/security/csp-report",
            data=json.dumps(report),
            headers={"X-XSRFToken": None, "Origin": "http://localhost"},
            content_type="application/csp-report",
        )
        assert (answer.status_code, answer.data) == (200, b"")
        site.browser.post("api/security/csp-report", data=b"\xff\x00\n" * 10_000, headers={"X-XSRFToken": None})
    lines = [record.getMessage() for record in caplog.records if "content security" in record.getMessage()]
    assert len(lines) == 2
    assert all("\n" not in line and len(line) < 10_000 for line in lines)
    assert "blocked-uri" in lines[0]
    assert "abc" not in lines[0]
    assert site.stranger.post("api/security/csp-report", data=b"{}").status_code == 403


def test_an_enormous_report_is_not_read(site: Site) -> None:
    assert site.api.post("api/security/csp-report", data=b"x" * 1_000_000).status_code == 413
