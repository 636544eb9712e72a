"""What ``flasknb WORD`` means, the help, and what a shell completes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flasknb.cli.commands import table
from flasknb.cli.commands.group import group, serving_flags
from flasknb.cli.help import usage
from tests.cli.conftest import Run


@pytest.mark.parametrize("name", table.COMMANDS)
def test_every_command_has_a_help_page_that_fits_a_terminal(run: Run, name: str) -> None:
    result = run(name, "--help", terminal_width=80)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: flasknb {name}")
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_word_is_a_command_only_as_the_first_argument() -> None:
    assert table.is_command(["list", "--json"])
    assert not table.is_command(["./list"])
    assert not table.is_command(["--debug", "list"])
    assert not table.is_command([])


def test_a_misspelt_command_is_recognised_unless_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert table.near_command(["kernel"]) == "kernels"
    assert table.near_command(["stopp"]) == "stop"
    (tmp_path / "kernel").mkdir()
    assert table.near_command(["kernel"]) is None
    assert [table.near_command(words) for words in ([], ["--list"], ["/lis"], ["analysis"])] == [None] * 4


def flasknb(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "flasknb.cli", *words],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_nearest_name_is_suggested() -> None:
    said = flasknb("lits")
    assert said.returncode == 1
    assert said.stderr == "flasknb: No such file or directory: lits. Did you mean `flasknb list`?\n"


def test_an_unknown_option_names_the_nearest(run: Run) -> None:
    result = run("list", "--jsonlst")
    assert result.exit_code == 2
    assert "--jsonlist" in result.stderr


def test_the_help_of_the_server_names_every_command() -> None:
    assert [name for name in table.COMMANDS if f"\n  {name} " not in usage()] == []
    assert [line for line in usage().splitlines() if len(line) > 80] == []


def test_no_command_patches_the_standard_library() -> None:
    code = (
        "import sys; sys.argv[1:] = ['list']\n"
        "from flasknb.cli.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('gevent' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize(
    ("words", "at", "expected"),
    [
        ("flasknb ker", 1, "plain,kernels"),
        ("flasknb kernels st", 2, "plain,stop"),
        ("flasknb list --jsonl", 2, "plain,--jsonlist"),
        ("flasknb --no-br", 1, "plain,--no-browser"),
        ("flasknb --port 8888 --no-br", 3, "plain,--no-browser"),
        ("flasknb notebooks/an", 1, "file,notebooks/an"),
    ],
)
def test_bash_is_told_what_completes(words: str, at: int, expected: str) -> None:
    said = flasknb(_FLASKNB_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(at))
    assert expected in said.stdout.splitlines()
    assert said.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_its_script(shell: str) -> None:
    said = flasknb(_FLASKNB_COMPLETE=f"{shell}_source")
    assert "flasknb" in said.stdout


def test_every_flag_of_the_server_is_offered() -> None:
    offered = {flag for flag, _ in serving_flags()}
    assert {"--no-browser", "--port", "--notebook-dir", "-y", "--help"} <= offered


def test_flask_finds_the_group() -> None:
    text = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points."flask.commands"]\nflasknb = "flasknb.cli.commands.group:group"' in text
    assert group.name == "flasknb"
