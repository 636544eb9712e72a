"""Attacks 102 and 104: what a host site's visitors risk by a mount, and where the front end's code comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Blueprint, Flask, abort, current_app, request, session

from flasknb import FlaskNB
from flasknb.testing import FakeBridge
from tests.servers import REPO

TOKEN = "the mount's token"
INTEGRITY = re.compile(r"sha512-[A-Za-z0-9+/]{86}==")
FRONTEND = REPO / "frontend"


def mounted(tmp_path: Path, protect: Callable[[Flask], object] = lambda _: None) -> Flask:
    """A host with a session of its own and a mount at ``/nb``."""
    app = Flask("host")
    app.secret_key = "the host's"
    protect(app)

    @app.route("/own", methods=["GET", "POST"])
    def own() -> str:
        session["seen"] = True
        return "own"

    root = tmp_path / "root"
    root.mkdir()
    (root / "a.html").write_text("<script>fetch('/own')</script>")
    FlaskNB(root_dir=str(root), token=TOKEN, make_bridge=lambda *_: FakeBridge()).init_app(app, url_prefix="/nb")
    return app


def test_row_102_the_mounts_cookies_stay_below_it(tmp_path: Path) -> None:
    client = mounted(tmp_path).test_client()
    answer = client.get("/nb/tree", query_string={"token": TOKEN})
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all("Path=/nb/;" in f"{cookie};" for cookie in cookies), cookies
    own = client.get("/own").headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in own] == ["session"]


def test_row_102_a_files_script_does_not_ride_the_hosts_session(tmp_path: Path) -> None:
    """It runs in an origin of its own, to which browsers send no answer of the host's."""
    client = mounted(tmp_path).test_client()
    client.get("/own")
    answer = client.get("/nb/files/a.html", headers={"Authorization": f"token {TOKEN}"})
    sandbox = re.findall(r"sandbox([^;,]*)", answer.headers["Content-Security-Policy"])
    assert sandbox == [" allow-scripts"]
    assert "session=" not in "".join(answer.headers.getlist("Set-Cookie"))
    answer.close()


class Protection:
    """What Flask-WTF's CSRFProtect does to a host: every write needs the host's token, but for exempt blueprints."""

    def __init__(self, app: Flask) -> None:
        self._exempt: set[Blueprint] = set()
        app.extensions["csrf"] = self
        app.before_request(self._protect)

    def exempt(self, blueprint: Blueprint) -> None:
        self._exempt.add(blueprint)

    def _protect(self) -> None:
        if request.method == "POST" and current_app.blueprints.get(request.blueprint or "") not in self._exempt:
            abort(400, "The CSRF token is missing.")


def test_row_103_a_host_with_csrf_protection_keeps_it_and_we_keep_ours(tmp_path: Path) -> None:
    client = mounted(tmp_path, Protection).test_client()
    assert client.post("/own").status_code == 400
    assert client.post("/nb/api/contents", headers={"Authorization": f"token {TOKEN}"}).status_code == 201
    client.get("/nb/tree", query_string={"token": TOKEN})
    assert client.post("/nb/api/contents").status_code == 403
    assert client.post("/nb/login", data={"password": TOKEN}).status_code == 403


def test_row_104_every_package_is_pinned_by_its_digest() -> None:
    packages = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    loose = [name for name, entry in packages.items() if name and not INTEGRITY.fullmatch(entry.get("integrity", ""))]
    assert len(packages) > 1
    assert loose == []


def test_row_104_only_the_compiler_may_run_anything_when_it_is_installed() -> None:
    packages = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, entry in packages.items() if entry.get("hasInstallScript")] == ["node_modules/esbuild"]
    scripts = json.loads((FRONTEND / "package.json").read_text("utf-8"))["scripts"]
    assert not [name for name in scripts if re.search("install|prepare", name)]


@pytest.mark.parametrize("page", sorted((REPO / "flasknb/templates").glob("*.html")), ids=lambda page: page.name)
def test_row_104_no_page_loads_anything_from_elsewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    loading = re.findall(r"<(?:script|link|img|iframe|object|embed|source)\b[^>]*>", text)
    assert not [tag for tag in loading if re.search(r"(?:src|href|data)\s*=\s*[\"']?\s*(?:https?:)?//", tag)]
