"""Faults of ports, sockets, proxies and processes that the doctor knows, made on purpose."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flasknb.cli.commands.checks import network, processes
from flasknb.cli.commands.checks.finding import Level
from flasknb.kernel_bridge.instance import Discovery, private_dir, write_discovery
from tests.cli.conftest import WriteInfo
from tests.cli.doctoring import patient, the_one


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
