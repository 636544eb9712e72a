"""``/api/config/<section>``: merged from the whole configuration path, written to the user's folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Site


def test_an_unknown_section_is_empty(site: Site) -> None:
    assert site.api.get("api/config/notebook").json == {}


def test_changes_are_merged_and_null_deletes(site: Site, jupyter_dirs: Path) -> None:
    site.api.patch("api/config/notebook", json={"a": {"b": 1, "c": 2}, "list": [1, 2]})
    answer = site.api.patch("api/config/notebook", json={"a": {"b": None, "d": 3}, "list": [3]})
    assert answer.json == {"a": {"c": 2, "d": 3}, "list": [3]}
    assert site.api.patch("api/config/notebook", json={"a": {"c": None, "d": None}}).json == {"list": [3]}
    written = json.loads((jupyter_dirs / "config/serverconfig/notebook.json").read_text())
    assert written == {"list": [3]}


def test_put_replaces_the_section(site: Site) -> None:
    site.api.patch("api/config/tree", json={"a": 1})
    assert site.api.put("api/config/tree", json={"b": 2}).status_code == 204
    assert site.api.get("api/config/tree").json == {"b": 2}


def test_installed_nbextensions_are_seen(site: Site, jupyter_dirs: Path) -> None:
    folder = jupyter_dirs / "config/nbconfig"
    (folder / "notebook.d").mkdir(parents=True)
    (folder / "notebook.json").write_text('{"load_extensions": {"toc/main": true}}')
    (folder / "notebook.d/widgets.json").write_text('{"load_extensions": {"widgets": true}}')
    assert site.api.get("api/config/notebook").json == {"load_extensions": {"toc/main": True, "widgets": True}}


def test_a_value_of_an_installed_file_can_be_deleted(site: Site, jupyter_dirs: Path) -> None:
    (jupyter_dirs / "config/nbconfig").mkdir(parents=True)
    (jupyter_dirs / "config/nbconfig/notebook.json").write_text('{"load_extensions": {"a": true, "b": true}}')
    answer = site.api.patch("api/config/notebook", json={"load_extensions": {"a": None}})
    assert answer.json == {"load_extensions": {"b": True}}


def test_a_broken_file_is_skipped(site: Site, jupyter_dirs: Path) -> None:
    (jupyter_dirs / "config/nbconfig").mkdir(parents=True)
    (jupyter_dirs / "config/nbconfig/notebook.json").write_text("{ broken")
    assert site.api.get("api/config/notebook").json == {}


@pytest.mark.parametrize("section", ["..", "a.b", "a%2fb", "a%00", "x" * 101, "..%2f..%2fsecret"])
def test_names_that_are_none_are_refused(site: Site, section: str) -> None:
    assert site.api.put(f"api/config/{section}", json={}).status_code in (404, 405)


@pytest.mark.parametrize("body", [b"", b"[1]", b"nope", b"3"])
def test_bodies_that_are_no_object_are_refused(site: Site, body: bytes) -> None:
    assert site.api.put("api/config/notebook", data=body).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_folder_that_takes_no_settings_is_explained(site: Site, jupyter_dirs: Path, method: str) -> None:
    (jupyter_dirs / "config").mkdir(parents=True)
    (jupyter_dirs / "config/serverconfig").write_text("a file where the folder should be")
    answer = site.api(method, "api/config/notebook", json={"a": 1})
    assert answer.status_code == 500
    assert "The settings called notebook cannot be kept" in answer.json["message"]
    assert str(jupyter_dirs) not in answer.text
