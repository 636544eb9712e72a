"""Choosing a password: what is asked, what is kept, what is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flasknb.auth.identity import PasswordIdentityProvider
from flasknb.auth.passwords import password_matches
from flasknb.config.loader import Sources, load
from tests.cli.conftest import Run

GOOD = "correct horse battery"


def kept(config: Path) -> str:
    return str(json.loads((config / "jupyter_server_config.json").read_text())["IdentityProvider"]["hashed_password"])


def test_a_password_is_asked_for_twice_and_its_hash_kept_for_the_user_alone(run: Run, config: Path) -> None:
    result = run("password", input=f"{GOOD}\n{GOOD}\n")
    path = config / "jupyter_server_config.json"
    assert result.exit_code == 0
    assert result.stderr.splitlines()[:3] == [
        "Enter password: ",
        "Verify password: ",
        f"Wrote hashed password to {path}",
    ]
    assert "Servers that already run" in result.stderr
    assert GOOD not in result.output
    assert path.stat().st_mode & 0o777 == 0o600
    assert password_matches(kept(config), GOOD)


def test_the_server_takes_the_password_from_there(run: Run, config: Path) -> None:
    run("password", "--stdin", input=f"{GOOD}\n")
    options = load(Sources(config_path=[config]))
    assert options[PasswordIdentityProvider.__name__]["hashed_password"] == kept(config)


def test_three_tries(run: Run, config: Path) -> None:
    result = run("password", input="first one\nanother one\n" * 3)
    assert result.exit_code == 1
    assert result.stderr.count("Passwords do not match.") == 3
    assert not list(config.iterdir())


def test_a_second_try_may_be_better(run: Run, config: Path) -> None:
    assert run("password", input=f"abc\n{GOOD}\n{GOOD}\n").exit_code == 0
    assert password_matches(kept(config), GOOD)


@pytest.mark.parametrize("typed", ["", "\n", "abc\n", "x" * 5000 + "\n"])
def test_too_short_and_too_long_ones_are_refused(run: Run, config: Path, typed: str) -> None:
    result = run("password", "--stdin", input=typed)
    assert result.exit_code == 1
    assert "A password has at" in result.stderr
    assert not list(config.iterdir())


def test_everything_else_in_the_file_stays(run: Run, config: Path) -> None:
    path = config / "jupyter_server_config.json"
    path.write_text(json.dumps({"version": 1, "ServerApp": {"port": 9}, "IdentityProvider": {"token": "x"}}))
    path.chmod(0o644)
    run("password", "--stdin", input=GOOD)
    content = json.loads(path.read_text())
    assert content["version"] == 1
    assert content["ServerApp"] == {"port": 9}
    assert content["IdentityProvider"]["token"] == "x"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_into_a_folder_of_dotfiles_stays_a_link(run: Run, config: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.json"
    real.write_text("{}")
    (config / "jupyter_server_config.json").symlink_to(real)
    run("password", "--stdin", input=GOOD)
    assert (config / "jupyter_server_config.json").is_symlink()
    assert "hashed_password" in real.read_text()


@pytest.mark.parametrize("content", ['{"a": 1,}', "[]", '{"IdentityProvider": []}', "\x00"])
def test_a_broken_file_is_left_as_it_is(run: Run, config: Path, content: str) -> None:
    path = config / "jupyter_server_config.json"
    path.write_text(content)
    result = run("password", "--stdin", input=GOOD)
    assert result.exit_code == 1
    assert "jupyter_server_config.json" in result.stderr
    assert path.read_text() == content


def test_a_folder_that_cannot_be_made_is_named(run: Run, jupyter_dirs: Path) -> None:
    jupyter_dirs.mkdir()
    (jupyter_dirs / "config").write_text("a file")
    result = run("password", "--stdin", input=GOOD)
    assert result.exit_code == 1
    assert str(jupyter_dirs / "config") in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no folder here that even root cannot write to")
def test_a_home_that_cannot_be_written_is_told_with_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", "/proc/none")
    result = run("password", "--stdin", input=GOOD)
    assert result.exit_code == 1
    assert "The password cannot be kept in /proc/none: " in result.stderr
    assert "Set JUPYTER_CONFIG_DIR to a folder of yours" in result.stderr


def test_it_says_when_another_file_has_the_last_word(run: Run, config: Path) -> None:
    (config / "jupyter_flasknb_config.py").write_text("c.PasswordIdentityProvider.hashed_password = 'sha1:a:b'\n")
    assert "has the last word" in run("password", "--stdin", input=GOOD).stderr


def test_a_home_that_is_missing_does_not_matter_where_the_folder_is_named(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    assert run("password", "--stdin", input=GOOD).exit_code == 0
    assert [path.name for path in config.iterdir()] == ["jupyter_server_config.json"]
