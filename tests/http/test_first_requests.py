"""What a page asks for before its scripts run: they and the notebook come side by side, not one after the other."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import Site

NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def hinted(html: str, kind: str) -> list[str]:
    return [unescape(url) for url in re.findall(rf'<link rel="{kind}"[^>]* href="([^"]+)"', html)]


def test_all_scripts_of_a_page_are_named_in_its_head(site: Site) -> None:
    html = site.browser.get("tree").text
    entry = re.search(r'<script type="module" src="([^"]+)"', html)
    assert entry
    built = f"{site.base_url}static/build/"
    assert hinted(html, "modulepreload") == [entry[1], f"{built}chunk-a.js", f"{built}chunk-b.js"]


@pytest.mark.parametrize(
    ("name", "in_address"),
    [("a b.ipynb", "a%20b.ipynb"), ("ü@:+&'(1).ipynb", "%C3%BC%40%3A%2B%26'(1).ipynb")],
    ids=["a space", "what encodeURIComponent does"],
)
def test_the_notebook_is_asked_for_at_the_address_that_the_page_uses(site: Site, name: str, in_address: str) -> None:
    (site.root_dir / "dir").mkdir()
    (site.root_dir / "dir" / name).write_text(NOTEBOOK, encoding="utf-8")
    html = site.browser.get(f"notebooks/dir/{in_address}").text
    url, *others = hinted(html, "preload")
    assert all(site.browser.get(other.removeprefix(site.base_url)).status_code == 200 for other in others)
    assert url == f"{site.base_url}api/contents/dir/{in_address}?type=notebook&hash=1"
    assert site.browser.get(url.removeprefix(site.base_url)).json["name"] == name


NOT_ASKED_FOR = ('custom/custom.css" disabled>', ' data-custom="none"', ' data-custom-preload="none"')


@pytest.mark.parametrize("page", ["tree", "edit/a.txt"])
def test_of_the_users_own_files_only_those_are_asked_for_that_are_there(
    site: Site, jupyter_dirs: Path, page: str
) -> None:
    (site.root_dir / "a.txt").write_text("a")
    custom = jupyter_dirs / "config" / "custom"
    custom.mkdir(parents=True)
    for name, said in zip(("custom.css", "custom.js", "custom-preload.js"), NOT_ASKED_FOR, strict=True):
        assert said in site.browser.get(page).text
        (custom / name).write_text("")
        html = site.browser.get(page).text
        assert said not in html
        assert "custom/custom.css" in html
