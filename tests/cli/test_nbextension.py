"""nbextensions: where they go, what is copied, what is refused, which files say that they are loaded."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.nbextensions import CODE, settings


def test_a_folder_is_copied_and_a_second_time_only_what_is_newer(run: Run, source: Path, data: Path) -> None:
    first = run("nbextension", "install", "--user", str(source))
    assert first.exit_code == 0
    assert first.stdout.splitlines()[0] == f"Installing {source} -> {data / 'hello'}"
    assert (data / "hello/sub/style.css").read_text() == "a {}"
    (data / "hello/main.js").write_text("changed there")
    (source / "sub/style.css").write_text("b {}")
    later = (source / "sub/style.css").stat().st_mtime + 10
    os.utime(source / "sub/style.css", (later, later))
    second = run("nbextension", "install", "--user", str(source))
    assert f"Up to date: {data / 'hello/main.js'}" in second.stdout
    assert (data / "hello/main.js").read_text() == "changed there"
    assert (data / "hello/sub/style.css").read_text() == "b {}"


def test_a_file_goes_under_the_name_that_is_given(run: Run, source: Path, data: Path) -> None:
    run("nbextension", "install", "--user", str(source / "main.js"), "--destination", "mine/other.js")
    assert (data / "mine/other.js").read_text() == CODE


def test_every_place_can_be_chosen(
    run: Run, source: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "env"))
    monkeypatch.setattr("flasknb.extensions.locations.SYSTEM_DATA_DIR", tmp_path / "system")
    places = {
        ("--user",): data,
        ("--sys-prefix",): tmp_path / "env/share/jupyter/nbextensions",
        ("--system",): tmp_path / "system/nbextensions",
        ("--prefix", str(tmp_path / "p")): tmp_path / "p/share/jupyter/nbextensions",
        ("--nbextensions", str(tmp_path / "n")): tmp_path / "n",
    }
    for options, place in places.items():
        assert run("nbextension", "install", *options, str(source)).exit_code == 0
        assert (place / "hello/main.js").is_file()
    (tmp_path / "system/nbextensions/hello/main.js").unlink()
    run("nbextension", "install", str(source))
    assert (tmp_path / "system/nbextensions/hello/main.js").is_file(), "the machine's place is the default"


def test_two_places_or_two_extensions_are_refused(run: Run, source: Path, data: Path) -> None:
    assert "Say one of" in run("nbextension", "install", "--user", "--system", str(source)).stderr
    assert "One extension per call" in run("nbextension", "install", "--user", str(source), str(source)).stderr
    assert run("nbextension", "install", "--user").exit_code == 2
    assert not data.exists()


def test_a_missing_file_is_named(run: Run) -> None:
    result = run("nbextension", "install", "--user", "/no/such/place")
    assert result.exit_code == 1
    assert result.stderr == "flasknb: No such file or directory: /no/such/place\n"


def test_a_link_is_made_and_kept_and_replaced_on_demand(run: Run, source: Path, data: Path) -> None:
    run("nbextension", "install", "--user", "--symlink", str(source))
    assert (data / "hello").readlink() == source
    assert "Up to date" in run("nbextension", "install", "--user", "-s", str(source)).stdout
    refused = run("nbextension", "install", "--user", str(source))
    assert refused.exit_code == 1
    assert "--overwrite" in refused.stderr
    assert run("nbextension", "install", "--user", "--overwrite", str(source)).exit_code == 0
    assert not (data / "hello").is_symlink()
    assert (source / "main.js").read_text() == CODE


def test_uninstalling_a_link_leaves_what_it_leads_to(run: Run, source: Path, data: Path) -> None:
    run("nbextension", "install", "--user", "--symlink", str(source))
    refused = run("nbextension", "uninstall", "--user", "hello/main.js")
    assert "is inside a link" in refused.stderr
    assert run("nbextension", "uninstall", "--user", "hello").exit_code == 0
    assert not (data / "hello").is_symlink()
    assert (source / "main.js").is_file()


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "..", ".", "a\\b", "a//b", "x\x1b[2J"])
def test_no_name_leads_out_of_the_folder(run: Run, source: Path, data: Path, name: str) -> None:
    for arguments in (["install", str(source), "--destination", name], ["uninstall", name]):
        result = run("nbextension", *arguments, "--user")
        assert result.exit_code == 1
        assert "cannot be the name" in result.stderr
        assert "\x1b" not in result.stderr
    assert not list(data.parent.rglob("main.js"))


def test_enabling_writes_the_section_and_validates(run: Run, source: Path, config: Path) -> None:
    run("nbextension", "install", "--user", str(source))
    good = run("nbextension", "enable", "hello/main")
    assert good.stdout == "Enabling notebook extension hello/main...\n      - Validating: OK\n"
    bad = run("nbextension", "enable", "nowhere", "--section", "tree")
    assert bad.exit_code == 0
    assert bad.stdout.splitlines() == [
        "Enabling tree extension nowhere...",
        "      - Validating: problems found:",
        "        - require? X nowhere",
    ]
    assert settings(config) == {"load_extensions": {"hello/main": True}}
    assert settings(config, "tree") == {"load_extensions": {"nowhere": True}}


def test_disabling_says_false_and_uninstalling_says_nothing(run: Run, source: Path, config: Path) -> None:
    run("nbextension", "install", "--user", str(source))
    run("nbextension", "enable", "hello/main")
    run("nbextension", "enable", "other/main")
    assert run("nbextension", "disable", "hello/main").stdout == "Disabling notebook extension hello/main...\n"
    assert settings(config) == {"load_extensions": {"hello/main": False, "other/main": True}}
    run("nbextension", "uninstall", "hello", "--require", "hello/main")
    assert settings(config) == {"load_extensions": {"other/main": True}}


def test_everything_else_in_a_section_stays(run: Run, config: Path) -> None:
    (config / "nbconfig").mkdir()
    (config / "nbconfig/notebook.json").write_text('{"Cell": {"x": 1}, "load_extensions": {"a": true}}')
    run("nbextension", "enable", "b")
    assert settings(config) == {"Cell": {"x": 1}, "load_extensions": {"a": True, "b": True}}


def test_what_a_page_has_said_is_changed_too(run: Run, config: Path) -> None:
    (config / "serverconfig").mkdir()
    (config / "serverconfig/notebook.json").write_text('{"load_extensions": {"a": true}}')
    run("nbextension", "disable", "a")
    assert settings(config) == settings(config, kind="serverconfig") == {"load_extensions": {"a": False}}


@pytest.mark.parametrize("content", ["{", "[]", '{"load_extensions": [1]}'])
def test_a_broken_section_is_left_as_it_is(run: Run, config: Path, content: str) -> None:
    (config / "nbconfig").mkdir()
    path = config / "nbconfig/notebook.json"
    path.write_text(content)
    result = run("nbextension", "enable", "a")
    assert result.exit_code == 1
    assert "notebook.json" in result.stderr
    assert path.read_text() == content
    assert run("nbextension", "list").exit_code == 0


def test_a_section_is_a_name(run: Run, config: Path) -> None:
    assert "is no section" in run("nbextension", "enable", "a", "--section", "../x").stderr
    assert not list(config.rglob("*.json"))


def test_the_list_shows_every_folder_section_and_state(run: Run, source: Path, config: Path) -> None:
    run("nbextension", "install", "--user", str(source))
    run("nbextension", "enable", "hello/main")
    run("nbextension", "disable", "gone/main")
    run("nbextension", "enable", "hello/main", "--section", "tree")
    assert run("nbextension", "list").stdout.splitlines()[:12] == [
        "Known nbextensions:",
        f"  config dir: {config / 'nbconfig'}",
        "    notebook section",
        "      hello/main enabled",
        "      - Validating: OK",
        "      gone/main disabled",
        "      - Validating: problems found:",
        "        - require? X gone/main",
        "    tree section",
        "      hello/main enabled",
        "      - Validating: OK",
    ]


def test_colours_are_for_terminals_and_not_where_the_user_wants_none(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("nbextension", "enable", "a")
    assert "\x1b[32m" in run("nbextension", "list", color=True).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[32m" not in run("nbextension", "list").stdout
