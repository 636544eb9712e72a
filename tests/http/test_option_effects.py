"""What options do to answers: each is set, and its effect seen by a visitor."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError

from flasknb.blueprints.assets import FOREVER
from tests.conftest import MakeSite, Site, cookie

BASES = pytest.mark.parametrize("base_url", ["/", "/a/b/"])


def header(name: str, path: str = "api/status", **request: Any) -> Callable[[Site], Any]:
    return lambda site: site.api.get(path, **request).headers.get(name)


def status(path: str, method: str = "GET", **request: Any) -> Callable[[Site], int]:
    return lambda site: int(site.api(method, path, **request).status_code)


def strangers_status(path: str) -> Callable[[Site], int]:
    return lambda site: int(site.stranger.get(path).status_code)


def made(kind: str) -> Callable[[Site], str]:
    return lambda site: str(site.api.post("api/contents", json={"type": kind}).json["path"])


def first_page(site: Site) -> str:
    return str(site.api.get("").headers["Location"]).removeprefix(site.base_url)


def page_data(name: str, path: str = "notebooks/a.ipynb") -> Callable[[Site], str | None]:
    def find(site: Site) -> str | None:
        site.services.contents.save({"type": "notebook", "content": EMPTY, "format": "json"}, "a.ipynb")
        found = re.search(rf'data-{name}="([^"]*)"', site.browser.get(path).text)
        return found.group(1) if found else None

    return find


def login_cookie(site: Site) -> str:
    client = site.client
    page = client.get(f"{site.base_url}login")
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
    assert xsrf is not None
    form = {"password": "correct-horse-battery-staple", "_xsrf": xsrf.group(1)}
    answer = client.post(f"{site.base_url}login", data=form)
    return next(line for line in answer.headers.getlist("Set-Cookie") if not line.startswith("_xsrf"))


def listing(site: Site) -> list[str]:
    for name in ("a.txt", ".hidden", "b.tmp"):
        (site.root_dir / name).write_text("x")
    return [entry["name"] for entry in site.api.get("api/contents").json["content"]]


def write_without_xsrf(site: Site) -> int:
    visitor = site.browser
    visitor.headers.clear()
    return int(visitor.post("api/contents", json={}).status_code)


EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
ORIGIN = {"headers": {"Origin": "https://x.example"}}
FOREIGN_MANAGER = "jupyter_server.services.contents.filemanager.FileContentsManager"
EFFECTS: list[tuple[str, Any, Callable[[Site], Any], Any]] = [
    ("ServerApp.allow_origin", "https://x.example", header("Access-Control-Allow-Origin", **ORIGIN), "https://x.example"),
    ("ServerApp.allow_origin_pat", r"https://.*\.example", header("Access-Control-Allow-Origin", **ORIGIN), "https://x.example"),
    ("ServerApp.tornado_settings", {"headers": {"X-A": "b"}}, header("X-A"), "b"),
    ("ServerApp.tornado_settings", {"headers": {"X-Content-Type-Options": "x"}}, header("X-Content-Type-Options"), "x"),
    ("ServerApp.tornado_settings", {"allow_origin": "*"}, header("Access-Control-Allow-Origin", **ORIGIN), "*"),
    ("ServerApp.tornado_settings", {"xsrf_cookies": False}, write_without_xsrf, 201),
    ("ServerApp.disable_check_xsrf", True, write_without_xsrf, 201),
    ("ServerApp.disable_check_xsrf", False, write_without_xsrf, 403),
    ("ServerApp.local_hostnames", ["nb.example"], status("api", headers={"Host": "nb.example"}), 200),
    ("ServerApp.local_hostnames", ["other.example"], status("api", headers={"Host": "nb.example"}), 403),
    ("ServerApp.allow_remote_access", True, status("api", headers={"Host": "nb.example"}), 200),
    ("ServerApp.ip", "0.0.0.0", status("api", headers={"Host": "nb.example"}), 200),
    ("ServerApp.max_body_size", 10, status("api/contents", "POST", json={"type": "notebook"}), 413),
    ("ServerApp.default_url", "/edit/a.txt", first_page, "edit/a.txt"),
    ("ServerApp.default_url", "/", first_page, "tree"),
    ("NotebookApp.default_url", "/tree", first_page, "tree"),
    ("ServerApp.authenticate_prometheus", False, strangers_status("metrics"), 200),
    ("ServerApp.authenticate_prometheus", True, strangers_status("metrics"), 403),
    ("ServerApp.terminals_enabled", False, status("api/terminals"), 404),
    ("ServerApp.websocket_url", "wss://ws.example", page_data("ws-url"), "wss://ws.example"),
    ("ServerApp.websocket_url", "wss://ws.example", page_data("ws-url", "terminals/1"), "wss://ws.example"),
    ("NotebookApp.enable_mathjax", False, page_data("mathjax-url"), ""),
    ("NotebookApp.enable_mathjax", True, page_data("mathjax-url"), None),
    ("NotebookApp.mathjax_url", "/own/tex.js", page_data("mathjax-url"), "/own/tex.js"),
    ("NotebookAppTraits.mathjax_url", "/own/tex.js", page_data("mathjax-url"), "/own/tex.js"),
    ("ContentsManager.untitled_file", "neu", made("file"), "neu"),
    ("ContentsManager.untitled_notebook", "Neu", made("notebook"), "Neu.ipynb"),
    ("AsyncContentsManager.untitled_directory", "Mappe", made("directory"), "Mappe"),
    ("ContentsManager.hide_globs", ["*.tmp"], listing, ["a.txt"]),
    ("LargeFileManager.hide_globs", [], listing, ["a.txt", "b.tmp"]),
    ("AsyncLargeFileManager.allow_hidden", True, listing, [".hidden", "a.txt", "b.tmp"]),
    ("ServerApp.contents_manager_class", FOREIGN_MANAGER, made("file"), "untitled"),
    ("IdentityProvider.cookie_name", "mine", lambda site: login_cookie(site).partition("=")[0], "mine"),
    ("IdentityProvider.secure_cookie", True, lambda site: "Secure" in login_cookie(site), True),
    ("ServerApp.cookie_options", {"samesite": "Strict"}, lambda site: "SameSite=Strict" in login_cookie(site), True),
]  # fmt: skip


@BASES
@pytest.mark.parametrize("row", EFFECTS, ids=[f"{name}={value}" for name, value, *_ in EFFECTS])
def test_the_option_has_its_effect(
    make_site: MakeSite, base_url: str, row: tuple[str, Any, Callable[[Site], Any], Any]
) -> None:
    name, value, effect, expected = row
    found = effect(make_site(base_url, **{name: value}))
    assert sorted(found) == expected if isinstance(found, list) else found == expected


@BASES
def test_a_chosen_policy_replaces_that_of_pages_and_keeps_what_files_and_the_api_add(
    make_site: MakeSite, base_url: str
) -> None:
    site = make_site(base_url, tornado_settings={"headers": {"content-security-policy": "frame-ancestors *"}})
    (site.root_dir / "a.txt").write_text("x")
    policies = [
        site.api.get(path).headers.getlist("Content-Security-Policy") for path in ("tree", "api/me", "files/a.txt")
    ]
    assert policies == [
        ["frame-ancestors *"],
        ["frame-ancestors *; default-src 'none'"],
        ["frame-ancestors *; sandbox allow-scripts"],
    ]


@BASES
def test_the_dashboard_opens_the_preferred_folder(make_site: MakeSite, base_url: str, tmp_path: Path) -> None:
    (tmp_path / "root/my work").mkdir(parents=True)
    for name in ("FileContentsManager.preferred_dir", "ServerApp.preferred_dir"):
        site = make_site(base_url, **{name: "my work"})
        assert first_page(site) == "tree/my%20work"
        assert site.browser.get(first_page(site)).status_code == 200


@BASES
def test_templates_of_the_user_come_first_and_may_change_a_part_of_ours(
    make_site: MakeSite, base_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "tree.html").write_text(
        '{% extends "templates/tree.html" %}'
        "{% block headercontainer %}<b>{{ house }}{{ 1 if trim }}</b>\n{% endblock %}"
    )
    page = make_site(
        base_url,
        extra_template_paths=[str(folder)],
        jinja_template_vars={"house": "Hilbert", "trim": False},
        jinja_environment_options={"trim_blocks": True},
    ).browser.get("tree")
    assert page.status_code == 200
    assert "<b>Hilbert</b>" in page.text
    assert 'id="site"' in page.text


def test_variables_of_the_user_do_not_replace_ours(make_site: MakeSite) -> None:
    page = make_site(jinja_template_vars={"base_url": "/evil/", "version": "0"}).browser.get("tree")
    assert "/evil/" not in page.text


@BASES
@pytest.mark.parametrize("prefix", ["static/mine/", "/static/mine/", "{base_url}static/mine/"])
def test_static_files_that_never_change_are_kept_for_good(
    make_site: MakeSite, base_url: str, tmp_path: Path, prefix: str
) -> None:
    (tmp_path / "more/mine").mkdir(parents=True)
    (tmp_path / "more/mine/a.js").write_text("1")
    (tmp_path / "more/b.js").write_text("2")
    site = make_site(
        base_url,
        extra_static_paths=[str(tmp_path / "more")],
        static_immutable_cache=[prefix.format(base_url=base_url)],
    )
    kept = {name: site.stranger.get(f"static/{name}").headers["Cache-Control"] for name in ("mine/a.js", "b.js")}
    assert kept == {"mine/a.js": FOREVER, "b.js": "no-cache"}


def test_older_cookies_than_the_user_wants_have_ended(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    import itsdangerous.timed

    site = make_site(**{"IdentityProvider.get_secure_cookie_kwargs": {"max_age_days": 1}})
    visitor = site.browser
    assert visitor.get("api/me").status_code == 200
    assert cookie(visitor.client, "_xsrf", site.base_url)
    now = itsdangerous.timed.time.time
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: now() + 2 * 24 * 3600)
    assert visitor.get("api/me").status_code == 403


@pytest.mark.parametrize("root", ["missing", "file"])
def test_a_root_that_is_no_folder_is_named(make_site: MakeSite, tmp_path: Path, root: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises((ValueError, TraitError), match=f"{root}.* is not a folder"):
        make_site(root_dir=str(tmp_path / root))


@BASES
def test_what_pages_remember_is_kept_in_the_chosen_folder(
    make_site: MakeSite, base_url: str, jupyter_dirs: Path
) -> None:
    site = make_site(base_url, **{"ConfigManager.config_dir_name": "mine"})
    assert site.api.put("api/config/tree", json={"a": 1}).status_code in (200, 204)
    assert (jupyter_dirs / "config/mine/tree.json").exists()
    assert site.api.get("api/config/tree").json == {"a": 1}


def test_signatures_are_kept_where_and_how_the_notary_is_told(make_site: MakeSite, tmp_path: Path) -> None:
    import sqlite3

    options = {
        "db_file": str(tmp_path / "sub/signatures.db"),
        "secret_file": str(tmp_path / "secret"),
        "algorithm": "sha512",
    }
    site = make_site(**{f"NotebookNotary.{name}": value for name, value in options.items()})
    cell = {"cell_type": "code", "metadata": {}, "source": "1", "id": "a", "execution_count": None}
    output = {"output_type": "display_data", "data": {"text/html": "<b>x</b>"}, "metadata": {}}
    content = {**EMPTY, "cells": [{**cell, "outputs": [output]}]}
    site.api.put("api/contents/a.ipynb", json={"type": "notebook", "content": content})
    assert site.api.post("api/contents/a.ipynb/trust").status_code == 201
    with sqlite3.connect(tmp_path / "sub/signatures.db") as database:
        rows = database.execute("SELECT algorithm FROM nbsignatures").fetchall()
    database.close()
    assert rows == [("sha512",)]
    assert (tmp_path / "secret").exists()


@pytest.mark.parametrize("option", ["db_file", "secret_file"])
def test_trust_that_cannot_be_kept_is_not_promised(make_site: MakeSite, tmp_path: Path, option: str) -> None:
    (tmp_path / "file").touch()
    site = make_site(**{f"NotebookNotary.{option}": str(tmp_path / "file/below")})
    cell = {"cell_type": "code", "metadata": {}, "source": "1", "id": "a", "execution_count": None, "outputs": []}
    content = {**EMPTY, "cells": [cell]}
    assert site.api.put("api/contents/a.ipynb", json={"type": "notebook", "content": content}).status_code == 201
    answer = site.api.post("api/contents/a.ipynb/trust")
    assert answer.status_code == 500
    assert answer.json["message"].startswith("a.ipynb stays untrusted: ")


def test_words_of_the_user_are_hidden_in_the_log(make_site: MakeSite) -> None:
    from flasknb.auth.scrub import scrub

    make_site(extra_log_scrub_param_keys=["ticketno"])
    assert scrub("GET /?ticketno=123&page=2") == "GET /?ticketno=[secret]&page=2"
