"""The files of running servers: good ones are listed, dead ones removed, hostile ones passed over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, WriteInfo

HEAD = "Currently running servers:\n"


def test_nothing_runs_where_there_is_no_folder(run: Run) -> None:
    assert run("list").stdout == HEAD
    assert run("list", "--json").stdout == ""
    assert json.loads(run("list", "--jsonlist").stdout) == []


def test_a_server_is_listed_with_its_token_and_folder(run: Run, write_info: WriteInfo) -> None:
    write_info()
    assert run("list").stdout == f"{HEAD}http://localhost:8888/?token=secret-token :: /srv/notebooks\n"


def test_a_server_without_token_is_listed_without(run: Run, write_info: WriteInfo) -> None:
    write_info(token="")
    assert run("list").stdout == f"{HEAD}http://localhost:8888/ :: /srv/notebooks\n"


def test_json_is_one_object_per_line_and_jsonlist_an_indented_array(run: Run, write_info: WriteInfo) -> None:
    path = write_info()
    lines = run("list", "--json").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [json.loads(path.read_text())]
    text = run("list", "--jsonlist").stdout
    assert json.loads(text) == [json.loads(path.read_text())]
    assert text.startswith('[\n  {\n    "')


def ended_pid() -> int:
    """A process id that nobody has now."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_files_of_an_ended_server_are_removed(run: Run, write_info: WriteInfo) -> None:
    path = write_info(pid=ended_pid())
    page = path.with_name(f"{path.stem}-open.html")
    page.write_text("<html>")
    assert run("list").stdout == HEAD
    assert not path.exists()
    assert not page.exists()


def test_a_number_that_was_given_to_another_program_is_no_server(run: Run, write_info: WriteInfo) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        path = write_info(pid=other.pid)
        os.utime(path, (1_000_000_000, 1_000_000_000))  # written long before that process began
        try:
            assert run("list").stdout == HEAD
            assert not path.exists()
            assert other.poll() is None
        finally:
            other.kill()


HOSTILE = {
    "no JSON": "{",
    "no object": "[1]",
    "a deep one": "[" * 20_000,
    "no pid": json.dumps({"port": 1, "url": "http://x/", "root_dir": "/"}),
    "pid is text": json.dumps({"pid": "1", "port": 1, "url": "http://x/", "root_dir": "/"}),
    "pid is true": json.dumps({"pid": True, "port": 1, "url": "http://x/", "root_dir": "/"}),
    "token is a list": json.dumps({"pid": os.getpid(), "port": 1, "url": "http://x/", "root_dir": "/", "token": []}),
    "url leads elsewhere": json.dumps({"pid": os.getpid(), "port": 1, "url": "file:///etc/", "root_dir": "/"}),
    "huge": json.dumps({"pid": os.getpid(), "port": 1, "url": "http://x/", "root_dir": "/" + "x" * 100_000}),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_of_wrong_shape_is_passed_over_and_stays(run: Run, runtime: Path, content: str) -> None:
    path = runtime / "jpserver-1.json"
    path.write_text(content)
    path.chmod(0o600)
    result = run("list")
    assert (result.exit_code, result.stdout) == (0, HEAD)
    assert "is passed over" in result.stderr
    assert path.exists()


def test_a_link_is_not_followed(run: Run, runtime: Path, write_info: WriteInfo) -> None:
    (runtime / "jpserver-1.json").symlink_to(write_info(pid=os.getpid()).rename(runtime / "elsewhere"))
    result = run("list")
    assert result.stdout == HEAD
    assert "it is a link" in result.stderr


def test_a_pipe_does_not_stop_the_command(run: Run, runtime: Path) -> None:
    os.mkfifo(runtime / "jpserver-1.json", 0o600)
    assert "it is no regular file" in run("list").stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_somebody_elses_file_is_passed_over(run: Run, write_info: WriteInfo) -> None:
    os.chown(write_info(), 12345, -1)
    result = run("list")
    assert result.stdout == HEAD
    assert "it belongs to somebody else" in result.stderr


def test_a_file_that_others_can_write_is_passed_over(run: Run, write_info: WriteInfo) -> None:
    write_info().chmod(0o666)
    result = run("list")
    assert result.stdout == HEAD
    assert "others can write to it" in result.stderr


def test_nothing_in_a_file_steers_the_terminal(run: Run, write_info: WriteInfo) -> None:
    write_info(token="a\x1b[2J\nb", root_dir="/srv/\x1b]0;title\x07\ud800", url="http://localhost:8888/\x1b[31m")
    for arguments in (["list"], ["list", "--json"], ["list", "--jsonlist"]):
        text = run(*arguments).stdout
        assert "\x1b" not in text
        assert "\x07" not in text
    assert run("list").stdout.count("\n") == 2


def test_two_servers_of_one_folder_are_both_listed(run: Run, runtime: Path, write_info: WriteInfo) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        write_info()
        write_info(pid=other.pid, port=8889, url="http://localhost:8889/")
        try:
            assert [json.loads(line)["port"] for line in run("list", "--json").stdout.splitlines()] == [8888, 8889]
        finally:
            other.kill()


def test_stop_says_when_nothing_runs(run: Run, runtime: Path) -> None:
    result = run("stop")
    assert result.exit_code == 1
    assert result.stderr == f"flasknb: There are no running servers (per {runtime})\n"


def test_stop_lists_what_runs_where_the_port_is_another(run: Run, write_info: WriteInfo) -> None:
    write_info()
    result = run("stop", "9999")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "There is currently no server running on 9999",
        "Ports/sockets currently in use:",
        " - 8888",
    ]


def test_stop_never_signals_a_process_that_is_no_server(run: Run, write_info: WriteInfo) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        write_info(pid=other.pid, port=1, url="http://localhost:1/")  # written after it began: the number fits
        try:
            result = run("stop", "1")
            assert result.exit_code == 1
            assert "it is left alone" in result.stderr
            assert result.stderr.endswith("flasknb: Could not stop server on 1\n")
            assert other.poll() is None
        finally:
            other.kill()


STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


def test_a_server_that_answers_nothing_is_ended_by_signals(
    run: Run, write_info: WriteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flasknb.cli.commands import stop_server

    monkeypatch.setattr(stop_server, "WAIT_S", 1.0)
    with subprocess.Popen([sys.executable, "-c", STUBBORN, "flasknb"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        path = write_info(pid=server.pid, port=1, url="http://localhost:1/")
        result = run("stop", "1")
        assert result.exit_code == 0
        assert [line for line in result.stderr.splitlines() if "Sending" in line] == [
            f"Sending SIGTERM to process {server.pid}",
            f"Sending SIGKILL to process {server.pid}",
        ]
        assert server.wait(10) == -9
        assert not path.exists()
