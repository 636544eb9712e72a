"""How the command ends, and what it says while it might: Control-C, signals, idleness, other servers."""

from __future__ import annotations

import json
import resource
import signal
from pathlib import Path

import psutil
import pytest

from tests.bridge.commands import (
    INFO_KEYS,
    URL,
    flasknb,
    free_port,
    running,
    wait_for_none,
)


def test_control_c_asks_and_yes_ends_kernels_and_sidecar(tmp_path: Path) -> None:
    with running(flasknb(f"--port={free_port()}"), tmp_path) as command:
        command.ask("POST", "api/kernels")
        command.interrupt()
        command.read_until(r"Shut down this Jupyter server \(y/\[n\]\)\? ")
        command.type("n\n")
        command.read_until("resuming operation")
        assert len(command.ask("GET", "api/kernels")) == 1
        command.output = URL.search(command.output)[0]  # type: ignore[index]
        command.interrupt()
        command.read_until(r"Shut down this Jupyter server")
        command.type("y\n")
        assert command.wait() == 0
        wait_for_none(command)


def test_a_second_control_c_does_not_wait(tmp_path: Path) -> None:
    with running(flasknb(f"--port={free_port()}"), tmp_path) as command:
        command.read_until(URL)
        command.interrupt()
        command.read_until(r"Shut down this Jupyter server")
        command.interrupt()
        assert command.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_and_takes_the_files_along(tmp_path: Path, number: int) -> None:
    with running(flasknb(f"--port={free_port()}"), tmp_path) as command:
        command.ask("POST", "api/kernels")
        info = next((tmp_path / "runtime").glob("jpserver-*.json"))
        page = next((tmp_path / "runtime").glob("jpserver-*-open.html"))
        assert {path.stat().st_mode & 0o777 for path in (info, page)} == {0o600}
        described = json.loads(info.read_text())
        assert set(described) == INFO_KEYS
        assert described["pid"] == command.process.pid
        assert f"token={described['token']}" in page.read_text()
        command.process.send_signal(number)
        assert command.wait() == 0
        wait_for_none(command)
        assert not info.exists()
        assert not page.exists()


def test_shutdown_over_the_api_ends_the_command(tmp_path: Path) -> None:
    with running(flasknb(f"--port={free_port()}"), tmp_path) as command:
        command.ask("POST", "api/shutdown")
        assert command.wait() == 0


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signal here")
def test_sigusr1_tells_what_runs_and_where(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path) as command:
        command.ask("POST", "api/kernels")
        command.output = URL.search(command.output)[0]  # type: ignore[index]
        command.process.send_signal(signal.SIGUSR1)
        command.read_until(r"(?s)Serving notebooks.*1 active kernel.*is running at:.*/tree\?token=")
        command.process.send_signal(signal.SIGTERM)
        command.read_until(r"\[C .* ServerApp\] received signal 15, stopping")
        command.read_until("Shutting down 1 kernel\n")
        assert command.wait() == 0


@pytest.mark.parametrize("arguments", [["-y"], ["--JupyterApp.answer_yes=True"]])
def test_who_answers_yes_to_everything_is_not_asked(tmp_path: Path, arguments: list[str]) -> None:
    with running(flasknb("--port=0", *arguments), tmp_path) as command:
        command.read_until(URL)
        command.interrupt()
        assert command.wait() == 0
        assert "Shut down this" not in command.output


def test_no_answer_resumes(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path) as command:
        command.read_until(URL)
        command.interrupt()
        command.read_until("0 active kernels")
        command.read_until(r"(?s)No answer for 5s:.*resuming operation\.\.\.")
        assert command.ask("GET", "api/kernels") == []


def test_an_idle_server_ends_but_not_while_a_kernel_runs(tmp_path: Path) -> None:
    with running(flasknb("--port=0", "--ServerApp.shutdown_no_activity_timeout=2"), tmp_path) as command:
        kernel = command.ask("POST", "api/kernels")
        command.read_until("Will shut down after 2 seconds with no kernels")
        with pytest.raises(AssertionError, match="does not end"):
            command.wait(3.5)
        command.ask("DELETE", f"api/kernels/{kernel['id']}")
        assert command.wait() == 0
        assert "No kernels for" in command.output


def test_two_servers_of_one_folder_share_its_kernels_until_the_last_one_ends(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path) as first, running(flasknb("--port=0"), tmp_path) as second:
        kernel = first.ask("POST", "api/kernels")
        assert [one["id"] for one in second.ask("GET", "api/kernels")] == [kernel["id"]]
        first.process.send_signal(signal.SIGTERM)
        assert first.wait() == 0
        assert f"process {second.process.pid} serves this folder too" in first.output
        assert [one["id"] for one in second.ask("GET", "api/kernels")] == [kernel["id"]]
        second.process.send_signal(signal.SIGTERM)
        assert second.wait() == 0
        wait_for_none(second)


def test_files_of_a_killed_server_go_with_the_next_start(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path) as command:
        left = tmp_path / "runtime" / f"jpserver-{command.info['pid']}.json"
        command.process.kill()
        command.process.wait()
        assert left.exists()
    with running(flasknb("--port=0"), tmp_path) as command:
        command.read_until(URL)
        assert command.info["pid"] == command.process.pid
        assert not left.exists()


def test_two_servers_started_at_once_find_ports_and_one_token(tmp_path: Path) -> None:
    arguments = flasknb(f"--port={free_port()}")
    with running(arguments, tmp_path) as first, running(arguments, tmp_path) as second:
        tokens = {one.read_until(URL).group(3) for one in (first, second)}
        ports = {one.read_until(URL).group(2) for one in (first, second)}
        assert (len(tokens), len(ports)) == (1, 2)
        assert first.ask("GET", "api/contents")["type"] == second.ask("GET", "api/contents")["type"] == "directory"


def test_room_for_many_connections_is_made(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, limits[1]))
    try:
        with running(flasknb("--port=0", "--ServerApp.min_open_files_limit=777"), tmp_path) as command:
            command.read_until(URL)
            assert psutil.Process(command.process.pid).rlimit(psutil.RLIMIT_NOFILE)[0] == 777
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
