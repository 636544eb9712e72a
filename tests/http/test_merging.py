"""``POST /api/contents/<path>/merge`` with the real nbdime in a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from flasknb.conversion import processes
from tests.contents_site import Site, open_site


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


@pytest.fixture
def one_site(tmp_path: Path) -> Site:
    return open_site(tmp_path)


def book(**sources: str) -> dict[str, Any]:
    cells = [
        {"cell_type": "code", "id": name, "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for name, source in sources.items()
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


BOTH = {"base": book(a="x = 1", b="y = 1"), "mine": book(a="x = 2", b="y = 1")}


def put(site: Site, content: Any, name: str = "n.ipynb") -> Path:
    path = site.root / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_both_changes_come_back_and_nothing_is_written(site: Site) -> None:
    path = put(site, book(a="x = 1", b="y = 3"))
    before = path.read_bytes()
    answer = site.contents("POST", "n.ipynb/merge", BOTH)
    assert answer.status_code == 200, answer.text
    given = answer.json
    assert given is not None
    assert [cell["source"] for cell in given["merged"]["cells"]] == ["x = 2", "y = 3"]
    assert [cell["source"] for cell in given["base"]["cells"]] == ["x = 1", "y = 3"]
    assert given["conflicts"] == []
    assert path.read_bytes() == before
    saved = {"type": "notebook", "content": given["merged"], "hash": given["theirs_hash"]}
    assert site.contents("PUT", "n.ipynb", saved).status_code == 200


def test_a_merge_cannot_be_saved_over_a_still_newer_file(one_site: Site) -> None:
    put(one_site, book(a="x = 3", b="y = 1"))
    given = one_site.contents("POST", "n.ipynb/merge", BOTH).json
    assert given is not None
    assert next((one["id"], one["version"]) for one in given["conflicts"]) == ("a", "mine")
    assert [cell["source"] for cell in given["merged"]["cells"]] == ["x = 2", "x = 3", "y = 1"]
    put(one_site, book(a="x = 4", b="y = 1"))
    saved = {"type": "notebook", "content": given["merged"], "hash": given["theirs_hash"]}
    assert one_site.contents("PUT", "n.ipynb", saved).status_code == 409


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (None, "two notebooks"),
        ({"base": book(a="1")}, "two notebooks"),
        ({"base": [], "mine": {}}, "base must be an object"),
        ("[" * 3000, "Invalid JSON"),
        ({"base": {}, "mine": book(a="1")}, "base is not a notebook"),
        ({"base": book(a="1"), "mine": {"cells": [{"cell_type": 1}]}}, "mine is not a notebook"),
    ],
)
def test_bad_bodies_are_told(one_site: Site, body: Any, words: str) -> None:
    put(one_site, book(a="x = 1"))
    answer = one_site.contents("POST", "n.ipynb/merge", body)
    assert (answer.status_code, words in answer.text) == (400, True), answer.text


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("gone.ipynb", None, 404), ("n.ipynb", "no JSON", 400), ("n.txt", "text", 400), ("../n.ipynb", None, 404)],
)
def test_files_that_cannot_be_merged_are_told(one_site: Site, name: str, content: str | None, status: int) -> None:
    if content is not None:
        put(one_site, content, name)
    answer = one_site.contents("POST", f"{name}/merge", BOTH)
    assert (answer.status_code, bool(answer.json and answer.json["message"])) == (status, True), answer.text


def test_a_merge_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"Conversion.timeout_s": 0.001})
    put(site, book(a="x = 3"))
    answer = site.contents("POST", "n.ipynb/merge", BOTH)
    assert (answer.status_code, "took longer" in answer.text) == (500, True), answer.text


def test_without_nbdime_the_answer_names_the_remedy(
    one_site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hidden = processes.BOOT.replace("from flasknb", "sys.modules['nbdime'] = None; from flasknb", 1)
    monkeypatch.setattr(processes, "BOOT", hidden)
    put(one_site, book(a="x = 3"))
    answer = one_site.contents("POST", "n.ipynb/merge", BOTH)
    assert (answer.status_code, "flasknb[merge]" in answer.text) == (501, True), answer.text


def test_the_web_worker_never_imports_nbdime(one_site: Site) -> None:
    put(one_site, book(a="x = 3"))
    before = "nbdime" in sys.modules
    one_site.contents("POST", "n.ipynb/merge", BOTH)
    assert ("nbdime" in sys.modules) == before
