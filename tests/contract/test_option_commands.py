"""``--show-config``, ``--generate-config``, ``--help-all`` and ``--lenient``, as somebody at a terminal meets them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from flasknb.cli.option_texts import COLUMNS, file_of_every_option, help_of_every_option, is_worth_setting
from flasknb.config.loader import Sources, gather
from flasknb.config.option_classes import every_class, own_options
from tests.forking import Nursery, nursery

TIMEOUT_S = 60
IMPORTED_LATE = ["flasknb.cli.show_config", "flasknb.cli.generate_config", "flasknb.cli.help"]
FILE = "jupyter_flasknb_config.py"


class Run(Protocol):
    """The command; standard input is what the user types."""

    def __call__(self, *arguments: str, answer: str = "", **variables: str) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="module")
def command_nursery() -> Iterator[Nursery]:
    imports = ["flasknb.cli.__main__", "flasknb.cli.commands.table", "flasknb.cli.command", *IMPORTED_LATE]
    with nursery("flasknb.cli.__main__:main", imports, is_patched=True) as made:
        yield made


@pytest.fixture
def run(command_nursery: Nursery, tmp_path: Path) -> Run:
    """Each run is a process of its own that need not import anything any more."""

    def ask(*arguments: str, answer: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        with (
            tempfile.TemporaryFile("w+") as typed,
            tempfile.TemporaryFile("w+") as out,
            tempfile.TemporaryFile("w+") as err,
        ):
            typed.write(answer)
            typed.seek(0)
            code = command_nursery.start(arguments, os.environ | variables, [typed, out, err]).wait(TIMEOUT_S)
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(arguments, code, out.read(), err.read())

    return ask


@pytest.fixture
def run_anew() -> Run:
    """Each run is ``python -m flasknb.cli``."""

    def ask(*arguments: str, answer: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flasknb.cli", *arguments],
            input=answer,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            env=os.environ | variables,
            check=False,
        )

    return ask


@pytest.fixture
def config_dir(jupyter_dirs: Path) -> Path:
    folder = jupyter_dirs / "config"
    folder.mkdir(parents=True)
    return folder


def test_what_is_set_is_shown_with_its_source_and_without_secrets(run_anew: Run, config_dir: Path) -> None:
    (config_dir / "jupyter_server_config.py").write_text("c.ServerApp.port = 5\nc.IdentityProvider.token = 'hunter2'\n")
    done = run_anew("--show-config", "--ip=::1", FLASKNB_PORT_RETRIES="3")
    assert done.returncode == 0, done.stderr
    assert f".port = 5  # {config_dir / 'jupyter_server_config.py'}, line 1" in done.stdout
    assert ".ip = '::1'  # the command line" in done.stdout
    assert ".port_retries = 3  # the environment" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr


def test_what_is_set_is_shown_as_json(run: Run, config_dir: Path) -> None:
    (config_dir / "jupyter_config.json").write_text('{"ServerApp": {"port": 5}, "NotebookApp": {"port_retries": 2}}')
    done = run("--show-config-json", "--ContentsManager.hide_globs=a", "--ContentsManager.hide_globs=b", "--port=6")
    assert json.loads(done.stdout) == {
        "Application": {"show_config_json": True},
        "ContentsManager": {"hide_globs": ["a", "b"]},
        "ServerApp": {"port": 6, "port_retries": 2},
    }


def test_the_generated_file_changes_nothing_and_warns_of_nothing(run: Run, config_dir: Path) -> None:
    before = run("--show-config-json")
    done = run("--generate-config")
    assert (done.returncode, str(config_dir / FILE) in done.stdout) == (0, True)
    assert (config_dir / FILE).stat().st_mode & 0o077 == 0
    after = run("--show-config-json")
    assert after.stdout == before.stdout
    assert "[W" not in after.stderr


@pytest.mark.parametrize(("answer", "replaced"), [("y\n", True), ("n\n", False), ("", False)])
def test_a_file_that_is_there_is_asked_about(run: Run, config_dir: Path, answer: str, replaced: bool) -> None:
    (config_dir / FILE).write_text("# mine\n")
    done = run("--generate-config", answer=answer)
    assert done.returncode == (0 if replaced else 1)
    assert "Overwrite" in done.stdout
    assert ((config_dir / FILE).read_text() != "# mine\n") is replaced


def test_yes_is_not_asked_again(run: Run, config_dir: Path) -> None:
    (config_dir / FILE).write_text("# mine\n")
    assert run("--generate-config", "-y").returncode == 0
    assert (config_dir / FILE).read_text() != "# mine\n"


def test_the_file_may_have_another_name_and_a_broken_one_does_not_matter(
    run: Run, config_dir: Path, tmp_path: Path
) -> None:
    (config_dir / FILE).write_text("this is no Python")
    done = run("--generate-config", f"--config={tmp_path / 'new/mine.py'}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new/mine.py").exists()


def test_a_folder_that_cannot_be_made_is_told_in_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("--generate-config", JUPYTER_CONFIG_DIR=str(tmp_path / "file/config"))
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_line_of_the_generated_file_may_be_switched_on(tmp_path: Path) -> None:
    lines = file_of_every_option().splitlines()
    switched_on = [line.removeprefix("# ") if re.match(r"# c\.\w+\.\w+ = ", line) else line for line in lines]
    (tmp_path / FILE).write_text("\n".join(switched_on))
    gathered = gather(Sources(config_path=[tmp_path]))
    assert [notice.text for notice in gathered.notices] == []
    server = every_class()["ServerApp"]
    assert gathered.config.ServerApp.port == server.class_traits()["port"].default_value


def test_the_generated_file_and_the_help_have_every_option() -> None:
    file, text = file_of_every_option(), help_of_every_option()
    for name, cls in every_class().items():
        for option in own_options(cls):
            if is_worth_setting(name, option):
                assert f"# c.{name}.{option} = " in file
                assert f"--{name}.{option}=<" in text


def test_help_fits_a_terminal_and_tells_every_option_only_when_asked(run: Run) -> None:
    short, long = run("--help"), run("--help-all")
    assert "--ServerApp.port_retries=" not in short.stdout
    assert "--ServerApp.port_retries=" in long.stdout
    assert long.stdout.startswith(short.stdout.rstrip())
    assert [line for line in (short.stdout + long.stdout).splitlines() if len(line) > COLUMNS + 1] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--ServerApp.prot=1"], "ServerApp.prot is no option; did you mean ServerApp.port?"),
        (["--ServerApp.port=" + "9" * 5000], "ServerApp.port cannot be"),
        (["--config=/nowhere/x.py"], "/nowhere/x.py: there is no such file"),
        (["--notebook-dir=/dev/null"], "root_dir /dev/null is not a folder"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_status_1(run: Run, arguments: list[str], said: str) -> None:
    done = run("--no-browser", "--allow-root", *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("flasknb: ")]) == 1


def test_a_broken_file_stops_the_start_unless_that_is_wanted(run: Run, config_dir: Path) -> None:
    (config_dir / "jupyter_server_config.py").write_text("c.ServerApp.port = 5\nc.ServerApp.ip = = 1\n")
    done = run("--show-config-json")
    assert (done.returncode, "jupyter_server_config.py, line 2" in done.stderr) == (1, True)
    lenient = run("--show-config-json", "--lenient")
    assert lenient.returncode == 0
    assert "Left out, because it is broken" in lenient.stderr
    assert "ServerApp" not in json.loads(lenient.stdout)
