"""Where options may come from, what is said about them, and what stops a start."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from flasknb.config.files import BrokenConfigFile
from flasknb.config.loader import Sources, default_config_path, gather
from tests.unit.config_files import said, server, write

# --- files


def test_json_beats_python_of_the_same_name_and_the_conflict_is_told(tmp_path: Path) -> None:
    write(tmp_path, jupyter_server_config_py="c.ServerApp.port = 1\nc.ServerApp.ip = '::1'\n")
    write(tmp_path, jupyter_server_config_json='{"ServerApp": {"port": 2, "ip": "::1"}}')
    gathered = gather(Sources(config_path=[tmp_path]))
    assert server(gathered).port == 2
    (line,) = said(gathered)
    assert "ServerApp.port is set in jupyter_server_config.py and jupyter_server_config.json" in line


def test_snippets_of_other_servers_give_lists_of_extensions_only(tmp_path: Path) -> None:
    write(tmp_path / "jupyter_server_config.d", a_json='{"ServerApp": {"port": 1, "jpserver_extensions": {"a": true}}}')
    write(tmp_path / "jupyter_flasknb_config.d", a_json='{"ServerApp": {"port_retries": 2}}')
    write(tmp_path / "jupyter_flasknb_config.d", b_json='{"ServerApp": {"port_retries": 3}}')
    gathered = gather(Sources(config_path=[tmp_path]))
    assert (server(gathered).port, server(gathered).port_retries) == (8888, 3)
    assert said(gathered) == []
    lines = [notice.text for notice in gathered.notices]
    assert any("ServerApp.port has no effect there" in line for line in lines)


def test_only_the_users_own_list_of_extensions_is_worth_a_line(tmp_path: Path) -> None:
    write(tmp_path / "jupyter_server_config.d", a_json='{"ServerApp": {"jpserver_extensions": {"a": true}}}')
    (brought,) = gather(Sources(config_path=[tmp_path])).notices
    assert brought.level == logging.DEBUG, "packages put such files there, and every start would say it"
    write(tmp_path, jupyter_server_config_json='{"ServerApp": {"jpserver_extensions": {"b": true}}}')
    (own,) = said(gather(Sources(config_path=[tmp_path])))
    assert "jupyter_server_config.json" in own
    assert "jpserver_extensions has no effect: server extensions are not loaded yet" in own


def test_an_ordinary_file_beats_every_snippet(tmp_path: Path) -> None:
    write(tmp_path / "low", jupyter_config_py="c.ServerApp.port = 1\n")
    write(tmp_path / "high/jupyter_flasknb_config.d", z_json='{"ServerApp": {"port": 2}}')
    assert server(gather(Sources(config_path=[tmp_path / "high", tmp_path / "low"]))).port == 1


def test_a_file_may_load_another_one(tmp_path: Path) -> None:
    write(tmp_path, base_py="c.ServerApp.port = 1\nc.ServerApp.ip = '::1'\n")
    write(tmp_path, jupyter_config_py="load_subconfig('base.py')\nc = get_config()\nc.ServerApp.port = 2\n")
    found = server(gather(Sources(config_path=[tmp_path])))
    assert (found.port, found.ip) == (2, "::1")


def test_a_missing_explicit_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenConfigFile, match=r"nowhere\.py: there is no such file"):
        gather(Sources(config_file=tmp_path / "nowhere.py"))


def test_an_explicit_file_may_be_named_without_its_ending(tmp_path: Path) -> None:
    write(tmp_path, mine_py="c.ServerApp.port = 1\n", mine_json='{"ServerApp": {"ip": "::1"}}')
    found = server(gather(Sources(config_file=tmp_path / "mine")))
    assert (found.port, found.ip) == (1, "::1")


def test_the_name_of_a_further_file_may_be_given(tmp_path: Path) -> None:
    write(tmp_path, jupyter_notebook_config_py="c.ServerApp.port = 1\n", team_py="c.ServerApp.port = 2\n")
    sources = Sources(config_path=[tmp_path], environ={"FLASKNB_CONFIG_FILE_NAME": "team"})
    assert server(gather(sources)).port == 2


def test_the_environment_may_name_the_file(tmp_path: Path) -> None:
    write(tmp_path, mine_py="c.ServerApp.port = 1\n")
    assert server(gather(Sources(environ={"FLASKNB_CONFIG_FILE": str(tmp_path / "mine.py")}))).port == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_a_file_that_may_not_be_read_stops_the_start(tmp_path: Path) -> None:
    write(tmp_path, jupyter_config_py="c.ServerApp.port = 1\n")
    (tmp_path / "jupyter_config.py").chmod(0)
    with pytest.raises(BrokenConfigFile, match="Permission denied"):
        gather(Sources(config_path=[tmp_path]))


def test_a_section_that_is_no_section_is_a_broken_file(tmp_path: Path) -> None:
    write(tmp_path, jupyter_config_json='{"ServerApp": 5}')
    with pytest.raises(BrokenConfigFile, match="ServerApp must hold options, not int 5"):
        gather(Sources(config_path=[tmp_path]))


@pytest.mark.parametrize("given", ["", ".", "config"])
def test_relative_folders_are_never_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    write(tmp_path, jupyter_config_py="raise SystemExit('executed')")
    write(tmp_path / "config", jupyter_config_py="raise SystemExit('executed')")
    monkeypatch.chdir(tmp_path)
    gathered = gather(Sources(config_path=[Path(given)]))
    assert server(gathered).port == 8888
    assert bool(said(gathered)) == (given == "config")


def test_a_colon_too_many_does_not_add_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, jupyter_config_py="raise SystemExit('executed')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", f"{tmp_path / 'elsewhere'}:")
    assert gather(Sources(config_path=default_config_path())).config.get("ServerApp", {}) == {}


def test_files_of_the_folder_that_is_served_are_not_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "both", jupyter_config_py="c.ServerApp.port = 1\n")
    write(tmp_path / "other", jupyter_config_py="c.ServerApp.ip = '::1'\n")
    gathered = gather(Sources(config_path=[folder, tmp_path / "other"], program={"root_dir": folder}))
    assert (server(gathered).port, server(gathered).ip) == (8888, "::1")
    assert "because that folder is served" in said(gathered)[0]


def test_a_file_that_makes_its_own_folder_the_root_does_not_count(tmp_path: Path) -> None:
    folder = write(tmp_path / "both")
    write(folder, jupyter_config_py=f"c.ServerApp.root_dir = {str(folder)!r}\nc.ServerApp.port = 1\n")
    gathered = gather(Sources(config_path=[folder]))
    assert server(gathered).port == 8888
    assert len(said(gathered)) == 1


def test_without_configuration_means_no_file_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "home/.jupyter", jupyter_server_config_py="c.ServerApp.port = 1\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("JUPYTER_CONFIG_DIR")
    assert server(gather(Sources(config_path=default_config_path()))).port == 1
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "1")
    assert server(gather(Sources(config_path=default_config_path()))).port == 8888


# --- environment and host


@pytest.mark.parametrize(
    "name", ["FLASKNB_FileContentsManager__delete_to_trash", "FLASKNB_FILECONTENTSMANAGER__DELETE_TO_TRASH"]
)
def test_any_option_of_any_class_may_be_in_the_environment(name: str) -> None:
    gathered = gather(Sources(environ={name: "False"}))
    assert str(gathered.config.FileContentsManager.delete_to_trash) == "False"
    assert said(gathered) == []


def test_lists_in_the_environment_are_json_or_python() -> None:
    for text in ('["a", "b"]', "['a', 'b']"):
        assert server(gather(Sources(environ={"FLASKNB_LOCAL_HOSTNAMES": text}))).local_hostnames == ["a", "b"]
    assert server(gather(Sources(environ={"FLASKNB_LOCAL_HOSTNAMES": "a"}))).local_hostnames == ["a"]


def test_a_misspelt_variable_is_told_with_the_nearest_name() -> None:
    for sources in (Sources(environ={"FLASKNB_PROT": "1"}), Sources(host={"FLASKNB_PROT": 1})):
        (line,) = said(gather(sources))
        assert "FLASKNB_PROT" in line
        assert line.endswith("did you mean FLASKNB_PORT?")


def test_variables_of_somebody_else_are_left_alone() -> None:
    assert said(gather(Sources(environ={"FLASKNB_DEPLOYMENT_COLOUR": "blue", "FLASKNB_ARGV": "[]"}))) == []


def test_an_empty_jupyter_variable_is_no_value() -> None:
    assert server(gather(Sources(environ={"JUPYTER_PORT": ""}))).port == 8888


def test_the_provisioner_may_be_in_jupyters_variable() -> None:
    config = gather(Sources(environ={"JUPYTER_DEFAULT_PROVISIONER_NAME": "far"})).config
    assert str(config.KernelProvisionerFactory.default_provisioner_name) == "far"


# --- names
