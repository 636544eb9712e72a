"""One loader, one precedence: every row of its list beats the rows above it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError
from traitlets.config import Config

from flasknb.config.files import BrokenConfigFile, find_files
from flasknb.config.legacy import modernised
from flasknb.config.loader import Sources, UnknownOption, load
from flasknb.config.options import ServerApp, is_loopback


def port(config: Config) -> int:
    return int(ServerApp(config=config).port)


def write(folder: Path, name: str, content: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content)


def python_port(number: int) -> str:
    return f"c.ServerApp.port = {number}\n"


def json_port(number: int) -> str:
    return json.dumps({"ServerApp": {"port": number}})


def test_each_source_beats_the_ones_before_it(tmp_path: Path) -> None:
    low, high = tmp_path / "low", tmp_path / "high"
    sources: dict[str, Any] = {"config_path": [high, low]}
    assert port(load(Sources(**sources))) == 8888
    sources["environ"] = {"JUPYTER_PORT": "80"}
    assert port(load(Sources(**sources))) == 80
    steps: list[tuple[Path, str, str]] = [
        (low, "jupyter_config.py", python_port(1)),
        (low, "jupyter_config.json", json_port(2)),
        (high, "jupyter_config.py", python_port(3)),
        (low, "jupyter_server_config.py", python_port(4)),
        (high, "jupyter_server_config.json", json_port(5)),
        (low, "jupyter_notebook_config.py", python_port(6)),
        (low, "jupyter_flasknb_config.json", json_port(7)),
    ]
    for number, (folder, name, content) in enumerate(steps, start=1):
        write(folder, name, content)
        assert port(load(Sources(**sources))) == number
    layers: list[tuple[str, Any]] = [
        ("environ", {"JUPYTER_PORT": "80", "FLASKNB_PORT": "8"}),
        ("host", {"FLASKNB_PORT": 9}),
        ("program", {"port": 10}),
        ("command_line", {"ServerApp": {"port": 11}}),
    ]
    for number, (name, value) in enumerate(layers, start=8):
        sources[name] = value
        assert port(load(Sources(**sources))) == number


def test_what_a_file_appends_is_added_to_the_files_before_it(tmp_path: Path) -> None:
    low, high = tmp_path / "low", tmp_path / "high"
    write(high, "jupyter_config.py", "c.ServerApp.local_hostnames.append('high')\n")
    assert ServerApp(config=load(Sources(config_path=[high, low]))).local_hostnames == ["localhost", "high"]
    write(low, "jupyter_config.py", "c.ServerApp.local_hostnames.append('low')\n")
    assert ServerApp(config=load(Sources(config_path=[high, low]))).local_hostnames == ["localhost", "low", "high"]
    write(low, "jupyter_config.json", json.dumps({"ServerApp": {"local_hostnames": ["only"]}}))
    assert ServerApp(config=load(Sources(config_path=[high, low]))).local_hostnames == ["only", "high"]


def test_an_explicit_file_replaces_the_search(tmp_path: Path) -> None:
    write(tmp_path, "jupyter_config.py", "c.ServerApp.port_retries = 7\n")  # read by every Jupyter program
    write(tmp_path, "jupyter_server_config.py", python_port(1) + "c.ServerApp.ip = '1.2.3.4'\n")
    write(tmp_path / "other", "mine.py", python_port(2))
    config = load(Sources(config_path=[tmp_path], config_file=tmp_path / "other/mine.py"))
    assert port(config) == 2
    server = ServerApp(config=config)
    assert (server.ip, server.port_retries) == ("localhost", 7)


def test_options_of_one_class_from_several_sources_are_joined(tmp_path: Path) -> None:
    write(tmp_path, "jupyter_config.py", python_port(1))
    server = ServerApp(config=load(Sources(config_path=[tmp_path], program={"ip": "1.2.3.4"})))
    assert (server.port, server.ip) == (1, "1.2.3.4")


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("jupyter_config.py", "x = 1\nc.ServerApp.port = = 2\n", r"jupyter_config\.py, line 2: .*syntax"),
        ("jupyter_config.py", "\nraise ValueError('no')\n", r"jupyter_config\.py, line 2: ValueError: no"),
        ("jupyter_config.py", "import no_such_module\n", r"line 1: ModuleNotFoundError"),
        ("jupyter_server_config.json", '{\n "a": }', r"jupyter_server_config\.json, line 2, column 7: Expecting value"),
        ("jupyter_server_config.json", "[]", "must hold one JSON object"),
        ("jupyter_server_config.json", "", "line 1, column 1"),
    ],
)
def test_a_broken_file_is_named_with_line_and_reason(tmp_path: Path, name: str, content: str, found: str) -> None:
    write(tmp_path, name, content)
    with pytest.raises(BrokenConfigFile, match=found):
        load(Sources(config_path=[tmp_path]))


def test_row_22_files_of_the_working_directory_are_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("jupyter_config.py", "jupyter_flasknb_config.py", "flasknb_config.py", "jupyter_server_config.json"):
        write(tmp_path, name, "raise SystemExit('executed')")
    monkeypatch.chdir(tmp_path)
    assert list(find_files([tmp_path / "elsewhere"])) == []
    assert port(load(Sources(config_path=[tmp_path / "elsewhere"]))) == 8888


def test_older_names_reach_the_newer_options() -> None:
    old = {
        "NotebookApp": {
            "port": 1,
            "token": "t",
            "password": "p",
            "notebook_dir": "/x",
            "extra_nbextensions_path": ["e"],
        }
    }
    assert modernised(old) == {
        "NotebookApp": {"extra_nbextensions_path": ["e"]},
        "ServerApp": {"port": 1, "root_dir": "/x"},
        "IdentityProvider": {"token": "t"},
        "PasswordIdentityProvider": {"hashed_password": "p"},
    }


@pytest.mark.parametrize("section", ["FileContentsManager", "ContentsManager"])
def test_a_root_set_at_the_contents_manager_is_the_servers_root(section: str) -> None:
    assert modernised({section: {"root_dir": "/x"}})["ServerApp"] == {"root_dir": "/x"}


def test_the_newer_name_wins_where_both_are_set() -> None:
    both = {"NotebookApp": {"port": 1}, "ServerApp": {"port": 2, "token": "old"}, "IdentityProvider": {"token": "new"}}
    result = modernised(both)
    assert result["ServerApp"] == {"port": 2}
    assert result["IdentityProvider"] == {"token": "new"}


@pytest.mark.parametrize("options", [{"prot": 1}, {"rootdir": "x"}])
def test_a_misspelt_option_of_the_program_is_named(options: dict[str, Any]) -> None:
    with pytest.raises(UnknownOption, match=next(iter(options))):
        load(Sources(program=options))


def test_a_program_may_write_options_in_three_ways() -> None:
    for program in ({"port": 3}, {"ServerApp.port": 3}, {"ServerApp": {"port": 3}}, Config({"ServerApp": {"port": 3}})):
        assert port(load(Sources(program=program))) == 3


def test_paths_may_be_given_as_paths(tmp_path: Path) -> None:
    assert ServerApp(config=load(Sources(program={"root_dir": tmp_path}))).root_dir == str(tmp_path)


@pytest.mark.parametrize(
    ("given", "kept"), [("", "/"), ("/", "/"), ("nb", "/nb/"), ("/a/b", "/a/b/"), ("/a/b/", "/a/b/")]
)
def test_the_base_url_gets_its_slashes(given: str, kept: str) -> None:
    assert ServerApp(base_url=given).base_url == kept


def test_a_pattern_that_does_not_compile_is_refused() -> None:
    with pytest.raises(TraitError, match="allow_origin_pat"):
        ServerApp(allow_origin_pat="(")


@pytest.mark.parametrize("ip", ["localhost", "127.0.0.1", "::1"])
def test_a_loopback_address_allows_no_remote_access(ip: str) -> None:
    assert is_loopback(ip)
    assert not ServerApp(ip=ip).allow_remote_access


@pytest.mark.parametrize("ip", ["", "*", "0.0.0.0", "::", "10.0.0.1", "nb.example"])
def test_any_other_address_allows_it(ip: str) -> None:
    assert not is_loopback(ip)
    assert ServerApp(ip=ip).allow_remote_access
