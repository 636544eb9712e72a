"""Every fault that the doctor knows, made on purpose; each must be found, and come with something to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flasknb.cli.commands import doctor
from flasknb.cli.commands.checks import folders
from flasknb.cli.commands.checks.configuration import check_configuration
from flasknb.cli.commands.checks.finding import Finding, Level, Patient
from flasknb.cli.commands.checks.versions import check_versions, is_older, unmet
from tests.cli.conftest import Run
from tests.cli.doctoring import patient, the_one

REPO = Path(__file__).resolve().parents[2]


# --- versions ---


def test_this_installation_has_the_versions_it_needs(tmp_path: Path) -> None:
    the_one(check_versions(patient(tmp_path)), Level.OK, "gunicorn")


def test_an_old_or_missing_package_is_found() -> None:
    wanted = ["gunicorn>=26.1", "flask>=3.1", "nothing-here>=1", "extra-one>=9; extra == 'test'", "plain"]
    installed = {"gunicorn": "23.0.0", "flask": "3.1.0", "plain": "0"}
    old, missing = unmet(wanted, installed.get)
    assert "gunicorn 23.0.0 is too old" in old.text
    assert "orphaned process" in old.text
    assert "pip install --upgrade 'gunicorn>=26.1'" in old.advice
    assert "nothing-here is not installed" in missing.text


def test_versions_are_compared_as_numbers() -> None:
    assert is_older("6.9", "6.29")
    assert not is_older("6.29.0rc1", "6.29")
    assert not is_older("10", "9.9.9")


# --- configuration ---


def test_a_broken_configuration_file_is_named_with_its_line(tmp_path: Path, config: Path) -> None:
    (config / "jupyter_server_config.py").write_text("c.ServerApp.port = 1\nc.ServerApp.ip = = 2\n")
    the_one(check_configuration(patient(tmp_path)), Level.PROBLEM, "jupyter_server_config.py, line 2")


def test_a_broken_file_of_page_settings_is_named(tmp_path: Path, config: Path) -> None:
    (config / "nbconfig").mkdir()
    (config / "nbconfig/tree.json").write_text("{\n,}")
    the_one(check_configuration(patient(tmp_path)), Level.PROBLEM, "tree.json, line 2")


def test_a_file_that_everybody_can_write_is_found(tmp_path: Path, config: Path) -> None:
    path = config / "jupyter_server_config.py"
    path.touch()
    path.chmod(0o666)
    found = the_one(check_configuration(patient(tmp_path)), Level.PROBLEM, "Everybody can write")
    assert found.advice == f"chmod o-w {path}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_somebody_elses_file_is_found(tmp_path: Path, config: Path) -> None:
    path = config / "jupyter_server_config.json"
    path.write_text("{}")
    os.chown(path, 12345, -1)
    the_one(check_configuration(patient(tmp_path)), Level.PROBLEM, "belongs to another user")


def test_an_option_that_makes_no_sense_is_a_finding_and_not_the_end(run: Run, config: Path) -> None:
    (config / "jupyter_server_config.py").write_text("c.ServerApp.port = 'many'\n")
    result = run("doctor", "--json", "--no-kernel")
    assert result.exit_code == 1
    found = [one for one in map(json.loads, result.stdout.splitlines()) if one["level"] == "problem"]
    assert [one["subject"] for one in found] == ["configuration"]
    assert "port" in found[0]["text"]


# --- folders ---


def test_a_folder_that_is_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "config").touch()
    the_one(folders.check_private_folder(tmp_path / "config", "data", "VARIABLE"), Level.PROBLEM, "is a file")
    below = folders.check_private_folder(tmp_path / "config/below", "data", "VARIABLE")
    assert "VARIABLE" in the_one(below, Level.PROBLEM, "data folder").advice


def test_a_folder_that_others_can_write_is_found(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    found = the_one(folders.check_private_folder(tmp_path, "runtime", "V"), Level.PROBLEM, "Others can write")
    assert found.advice == f"chmod go-w {tmp_path}"


@pytest.mark.parametrize("home", [None, "", "/no/such/home"])
def test_a_missing_home_is_found(home: str | None) -> None:
    the_one(folders.check_home(home), Level.WARNING, "HOME")


def test_a_secret_that_others_can_read_is_found(tmp_path: Path) -> None:
    path = tmp_path / "jupyter_cookie_secret"
    assert list(folders.check_secret(path)) == []
    path.touch(0o644)
    path.chmod(0o644)
    assert the_one(folders.check_secret(path), Level.PROBLEM, "mode 644").advice.startswith(f"chmod 600 {path}")
    path.chmod(0o600)
    assert list(folders.check_secret(path)) == []
    path.unlink()
    path.mkdir()
    the_one(folders.check_secret(path), Level.PROBLEM, "must be a file")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_somebody_elses_secret_is_found(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch(0o600)
    os.chown(path, 12345, -1)
    the_one(folders.check_secret(path), Level.PROBLEM, "belongs to somebody else")


def test_a_root_that_is_no_folder_is_found(tmp_path: Path) -> None:
    the_one(folders.check_root(tmp_path / "nowhere"), Level.PROBLEM, "is no folder")


@pytest.mark.parametrize(
    ("free_bytes", "free_files", "level", "text"),
    [
        (50 * 1024**2, None, Level.PROBLEM, "50 MB are free"),
        (500 * 1024**2, 10**6, Level.WARNING, "nearly full"),
        (10**12, 17, Level.PROBLEM, "17 more files"),
    ],
)
def test_a_full_disk_is_found(free_bytes: int, free_files: int | None, level: Level, text: str) -> None:
    the_one(folders.judge_room(Path("/srv"), free_bytes, free_files), level, text)


AS_NOBODY = """
import os, sys
from pathlib import Path
from flasknb.cli.commands.checks import folders
os.setgroups([]); os.setgid(65534); os.setuid(65534)
found = [*folders.check_root(Path(sys.argv[1])), *folders.check_private_folder(Path(sys.argv[1]), "data", "V")]
print([finding.level.value for finding in found])
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="root can write everywhere, so it becomes somebody else")
def test_a_folder_that_cannot_be_written_is_found() -> None:
    said = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, "/usr"], cwd=REPO, capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.strip() == "['warning', 'problem']"


# --- kernels ---


# --- ports, sockets, proxies ---


# --- the command ---


def test_a_check_that_fails_itself_does_not_hide_the_others(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Patient) -> Iterator[Finding]:
        yield Finding(Level.OK, "began")
        raise RuntimeError("out of luck")

    monkeypatch.setattr(doctor, "CHECKS", {"first": broken, "versions": check_versions})
    result = run("doctor")
    assert result.exit_code == 1
    assert "RuntimeError: out of luck" in result.stdout
    assert "gunicorn" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 problem."


def test_the_exit_status_is_zero_with_warnings_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECKS", {"one": lambda _: [Finding(Level.WARNING, "odd", "do this")]})
    result = run("doctor")
    assert result.exit_code == 0
    assert result.stdout == "one\n  warning  odd\n           → do this\n1 warning.\n"


def test_json_is_one_finding_per_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECKS", {"one": lambda _: [Finding(Level.PROBLEM, "odd\x1b", "do this")]})
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"subject": "one", "level": "problem", "text": "odd\x1b", "advice": "do this"}
    assert "\x1b" not in result.stdout


def test_long_sentences_are_wrapped_for_the_terminal() -> None:
    shown = doctor._shown(Finding(Level.NOTE, "word " * 60, "act " * 60))
    assert max(map(len, shown.splitlines())) <= 100 + len("\x1b[34m\x1b[0m")


def test_it_looks_at_the_folder_and_options_that_are_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    result = run("doctor", "--no-kernel", str(tmp_path / "here"), "--port=0")
    assert f"The folder to serve is {tmp_path / 'here'}" in " ".join(result.stdout.split())
    assert "port 0" in result.stdout
    assert run("doctor", "/no/such/folder").stderr.startswith("flasknb: No such file or directory")


def test_the_doctor_makes_no_file(run: Run, jupyter_dirs: Path, tmp_path: Path) -> None:
    run("doctor", "--no-kernel", str(tmp_path))
    assert not jupyter_dirs.exists()
