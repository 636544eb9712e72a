"""Names and values of options: what is said about them, and what stops a start."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config, Configurable

from flasknb.config.files import BrokenConfigFile
from flasknb.config.loader import BadOption, Sources, UnknownOption, gather, load
from flasknb.config.notices import QUIET_VARIABLE, Notice, say
from tests.unit.config_files import said, server, write


def test_an_unknown_option_in_a_file_is_told_with_file_line_and_nearest_name(tmp_path: Path) -> None:
    write(tmp_path, jupyter_server_config_py="\nc.ServerApp.prot = 1\n")
    gathered = gather(Sources(config_path=[tmp_path]))
    (line,) = said(gathered)
    assert line.startswith(f"{tmp_path / 'jupyter_server_config.py'}, line 2: ServerApp.prot is no option")
    assert line.endswith("did you mean ServerApp.port?")
    assert "prot" not in gathered.config.ServerApp


def test_an_option_of_another_class_is_found(tmp_path: Path) -> None:
    write(tmp_path, jupyter_config_py="c.ServerApp.delete_to_trash = False\n")
    assert "did you mean FileContentsManager.delete_to_trash?" in said(gather(Sources(config_path=[tmp_path])))[0]


def test_an_unknown_class_in_a_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, jupyter_config_py="c.SeverApp.port = 1\nc.LabApp.x = 1\nc.HTMLExporter.theme = 'dark'\n")
    lines = said(gather(Sources(config_path=[tmp_path])))
    assert any("no class SeverApp (port); did you mean ServerApp?" in line for line in lines)
    assert any("no class LabApp (x)" in line for line in lines)
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("options", "near"),
    [({"ServerApp": {"prot": 1}}, r"ServerApp\.port"), ({"SeverApp": {"port": 1}}, "ServerApp")],
)
def test_a_slip_on_the_command_line_or_of_the_program_is_an_error(options: dict[str, Any], near: str) -> None:
    for sources in (Sources(command_line=options), Sources(program=options)):
        with pytest.raises(UnknownOption, match=f"did you mean {near}"):
            gather(sources)


class Mine(Configurable):
    """Somebody's own class."""


@pytest.mark.parametrize("named", [Mine, f"{__name__}.Mine"])
def test_options_of_a_class_that_is_chosen_are_left_to_it(named: Any) -> None:
    options = {"ServerApp": {"kernel_manager_class": named}, "Mine": {"anything": 1}}
    if isinstance(named, type):
        options["ServerApp"] = {"authorizer_class": named}
    gathered = gather(Sources(program={"Mine.anything": 1, **options}, environ={"FLASKNB_LENIENT": "1"}))
    assert not [line for line in said(gathered) if "Mine has" in line or "no class Mine" in line]
    assert gathered.config.Mine.anything == 1


@pytest.mark.parametrize(
    ("section", "option"),
    [("AsyncLargeFileManager", "delete_to_trash"), ("AsyncFileContentsManager", "delete_to_trash")],
)
def test_the_more_special_class_wins_as_there(section: str, option: str) -> None:
    from flasknb.contents.largefiles import LargeFileManager

    config = gather(Sources(program={f"{section}.{option}": False, f"FileContentsManager.{option}": True})).config
    ours = LargeFileManager(config=config)
    assert getattr(ours, option) is False


@pytest.mark.parametrize("name", ["Application.log_level", "JupyterApp.log_level", "ExtensionApp.log_level"])
def test_options_of_the_classes_above_reach_the_server(name: str) -> None:
    assert server(gather(Sources(program={name: "DEBUG"}))).log_level == logging.DEBUG


def test_a_shared_base_of_file_classes_reaches_ours() -> None:
    config = gather(Sources(program={"FileManagerMixin.use_atomic_writing": False})).config
    assert config.FileContentsManager.use_atomic_writing is False


@pytest.mark.parametrize(
    ("given", "ours"),
    [
        ("jupyter_server.services.contents.largefilemanager.AsyncLargeFileManager", "LargeFileManager"),
        ("notebook.services.contents.filemanager.FileContentsManager", "FileContentsManager"),
    ],
)
def test_classes_of_other_servers_mean_ours_of_the_same_name(given: str, ours: str) -> None:
    found = server(gather(Sources(program={"contents_manager_class": given})))
    assert (found.contents_manager_class.__module__.partition(".")[0], found.contents_manager_class.__name__) == (
        "flasknb",
        ours,
    )


def test_a_class_of_the_sidecar_travels_by_its_name() -> None:
    assert server(gather(Sources(program={"kernel_manager_class": Mine}))).kernel_manager_class == f"{__name__}.Mine"


def test_a_class_that_only_its_own_server_has_is_left_out() -> None:
    gathered = gather(Sources(program={"identity_provider_class": "jupyter_server.auth.identity.Special"}))
    assert "works in its own server only" in said(gathered)[0]
    assert server(gathered).identity_provider_class.__name__ == "PasswordIdentityProvider"


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("NotebookApp.token = 'x'", ["NotebookApp.token is the older name of IdentityProvider.token"]),
        ("ServerApp.token = 'x'", ["ServerApp.token is the older name of IdentityProvider.token"]),
        ("NotebookApp.nbserver_extensions = {'a': True}", ["ServerApp.jpserver_extensions has no effect"]),
        ("NotebookApp.port = 9", []),
    ],
)
def test_an_older_name_is_told_as_the_file_has_it(tmp_path: Path, written: str, lines: list[str]) -> None:
    write(tmp_path, jupyter_notebook_config_py=f"c.{written}\n")
    told = said(gather(Sources(config_path=[tmp_path])))
    assert len(told) == len(lines), told
    assert all(line in text for line, text in zip(lines, told, strict=True)), told


def test_extension_lists_that_packages_bring_under_the_older_name_are_no_warning(tmp_path: Path) -> None:
    write(tmp_path / "jupyter_notebook_config.d", a_json='{"NotebookApp": {"nbserver_extensions": {"a": true}}}')
    assert said(gather(Sources(config_path=[tmp_path]))) == []


# --- values


@pytest.mark.parametrize(
    ("source", "reason"), [("class A(:\n", "line 1: invalid syntax"), ("\n1 / 0\n", "line 2: ZeroDivisionError: div")]
)
def test_a_class_of_a_broken_module_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, reason: str
) -> None:
    (tmp_path / "broken_module_of_mine.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BadOption, match=rf"broken_module_of_mine\.py, {reason}"):
        gather(Sources(program={"ServerApp.contents_manager_class": "broken_module_of_mine.Manager"}))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ServerApp.port", "abc", "expected an int"),
        ("ServerApp.port", 99_999, "must be between 0 and 65535"),
        ("ServerApp.port", -1, "must be between 0 and 65535"),
        ("ServerApp.open_browser", "maybe", "expected a boolean"),
        ("ServerApp.local_hostnames", 5, "expected a list"),
        ("ServerApp.max_body_size", -5, "max_body_size"),
        ("ServerApp.sock_mode", "rw", "octal"),
        ("ServerApp.log_level", "LOUD", "must be one of DEBUG"),
        ("ServerApp.contents_manager_class", "no.such.Manager", "there is no such class (ModuleNotFoundError"),
        ("ServerApp.identity_provider_class", "no.such.Class", "there is no such class (ModuleNotFoundError"),
        ("ServerApp.contents_manager_class", "os.path.join", "subclass"),
        ("ServerApp.jinja_environment_options", {"colour": 1}, "jinja_environment_options"),
        ("ServerApp.tornado_settings", {"headers": {"X-A": "b\r\nSet-Cookie: c"}}, "headers"),
        ("ServerApp.pylab", "inline", "%matplotlib"),
        ("FileContentsManager.hash_algorithm", "rot13", "expected"),
        ("MappingKernelManager.cull_idle_timeout", "never", "expected an int"),
        ("KernelSpecManager.ensure_native_kernel", "often", "expected a boolean"),
    ],
)
def test_a_wrong_value_is_told_with_file_option_value_and_what_is_expected(
    tmp_path: Path, name: str, value: Any, expected: str
) -> None:
    section, _, option = name.partition(".")
    write(tmp_path, jupyter_server_config_py=f"c.{name} = {value!r}\n")
    with pytest.raises(BadOption) as raised:
        gather(Sources(config_path=[tmp_path]))
    text = str(raised.value)
    assert text.startswith(f"{tmp_path / 'jupyter_server_config.py'}, line 1: {name} cannot be {value!r}"), text
    assert expected in text
    lenient = gather(Sources(config_path=[tmp_path], environ={"FLASKNB_LENIENT": "1"}))
    assert said(lenient)[0].startswith("Left out: ")
    assert option not in lenient.config.get(section, {})


@pytest.mark.parametrize("name", ["IdentityProvider.token", "PasswordIdentityProvider.hashed_password"])
def test_the_value_of_a_secret_is_never_told(name: str) -> None:
    with pytest.raises(BadOption) as raised:
        gather(Sources(program={name: ["hunter2"]}))
    assert "hunter2" not in str(raised.value)


def test_a_huge_value_is_told_in_short() -> None:
    with pytest.raises(BadOption) as raised:
        gather(Sources(program={"ServerApp.port": "9" * 100_000}))
    assert len(str(raised.value)) < 400


def test_a_lenient_start_leaves_out_broken_files(tmp_path: Path) -> None:
    write(tmp_path, jupyter_config_py="c.ServerApp.port = = 1\n", jupyter_server_config_py="c.ServerApp.port = 2\n")
    gathered = gather(Sources(config_path=[tmp_path], command_line={"JupyterApp": {"lenient": True}}))
    assert server(gathered).port == 2
    assert "Left out, because it is broken" in said(gathered)[0]
    assert "line 1" in said(gathered)[0]


def test_a_file_cannot_make_a_start_lenient(tmp_path: Path) -> None:
    write(tmp_path, jupyter_config_py="c.JupyterApp.lenient = True\n", jupyter_server_config_py="c.ServerApp.port = =")
    with pytest.raises(BrokenConfigFile):
        gather(Sources(config_path=[tmp_path]))


# --- notices


def test_an_older_name_acts_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    config = load(Sources(program={"ServerApp.limit_rate": False, "ServerApp.password": "argon2:x"}))
    assert config.ZMQChannelsWebsocketConnection.limit_rate is False
    assert [line for line in caplog.messages if "older name of PasswordIdentityProvider.hashed_password" in line]
    assert len(caplog.messages) == 2


def test_a_notice_said_by_another_process_is_not_said_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(QUIET_VARIABLE, "1")
    caplog.set_level(logging.INFO)
    say([Notice(logging.WARNING, "x")])
    assert caplog.messages == []


def test_settings_for_tornado_count_where_they_have_a_meaning() -> None:
    given = {"headers": {"X-A": "b"}, "cookie_options": {"samesite": "Strict"}, "xsrf_cookies": False, "gzip": True}
    gathered = gather(Sources(program={"tornado_settings": given}))
    found = server(gathered)
    assert found.headers == {"X-A": "b"}
    assert found.disable_check_xsrf is True
    assert gathered.config.IdentityProvider.cookie_options == {"samesite": "Strict"}
    (line,) = said(gathered)
    assert "tornado_settings['gzip'] has no effect" in line


def test_a_config_of_traitlets_is_left_as_it_was() -> None:
    given = Config({"NotebookApp": {"port": 1}})
    before = json.dumps(given)
    assert server(gather(Sources(program=given))).port == 1
    assert json.dumps(given) == before
