"""Our subcommands against servers that run."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.bridge.commands import flasknb as command
from tests.bridge.commands import running
from tests.cli_live.conftest import ask, environment, flask, flasknb
from tests.servers import REPO, Server, end_sidecars

WAIT_S = 30.0


@pytest.mark.parametrize("way", ["flasknb", "gunicorn", "mounted"])
def test_stop_ends_a_server_of_each_way(start: Callable[[str], Server], way: str) -> None:
    server = start(way)
    said = flasknb(server.home_dir, "stop", str(server.port))
    assert said.returncode == 0, said.stderr
    assert said.stderr.splitlines()[0] == f"Shutting down server on {server.port}..."
    server.process.wait(15)
    assert flasknb(server.home_dir, "list").stdout == "Currently running servers:\n"
    assert flasknb(server.home_dir, "stop", str(server.port)).returncode == 1


def test_stop_ends_a_server_on_a_unix_socket(tmp_path: Path) -> None:
    sock = tmp_path / "s.sock"
    with running(command(f"--sock={sock}"), tmp_path) as server:
        server.read_until("Control-C")
        assert f":: {tmp_path / 'root'}" in flasknb(tmp_path, "list").stdout
        said = flasknb(tmp_path, "stop", str(sock))
        assert (said.returncode, said.stderr) == (0, f"Shutting down server on {sock}...\n")
        assert server.wait() == 0
        assert not sock.exists()


def certificate(folder: Path) -> Path:
    """A certificate for this machine, signed by nobody, with its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    made = folder / "both.pem"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-addext", names]
    arguments = ["req", "-x509", *kind, "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)
    made.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return made


def test_a_server_with_a_certificate_is_listed_examined_and_stopped(tmp_path: Path) -> None:
    with running(command(f"--certfile={certificate(tmp_path)}", "--port=0"), tmp_path) as server:
        server.read_until("Control-C")
        listed = json.loads(flasknb(tmp_path, "list", "--json").stdout)
        assert listed["url"].startswith("https://")
        assert listed["secure"] is True
        examined = flasknb(tmp_path, "doctor", "--json")
        servers = [one for one in map(json.loads, examined.stdout.splitlines()) if one["subject"] == "servers"]
        assert [one["level"] for one in servers] == ["ok"], examined
        said = flasknb(tmp_path, "stop", str(listed["port"]))
        assert said.stderr == f"Shutting down server on {listed['port']}...\n", said
        assert server.wait() == 0


def test_kernels_are_listed_and_stopped(server: Server) -> None:
    long_path = "a/folder/with/a/very/long/name/that/fits/on/no/terminal/of/eighty/columns/Untitled.ipynb"
    session = ask(server, "POST", "api/sessions", {"path": long_path, "type": "notebook", "name": "", "kernel": {}})
    kernel = session["kernel"]["id"]
    other = ask(server, "POST", "api/kernels")["id"]
    assert set(flasknb(server.home_dir, "kernels", "list", "-q").stdout.split()) == {kernel, other}
    listed = [json.loads(line) for line in flasknb(server.home_dir, "kernels", "list", "--json").stdout.splitlines()]
    assert {one["id"]: (one["paths"], one["root_dir"]) for one in listed} == {
        kernel: ([long_path], str(server.root_dir)),
        other: ([], str(server.root_dir)),
    }
    elsewhere = flasknb(server.home_dir, "kernels", "list", "/")
    assert elsewhere.stdout == "No kernels are running.\n"
    stopped = flasknb(server.home_dir, "kernels", "stop", kernel[:13])
    assert stopped.stdout == f"Stopped kernel {kernel} (python3)\n"
    assert [one["id"] for one in ask(server, "GET", "api/kernels")] == [other]
    unasked = flasknb(server.home_dir, "kernels", "stop", "--all")
    assert (unasked.returncode, "say --yes" in unasked.stderr) == (1, True)
    assert flasknb(server.home_dir, "kernels", "stop", "--all", "--yes").returncode == 0
    assert ask(server, "GET", "api/kernels") == []
    missing = flasknb(server.home_dir, "kernels", "stop", kernel)
    assert (missing.returncode, "No running kernel's id" in missing.stderr) == (1, True)


def test_flask_talks_to_the_mount_of_the_app_it_is_given(start: Callable[[str], Server]) -> None:
    server = start("mounted")
    kernel = ask(server, "POST", "api/kernels")["id"]
    site = {"PYTHONPATH": f"{REPO}{os.pathsep}{server.home_dir}"}
    listed = flask(server.home_dir, "--app", "host_app", "flasknb", "kernels", "list", "-q", **site)
    assert listed.stdout.split() == [kernel], listed
    stopped = flask(server.home_dir, "--app", "host_app", "flasknb", "kernels", "stop", kernel[:8], **site)
    assert "Stopped kernel" in stopped.stdout
    (server.home_dir / "bare_app.py").write_text("from flask import Flask\napp = Flask('bare')\n")
    bare = flask(server.home_dir, "--app", "bare_app", "flasknb", "kernels", "list", **site)
    assert "has no flasknb" in bare.stderr
    assert str(server.port) in flask(server.home_dir, "flasknb", "list").stdout


def test_two_servers_of_one_folder_share_one_list_of_kernels(tmp_path: Path) -> None:
    with (
        running(command("--port=0", str(tmp_path / "root")), tmp_path) as first,
        running(command("--port=0", str(tmp_path / "root")), tmp_path) as second,
    ):
        kernel = first.ask("POST", "api/kernels")["id"]
        second.read_until("Control-C")
        assert len(flasknb(tmp_path, "list", "--json").stdout.splitlines()) == 2
        assert flasknb(tmp_path, "kernels", "list", "-q").stdout.split() == [kernel]


def test_the_doctor_finds_a_healthy_server_healthy(server: Server) -> None:
    said = flasknb(server.home_dir, "doctor")
    text = " ".join(said.stdout.split())
    assert said.returncode == 0, said.stdout
    assert "a kernel answered through its websocket in" in text
    assert ask(server, "GET", "api/kernels") == [], "the doctor takes its kernel along"
    assert f"The sidecar of {server.root_dir} answers" in " ".join(flasknb(server.home_dir, "doctor").stdout.split())


def in_a_terminal(home: Path, *words: str) -> str:
    """What ``flasknb WORDS`` writes to a terminal 80 columns wide."""
    import fcntl
    import struct
    import termios

    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environ = environment(home, TERM="xterm") | {"COLUMNS": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "flasknb.cli", *words], env=environ, stdin=inner, stdout=inner, stderr=inner
    )
    os.close(inner)
    text, end_s = "", time.monotonic() + WAIT_S
    while time.monotonic() < end_s:
        if not select.select([outer], [], [], 0.2)[0]:
            if process.poll() is not None:
                break
            continue
        try:
            text += os.read(outer, 65536).decode()
        except OSError:
            break
    process.wait(WAIT_S)
    os.close(outer)
    return text.replace("\r\n", "\n")


def test_on_a_terminal_nothing_is_wider_than_it_and_colours_are_shown(server: Server) -> None:
    path = "folder/" * 20 + "Untitled.ipynb"
    session = ask(server, "POST", "api/sessions", {"path": path, "type": "notebook", "name": "", "kernel": {}})
    shown = {
        name: in_a_terminal(server.home_dir, *words)
        for name, words in {"kernels": ["kernels", "list"], "doctor": ["doctor", "--no-kernel"]}.items()
    }
    ask(server, "DELETE", f"api/sessions/{session['id']}")
    assert "…" in shown["kernels"]
    assert "Untitled.ipynb" in shown["kernels"]
    assert "\x1b[32m" in shown["doctor"]
    for text in shown.values():
        plain = re.sub(r"\x1b\[\d*m|.*\r", "", text)
        words_that_cannot_break = [line for line in plain.splitlines() if len(line) > 80 and " " in line.strip()]
        assert words_that_cannot_break == []


@pytest.fixture
def sidecar(tmp_path: Path) -> subprocess.Popen[str]:
    """``flasknb sidecar`` in the foreground, serving."""
    (tmp_path / "root").mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "flasknb.cli", "sidecar", str(tmp_path / "root")],
        env=environment(tmp_path, HOST_SECRET="not for kernels"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError(f"no {text} in {lines}")


def test_a_sidecar_in_the_foreground_serves_until_it_is_told_to_end(
    tmp_path: Path, sidecar: subprocess.Popen[str]
) -> None:
    try:
        with sidecar:
            read_until(sidecar, "sidecar serves")
            assert "HOST_SECRET" not in psutil.Process(sidecar.pid).environ()
            second = flasknb(tmp_path, "sidecar", str(tmp_path / "root"))
            assert (second.returncode, "Another sidecar serves" in second.stderr) == (1, True)
            with running(command("--port=0", str(tmp_path / "root")), tmp_path) as server:
                kernel = server.ask("POST", "api/kernels")["id"]
                assert psutil.Process(sidecar.pid).is_running()
                assert flasknb(tmp_path, "kernels", "list", "-q").stdout.split() == [kernel]
                server.process.send_signal(signal.SIGKILL)
                server.process.wait(WAIT_S)
                assert flasknb(tmp_path, "kernels", "list", "-q").stdout.split() == [kernel]
                sidecar.send_signal(signal.SIGINT)
                assert sidecar.wait(WAIT_S) == 0
                assert flasknb(tmp_path, "kernels", "list").stdout == "No kernels are running.\n"
    finally:
        sidecar.kill()
        end_sidecars(tmp_path / "runtime")
