"""``/api/config/<section>``: merged from the whole configuration path, written to the user's folder."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import MakeSite, Site


@pytest.mark.row("4.7 get")
def test_an_unknown_section_is_empty(site: Site) -> None:
    assert site.api.get("api/config/notebook").json == {}


@pytest.mark.row("4.7 patch")
def test_changes_are_merged_and_null_deletes(site: Site, jupyter_dirs: Path) -> None:
    site.api.patch("api/config/notebook", json={"a": {"b": 1, "c": 2}, "list": [1, 2]})
    answer = site.api.patch("api/config/notebook", json={"a": {"b": None, "d": 3}, "list": [3]})
    assert answer.json == {"a": {"c": 2, "d": 3}, "list": [3]}
    assert site.api.patch("api/config/notebook", json={"a": {"c": None, "d": None}}).json == {"list": [3]}
    written = json.loads((jupyter_dirs / "config/serverconfig/notebook.json").read_text())
    assert written == {"list": [3]}


@pytest.mark.row("4.7 put")
def test_put_replaces_the_section(site: Site) -> None:
    site.api.patch("api/config/tree", json={"a": 1})
    assert site.api.put("api/config/tree", json={"b": 2}).status_code == 204
    assert site.api.get("api/config/tree").json == {"b": 2}


@pytest.mark.row("4.7 folders")
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


@pytest.mark.row("4.7 folders")
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


def write(path: Path, section: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(section))


@pytest.mark.row("4.7 get", "4.7 folders")
def test_files_are_merged_from_the_least_to_the_most_important_folder(
    make_site: MakeSite, jupyter_dirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower, user = tmp_path / "lower", jupyter_dirs / "config"
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(lower))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    write(user / "nbconfig" / "notebook.json", {"by": {"nbconfig": 1, "shared": "nbconfig"}})
    write(user / "serverconfig" / "notebook.d" / "b.json", {"by": {"d": "b", "shared": "d"}})
    write(user / "serverconfig" / "notebook.d" / "a.json", {"by": {"d": "a"}})
    write(user / "serverconfig" / "notebook.json", {"by": {"shared": "user", "lower": None}})
    site = make_site()
    assert site.api.get("api/config/notebook").json["by"] == {"nbconfig": 1, "d": "b", "shared": "user"}
    write(lower / "serverconfig" / "notebook.json", {"by": {"env": True}})
    assert make_site().api.get("api/config/notebook").json["by"]["env"] is True


@pytest.mark.row("4.7 folders")
def test_what_equals_an_installed_default_is_not_written(site: Site, jupyter_dirs: Path) -> None:
    folder = jupyter_dirs / "config" / "serverconfig"
    write(folder / "notebook.d" / "extension.json", {"load_extensions": {"a": True}, "n": 1})
    change = {"load_extensions": {"a": True, "b": False}, "n": True}
    answer = site.api.patch("api/config/notebook", json=change)
    assert answer.json == change
    text = (folder / "notebook.json").read_text()
    assert json.loads(text) == {"load_extensions": {"b": False}, "n": True}
    assert text.startswith('{\n  "load_extensions"')


@pytest.mark.row("4.7 folders")
def test_the_folder_that_is_written_can_be_named(make_site: MakeSite, jupyter_dirs: Path) -> None:
    site = make_site(**{"ConfigManager.config_dir_name": "mine"})
    assert site.api.patch("api/config/notebook", json={"a": 1}).json == {"a": 1}
    assert json.loads((jupyter_dirs / "config" / "mine" / "notebook.json").read_text()) == {"a": 1}


@pytest.mark.row("4.7 put")
def test_put_answers_nothing_and_forgets_what_was_there(site: Site, jupyter_dirs: Path) -> None:
    site.api.put("api/config/tree", json={"a": {"b": 1}})
    answer = site.api.put("api/config/tree", json={"c": None, "d": {}})
    assert (answer.status_code, answer.data) == (204, b"")
    assert site.api.get("api/config/tree").json == {}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("depth", [200, 900, 100_000])
def test_settings_nested_too_deeply_are_refused(site: Site, method: str, depth: int) -> None:
    for opening, closing in (('{"a":', "}"), ("[", "]")):
        body = '{"x":' + opening * depth + "1" + closing * depth + "}"
        assert site.api(method, "api/config/notebook", data=body).status_code == 400


def test_two_writers_leave_a_whole_file(site: Site, jupyter_dirs: Path) -> None:
    with ThreadPoolExecutor(4) as writers:
        statuses = list(writers.map(lambda n: site.api.patch("api/config/x", json={"n": n}).status_code, range(20)))
    assert set(statuses) == {200}
    assert set(site.api.get("api/config/x").json) == {"n"}
    assert [path.name for path in (jupyter_dirs / "config" / "serverconfig").iterdir()] == ["x.json"]
