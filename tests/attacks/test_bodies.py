"""Attacks 87, 90, 94 to 96 as far as contents go: bodies that are too much, too deep or claim too much."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from flasknb.contents.notebooks import MAX_LEVELS
from tests.contents_site import Site, notebook, open_site, save_notebook, save_text


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(tmp_path)


def test_90_fields_a_client_may_not_set_are_ignored(site: Site) -> None:
    claims = {"writable": False, "created": "1970-01-01", "size": 10**9, "owner": "root", "name": "b", "path": "../b"}
    claims |= {"last_modified": "2099-01-01T00:00:00Z", "mimetype": "text/html"}
    answer = site.contents("PUT", "a.txt", {"type": "file", "format": "text", "content": "x", **claims})
    assert answer.status_code == 201
    model = site.model("a.txt")
    assert (model["writable"], model["size"], model["path"], model["mimetype"]) == (True, 1, "a.txt", "text/plain")
    assert model["last_modified"] < "2099"
    assert [path.name for path in site.root.iterdir()] == ["a.txt"]


def test_94_a_body_over_the_limit_is_a_413_and_leaves_the_disk_alone(tmp_path: Path) -> None:
    site = open_site(tmp_path, max_body_size=10_000)
    assert save_text(site, "a.txt", "x" * 20_000).status_code == 413
    assert list(site.root.iterdir()) == []


def test_94_twenty_megabytes_pass(site: Site) -> None:
    assert save_text(site, "a.txt", "x" * 20_000_000).status_code == 201
    assert (site.root / "a.txt").stat().st_size == 20_000_000


DEEP = 100_000
BOMBS = {
    "deep list": b'{"type": "file", "content": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep object": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "nan": b'{"type": "file", "content": NaN}',
    "infinity": b'{"type": "file", "content": 1e999}',
    "utf-16": '{"type": "file"}'.encode("utf-16"),
    "utf-32": '{"type": "file"}'.encode("utf-32"),
    "surrogate": b'{"type": "file", "format": "text", "content": "\\ud800"}',
    "not utf-8": b'{"type": "file", "format": "text", "content": "\xff"}',
    "many digits": b'{"type": "notebook", "content": {"nbformat": ' + b"9" * 100_000 + b"}}",
    "half": b'{"type": "file", "content"',
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_95_a_malformed_body_is_a_400_that_leaves_nothing_behind(site: Site, body: bytes) -> None:
    answer = site.contents("PUT", "a.ipynb", body)
    assert answer.status_code == 400, answer.text[:200]
    assert list(site.root.iterdir()) == []


def test_95_of_duplicate_keys_the_last_counts(site: Site) -> None:
    body = b'{"type": "directory", "type": "file", "format": "text", "content": "x", "content": "y"}'
    assert site.contents("PUT", "a.txt", body).status_code == 201
    assert (site.root / "a.txt").read_text() == "y"


@pytest.mark.parametrize(
    ("levels", "is_saved"), [(59, True), (MAX_LEVELS - 1, True), (MAX_LEVELS, False), (900, False)]
)
def test_96_deep_metadata_is_kept_or_refused_and_not_a_crash(site: Site, levels: int, is_saved: bool) -> None:
    deep: dict[str, object] = {}
    for _ in range(levels - 1):
        deep = {"a": deep}
    assert save_notebook(site, "n.ipynb", notebook("1") | {"metadata": deep}).status_code == (201 if is_saved else 400)
    answer = site.contents("GET", "n.ipynb")
    assert answer.status_code == (200 if is_saved else 404)
    assert not is_saved or answer.json["content"]["metadata"] == deep


def test_96_a_deep_file_is_refused(site: Site) -> None:
    (site.root / "m.ipynb").write_text("[" * DEEP + "]" * DEEP)
    assert site.contents("GET", "m.ipynb").status_code == 400


def test_96_a_notebook_of_many_cells_opens_in_bounded_time(site: Site) -> None:
    cells = [{"cell_type": "markdown", "id": f"c{n}", "metadata": {}, "source": "x"} for n in range(20_000)]
    (site.root / "n.ipynb").write_text(json.dumps(notebook() | {"cells": cells}))
    started_s = time.monotonic()
    assert len(site.model("n.ipynb")["content"]["cells"]) == 20_000
    assert time.monotonic() - started_s < 20
