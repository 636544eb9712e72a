"""Pages: where addresses lead, what stands on <body>."""

from __future__ import annotations

import json
import re
import sys
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest

from flasknb import __version__
from flasknb.contents.filemanager import FileContentsManager
from flasknb.contents.models import ContentsModel
from flasknb.extensions.assets import AssetFiles
from tests.conftest import TOKEN, MakeSite, Site

NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


class _Body(HTMLParser):
    """Collects the attributes of <body>."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.attributes = dict(attrs)


def body_of(html: str) -> dict[str, str | None]:
    parser = _Body()
    parser.feed(html)
    return parser.attributes


def test_the_root_leads_to_the_dashboard_and_keeps_the_query(site: Site) -> None:
    answer = site.stranger.get(f"?token={TOKEN}")
    assert (answer.status_code, answer.location) == (302, f"{site.base_url}tree?token={TOKEN}")


def test_a_page_opened_with_the_token_sets_the_cookie_and_works_without_it_afterwards(site: Site) -> None:
    visitor = site.stranger
    assert visitor.get(f"tree?token={TOKEN}").status_code == 200
    assert visitor.get("tree").status_code == 200


def test_a_stranger_is_sent_to_the_login_form_with_the_way_back(site: Site) -> None:
    answer = site.stranger.get("notebooks/a%20b.ipynb?kernel_name=python3")
    assert answer.status_code == 302
    assert answer.location.startswith(f"{site.base_url}login?next={site.base_url}notebooks/a")


@pytest.mark.row("2 tree")
def test_the_dashboard_tells_its_script_where_it_is(site: Site) -> None:
    (site.root_dir / "some folder").mkdir()
    data = body_of(site.browser.get("tree/some%20folder").text)
    assert data["data-base-url"] == site.base_url
    assert data["data-notebook-path"] == "some%20folder"
    assert data["data-jupyter-api-token"] == TOKEN
    assert data["data-terminals-available"] == "True"
    assert data["data-server-root"]


@pytest.mark.row("2 notebooks")
def test_the_notebook_page_tells_its_script_which_notebook(site: Site) -> None:
    (site.root_dir / "ä b.ipynb").write_text(NOTEBOOK)
    answer = site.browser.get("notebooks/%C3%A4%20b.ipynb")
    data = body_of(answer.text)
    assert (data["data-notebook-path"], data["data-notebook-name"]) == ("%C3%A4%20b.ipynb", "%C3%A4%20b.ipynb")
    assert data["data-ws-url"] == ""
    assert data["data-server-version"] == __version__
    assert unquote(data["data-python-version"] or "") == sys.version
    assert "notebook_app" in (data["class"] or "")
    assert "<title>ä b - Jupyter Notebook</title>" in answer.text


@pytest.mark.row("2 edit")
def test_the_editor_page_tells_its_script_which_file(site: Site) -> None:
    (site.root_dir / "a.txt").write_text("x")
    data = body_of(site.browser.get("edit/a.txt").text)
    assert data["data-file-path"] == "a.txt"
    assert "edit_app" in (data["class"] or "")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("tree/a.ipynb", "notebooks/a.ipynb"),
        ("tree/a.txt", "files/a.txt"),
        ("notebooks/d", "tree/d"),
        ("notebooks/", "tree"),
        ("notebooks/a.txt", "files/a.txt"),
        ("notebooks/d/files/b.txt", "files/d/b.txt"),
        ("api/notebooks/a.ipynb", "api/contents/a.ipynb"),
        ("robots.txt/", "robots.txt"),
        ("nothing/here/?x=1", "nothing/here?x=1"),
    ],
)
def test_addresses_lead_on(site: Site, path: str, location: str) -> None:
    (site.root_dir / "d").mkdir()
    (site.root_dir / "a.ipynb").write_text(NOTEBOOK)
    for name in ("a.txt", "d/b.txt"):
        (site.root_dir / name).write_text("x")
    answer = site.browser.get(path)
    assert (answer.status_code, answer.location) == (302, site.base_url + location)


@pytest.mark.parametrize(
    "path", ["tree/gone", "notebooks/gone.ipynb", "edit/gone", "nowhere", "api/nowhere", "tree/.git"]
)
def test_what_is_not_there_is_a_404_page(site: Site, path: str) -> None:
    (site.root_dir / ".git").mkdir()
    answer = site.browser.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert re.search(r'<div class="error"[^>]*>\s*<h1>404 : Not Found</h1>', answer.text)


def test_a_wrong_method_is_a_405_that_names_the_right_ones(site: Site) -> None:
    answer = site.browser.put("api/status", json={})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.json["message"] == "Method Not Allowed"


def test_a_missing_build_is_explained(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AssetFiles, "_manifest", lambda _: {})
    answer = site.stranger.get(f"tree?token={TOKEN}")
    assert answer.status_code == 503
    assert "make build" in answer.text


class ForeignRefusal(Exception):
    """How a contents manager for another server says no."""

    status_code = 403
    log_message = "not yours"


class RefusingManager(FileContentsManager):
    """Made for another server, and asynchronous."""

    async def get(self, path: str, **options: object) -> ContentsModel:  # type: ignore[override]
        raise ForeignRefusal


def test_a_refusal_of_a_foreign_contents_manager_keeps_its_status(make_site: MakeSite) -> None:
    answer = make_site(contents_manager_class=RefusingManager).browser.get("tree/a")
    assert (answer.status_code, "not yours" in answer.text) == (403, True)


@pytest.mark.row("2 tree")
def test_titles_of_deep_folders_are_shortened(site: Site) -> None:
    (site.root_dir / "a/b/c/d").mkdir(parents=True)
    assert "<title>c/d/</title>" in site.browser.get("tree/a/b/c/d").text
    assert "<title>a/b/c/</title>" in site.browser.get("tree/a/b/c").text
    assert "<title>Home</title>" in site.browser.get("tree").text


def test_markup_in_names_stays_text(site: Site) -> None:
    name = "<img src=x onerror=alert(1)>"
    (site.root_dir / name).mkdir()
    assert "<img src=x" not in site.browser.get(f"tree/{name}").text
    assert "<img src=x" not in site.browser.get(f"tree/gone{name}").text


def test_the_mount_follows_the_prefix_of_a_front_server(make_site: MakeSite) -> None:
    site = make_site("/nb/")
    answer = site.client.get(
        "/nb/tree", headers={"Authorization": f"token {TOKEN}"}, environ_overrides={"SCRIPT_NAME": "/p@q"}
    )
    assert body_of(answer.text)["data-base-url"] == "/p@q/nb/"
    assert "Path=/p@q/nb/" in answer.headers["Set-Cookie"]
    assert site.client.get("/nb/", environ_overrides={"SCRIPT_NAME": "/p@q"}).location == "/p@q/nb/tree"


def test_a_chosen_theme_is_there_from_the_first_moment_for_the_user_alone(site: Site) -> None:
    def theme(answer: Any) -> str | None:
        found = re.search(r'<html[^>]* data-theme="(\w+)"', answer.text)
        return found and found[1]

    assert theme(site.api.get("tree")) is None
    for chosen, shown in (("dark", "dark"), ("light", "light"), ('"><script>', None), (["dark"], None), (None, None)):
        assert site.api.patch("api/config/common", json={"theme": chosen}).status_code == 200
        assert theme(site.api.get("tree")) == shown
    site.api.patch("api/config/common", json={"theme": "dark"})
    assert theme(site.stranger.get("login")) is None
