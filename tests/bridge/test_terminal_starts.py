"""Shells that a sidecar starts on real ptys: names, folders, environment, limits."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

import pytest

from flasknb.errors import BadRequest, TerminalFailed, TooManyTerminals
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.terminals import TerminalModel, TerminalRequest
from tests.bridge.conftest import MakeBridge
from tests.bridge.shells import PLAIN_SHELL, LookAt, Open, names, pid_of, wait_until_runs


@pytest.mark.row("4.9 create")
def test_names_are_the_lowest_free_numbers(bridge: BridgeClient, open_terminal: Open) -> None:
    for _ in range(3):
        open_terminal()
    assert names(bridge) == ["1", "2", "3"]
    bridge.terminals.delete("2")
    open_terminal()
    assert sorted(names(bridge)) == ["1", "2", "3"]


def test_a_taken_name_is_the_terminal_that_has_it(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal(name="work")
    pid = pid_of(screen)
    assert bridge.terminals.create(TerminalRequest(name="work")).name == "work"
    assert names(bridge) == ["work"]
    assert pid_of(screen) == pid


def test_two_requests_for_one_name_start_one_shell(bridge: BridgeClient, open_terminal: Open) -> None:
    made: list[TerminalModel] = []
    request = TerminalRequest(name="race", command=PLAIN_SHELL)
    threads = [threading.Thread(target=lambda: made.append(bridge.terminals.create(request))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {model.name for model in made} == {"race"}
    assert names(bridge) == ["race"]
    open_terminal(name="race")


@pytest.mark.parametrize("name", ["../x", "a/b", "a b", "", "ü-", "x\x00", "a" * 101, "."])
def test_row_100_a_name_is_made_of_letters_digits_and_underscores(bridge: BridgeClient, name: str) -> None:
    """Attack row 100. The empty name is no name: the next number."""
    if not name:
        bridge.terminals.delete(bridge.terminals.create(TerminalRequest(name=name)).name)
        return
    with pytest.raises(BadRequest):
        bridge.terminals.create(TerminalRequest(name=name))
    assert names(bridge) == []


@pytest.mark.row("4.9 create")
def test_row_100_the_folder_is_one_below_the_root(
    bridge: BridgeClient, open_terminal: Open, home: Path, tmp_path: Path
) -> None:
    """Attack row 100: anything else means the root, and starts all the same."""
    root = (home / "root").resolve()
    (root / "sub folder").mkdir(exist_ok=True)
    (root / "away").unlink(missing_ok=True)
    (root / "away").symlink_to(tmp_path)
    expected = {
        "sub folder": root / "sub folder",
        "/sub folder/": root / "sub folder",
        str(root / "sub folder"): root / "sub folder",
        "missing": root,
        "../..": root,
        str(tmp_path): root,
        "away": root,
        "a\x00b": root,
        "x" * 5000: root,
        "": root,
    }
    for cwd, folder in expected.items():
        assert open_terminal(cwd=cwd).run("pwd -P") == f"{folder}\r\n", cwd[:40]


@pytest.mark.row("6 environment")
def test_a_shell_gets_the_documented_environment_and_no_secrets(open_terminal: Open, home: Path) -> None:
    """Attack row 86: the host site's secrets are not in it."""
    screen = open_terminal(server_url="http://localhost:8888/a/", type="xterm-direct")
    found = dict(line.partition("=")[::2] for line in screen.run("env").split("\r\n") if "=" in line)
    assert {name: found[name] for name in ("TERM", "COLUMNS", "LINES", "PYXTERM_DIMENSIONS")} == {
        "TERM": "xterm-direct",
        "COLUMNS": "80",
        "LINES": "25",
        "PYXTERM_DIMENSIONS": "80x25",
    }
    assert found["JUPYTER_SERVER_ROOT"] == str((home / "root").resolve())
    assert found["JUPYTER_SERVER_URL"] == "http://localhost:8888/a/"
    assert found["HOME"] == os.environ["HOME"]
    assert not {"SECRET_KEY", "FLASKNB_TEST_DATABASE_URL", "JPY_PARENT_PID"} & set(found)


@pytest.mark.row("6 environment")
def test_the_shell_is_the_users_and_reads_their_profile_when_asked(
    make_bridge: MakeBridge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, look_at: LookAt
) -> None:
    shell = tmp_path / "my shell"
    shell.write_text('#!/bin/sh\necho "arguments: $*"\nexec sleep 60\n')
    shell.chmod(0o755)
    monkeypatch.setenv("SHELL", f"'{shell}'")
    bridge = make_bridge("own-shell")
    for is_login_shell, arguments in ((False, ""), (True, "-l")):
        model = bridge.terminals.create(TerminalRequest(is_login_shell=is_login_shell))
        look_at(bridge, model.name).wait_for(f"arguments: {arguments}\r\n")


def test_a_shell_that_does_not_exist_is_told(bridge: BridgeClient) -> None:
    with pytest.raises(TerminalFailed, match="no-such-shell"):
        bridge.terminals.create(TerminalRequest(command=["no-such-shell"]))
    assert names(bridge) == []


def test_row_99_there_is_a_limit(make_bridge: MakeBridge) -> None:
    """Attack row 99."""
    bridge = make_bridge("few", TerminalManager={"max_terminals": 2})
    request = TerminalRequest(command=PLAIN_SHELL)
    for _ in range(2):
        bridge.terminals.create(request)
    with pytest.raises(TooManyTerminals, match="2 terminals"):
        bridge.terminals.create(request)
    bridge.terminals.delete("1")
    assert bridge.terminals.create(request).name == "1"


def test_it_is_a_terminal_with_job_control(open_terminal: Open) -> None:
    screen = open_terminal(("bash", "--norc"))
    assert "/dev/" in screen.run("tty")
    shell = pid_of(screen)
    screen.type("sleep 1000\r")
    wait_until_runs("sleep", shell)
    screen.type("\x1a")
    screen.wait_for("Stopped")
    screen.type("fg\r")
    screen.wait(lambda: "sleep 1000" in screen.text.rpartition("fg\r\n")[2])
    screen.type("\x03")
    screen.wait(lambda: bool(re.search(r"\^C.*[#$] $", screen.text, re.DOTALL)))
    assert screen.run("echo alive") == "alive\r\n"
