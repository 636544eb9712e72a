"""Every fault that the doctor knows, made on purpose; each must be found, and come with something to do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from flasknb.cli.commands import doctor
from flasknb.cli.commands.checks import folders, kernelspecs, network, processes
from flasknb.cli.commands.checks.configuration import check_configuration
from flasknb.cli.commands.checks.finding import Finding, Level, Patient
from flasknb.cli.commands.checks.versions import check_versions, is_older, unmet
from flasknb.config.options import ServerApp
from flasknb.kernel_bridge.instance import Discovery, private_dir, write_discovery
from tests.cli.conftest import Run, WriteInfo

REPO = Path(__file__).resolve().parents[2]


def patient(root_dir: Path, **options: Any) -> Patient:
    return Patient(root_dir, ServerApp(**options))


def the_one(findings: Iterable[Finding], level: Level, text: str) -> Finding:
    """The only finding of a level; it names ``text`` and says what to do."""
    found = [finding for finding in findings if finding.level is level]
    assert len(found) == 1, found
    assert text in found[0].text
    assert found[0].advice or level in (Level.OK, Level.NOTE)
    return found[0]


def bad(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level in (Level.WARNING, Level.PROBLEM)]


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


@pytest.fixture
def kernels(jupyter_dirs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which kernels are looked for."""
    folder = jupyter_dirs / "data" / "kernels"
    folder.mkdir(parents=True)
    monkeypatch.setattr("jupyter_client.kernelspec.jupyter_path", lambda *_: [str(folder)])
    return folder


def spec(kernels: Path, name: str = "python3", **fields: Any) -> None:
    folder = kernels / name
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": f"The {name}", **fields}))


def found_in(root_dir: Path, **config: Any) -> list[Finding]:
    return list(kernelspecs.check_kernelspecs(Patient(root_dir, ServerApp(), Config(config))))


def test_a_kernel_that_can_start_is_fine(kernels: Path, tmp_path: Path) -> None:
    spec(kernels)
    the_one(found_in(tmp_path), Level.OK, f"{sys.executable}, ipykernel ")


def test_a_home_that_is_read_only_brings_no_warning_of_python(
    kernels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "gone/ipython"))  # where IPython says that it cannot write
    kernelspecs.spec_folders()
    assert not recwarn.list, "the folders' check tells it, with what to do"


def test_no_kernel_at_all_is_found(kernels: Path, tmp_path: Path) -> None:
    assert "ipykernel install" in the_one(found_in(tmp_path), Level.PROBLEM, "none is installed").advice


def test_a_program_that_is_gone_is_found(kernels: Path, tmp_path: Path) -> None:
    spec(kernels, argv=["/no/such/python", "{connection_file}"])
    the_one(found_in(tmp_path), Level.PROBLEM, "/no/such/python does not exist")


@pytest.fixture
def python_without_ipykernel(tmp_path: Path) -> str:
    """A program that says what a Python without ipykernel says."""
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho \"ModuleNotFoundError: No module named 'ipykernel'\" >&2\nexit 1\n")
    program.chmod(0o755)
    return str(program)


def test_a_python_without_ipykernel_is_found(kernels: Path, tmp_path: Path, python_without_ipykernel: str) -> None:
    spec(kernels, argv=[python_without_ipykernel, "-m", "ipykernel_launcher", "-f", "{connection_file}"])
    found = the_one(found_in(tmp_path), Level.PROBLEM, "No module named 'ipykernel'")
    assert found.advice == f"{python_without_ipykernel} -m pip install --upgrade ipykernel"


def test_an_old_ipykernel_and_a_foreign_python_are_found(kernels: Path, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho ${VERSION:-5.5.6}\n")
    program.chmod(0o755)
    spec(kernels, argv=[str(program), "-m", "ipykernel_launcher", "-f", "{connection_file}"])
    the_one(found_in(tmp_path), Level.WARNING, "ipykernel 5.5.6")
    kernelspecs.ipykernel_in.cache_clear()
    program.write_text("#!/bin/sh\necho 7.0.0\n")
    the_one(found_in(tmp_path), Level.NOTE, "runs another Python")


@pytest.mark.parametrize(
    ("content", "text"),
    [("{\n,", "line 2"), ("[]", "argv"), ('{"argv": "python"}', "argv"), ('{"argv": []}', "argv"), ("\x00", "line 1")],
)
def test_a_broken_kernel_json_is_found(kernels: Path, tmp_path: Path, content: str, text: str) -> None:
    spec(kernels)
    (kernels / "broken").mkdir()
    (kernels / "broken/kernel.json").write_text(content)
    the_one(found_in(tmp_path), Level.PROBLEM, text)


def test_a_kernel_that_cannot_be_told_where_to_listen_is_found(kernels: Path, tmp_path: Path) -> None:
    spec(kernels, argv=["sh", "-c", "true"])
    the_one(found_in(tmp_path), Level.PROBLEM, "{connection_file}")


def test_kernels_that_look_the_same_are_found(kernels: Path, tmp_path: Path) -> None:
    spec(kernels, display_name="Python")
    spec(kernels, "other", display_name="Python")
    the_one(found_in(tmp_path), Level.WARNING, "python3")


def test_a_kernel_that_hides_another_is_found(kernels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec(kernels)
    spec(tmp_path / "second")
    monkeypatch.setattr("jupyter_client.kernelspec.jupyter_path", lambda *_: [str(kernels), str(tmp_path / "second")])
    the_one(found_in(tmp_path), Level.WARNING, f"{kernels / 'python3'} counts")


def test_a_default_that_is_not_installed_is_found(kernels: Path, tmp_path: Path) -> None:
    spec(kernels)
    found = found_in(tmp_path, MultiKernelManager={"default_kernel_name": "julia"})
    assert "python3" in the_one(found, Level.WARNING, "julia is not installed").advice


# --- ports, sockets, proxies ---


def test_a_free_port_is_fine() -> None:
    the_one(network.check_port("localhost", 0, 50), Level.OK, "port 0")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program has."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def test_a_taken_port_is_found(taken: int) -> None:
    the_one(network.check_port("127.0.0.1", taken, 50), Level.NOTE, "takes a port near it")
    the_one(network.check_port("127.0.0.1", taken, 0), Level.PROBLEM, "port_retries is 0")


def test_a_port_of_a_server_of_ours_is_named(taken: int, write_info: WriteInfo) -> None:
    write_info(port=taken)
    the_one(network.check_port("127.0.0.1", taken, 0), Level.NOTE, "it serves /srv/notebooks")


def test_a_forbidden_port_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", refuse)
    the_one(network.check_port("localhost", 80, 50), Level.PROBLEM, "may not listen")


@pytest.mark.parametrize(("ip", "port"), [("192.0.2.1", 8888), ("no such host.invalid", 8888), ("localhost", 99999)])
def test_an_impossible_address_is_found(ip: str, port: int) -> None:
    the_one(network.check_port(ip, port, 50), Level.PROBLEM, "Nobody can listen")


def test_an_impossible_socket_is_found(tmp_path: Path) -> None:
    the_one(network.check_socket_path(Path("/tmp") / ("x" * 120)), Level.PROBLEM, "at most 107")
    the_one(network.check_socket_path(Path("/tmp/no such/s")), Level.PROBLEM, "does not exist")
    (tmp_path / "f").touch()
    the_one(network.check_socket_path(tmp_path / "f"), Level.PROBLEM, "is no socket")


def test_a_socket_that_was_left_behind_is_found(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
    the_one(network.check_socket_path(tmp_path / "s"), Level.NOTE, "left behind")


def test_a_proxy_that_catches_this_machine_is_found_and_its_password_not_shown() -> None:
    proxies = {"http": "http://user:hunter2@proxy.example:3128"}
    found = the_one(network.check_proxies(proxies), Level.WARNING, "http://proxy.example:3128")
    assert "hunter2" not in found.text
    assert found.advice == "export no_proxy=localhost,127.0.0.1,::1"
    assert list(network.check_proxies({**proxies, "no": "localhost,127.0.0.1"})) == []
    assert list(network.check_proxies({})) == []


# --- processes ---


def test_what_an_ended_server_left_is_found(tmp_path: Path, write_info: WriteInfo) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    path = write_info(pid=ended.pid)
    found = the_one(processes.check_processes(patient(tmp_path)), Level.WARNING, "a server that has ended")
    assert "flasknb list" in found.advice
    assert path.exists(), "the doctor changes nothing"


def test_a_hostile_file_is_found(tmp_path: Path, runtime: Path) -> None:
    (runtime / "jpserver-1.json").symlink_to("/etc/passwd")
    the_one(processes.check_processes(patient(tmp_path)), Level.PROBLEM, "it is a link")


def test_connection_files_of_killed_kernels_are_found(tmp_path: Path, runtime: Path) -> None:
    for number in range(5):
        (runtime / f"kernel-{number}.json").write_text("{}")
    the_one(processes.check_processes(patient(tmp_path)), Level.NOTE, "5 connection files")


def test_two_servers_of_one_folder_are_told(tmp_path: Path, write_info: WriteInfo) -> None:
    write_info()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        write_info(pid=other.pid, port=8889)
        try:
            the_one(processes.check_processes(patient(tmp_path)), Level.NOTE, "2 servers (8888, 8889)")
        finally:
            other.kill()


def discovered(runtime: Path, socket_path: Path) -> None:
    folder = private_dir(runtime / "flasknb-0123456789ab")
    write_discovery(folder, Discovery(os.getpid(), 1, str(socket_path), "secret", 1))


def test_a_sidecar_that_was_killed_is_told(tmp_path: Path, runtime: Path) -> None:
    discovered(runtime, tmp_path / "gone")
    the_one(processes.check_processes(patient(tmp_path)), Level.NOTE, "was killed")


def test_a_sidecar_that_hangs_is_found(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flasknb.kernel_bridge.connection.HELLO_TIMEOUT_S", 0.2)
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "s"))
        deaf.listen()
        discovered(runtime, tmp_path / "s")
        found = the_one(processes.check_processes(patient(tmp_path)), Level.PROBLEM, "does not answer")
    assert f"kill -9 {os.getpid()}" in found.advice


def test_a_discovery_file_that_makes_no_sense_is_found(tmp_path: Path, runtime: Path) -> None:
    (private_dir(runtime / "flasknb-0123456789ab") / "sidecar.json").write_text("{")
    the_one(processes.check_processes(patient(tmp_path)), Level.PROBLEM, "sidecar.json cannot be read")


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
