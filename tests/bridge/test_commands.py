"""The commands for real: what they print, write and leave behind, and how they end."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

REPO = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 40.0
END_TIMEOUT_S = 30.0
INFO_KEYS = {"base_url", "hostname", "password", "pid", "port", "root_dir", "secure", "sock", "token", "url", "version"}
URL = re.compile(r"http://(?:127\.0\.0\.1|localhost):(\d+)/tree\?token=([0-9a-f]{48})")


class Running:
    """A command with its terminal. ``output`` grows while it runs."""

    def __init__(self, arguments: list[str], home: Path, **environ: str) -> None:
        self.home = home
        self.output = ""
        self._terminal, inner = pty.openpty()
        (home / "root").mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER_", "FLASKNB_"))}
        folders = {f"JUPYTER_{kind.upper()}_DIR": str(home / kind) for kind in ("config", "data", "runtime")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=home / "root",
            env={**kept, **folders, "PYTHONPATH": str(REPO), "PYTHONUNBUFFERED": "1", "TERM": "dumb", **environ},
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
        )
        os.close(inner)

    def read_until(self, pattern: str | re.Pattern[str], timeout_s: float = START_TIMEOUT_S) -> re.Match[str]:
        """Wait until the terminal shows ``pattern``."""
        end_s = time.monotonic() + timeout_s
        while not (found := re.search(pattern, self.output)):
            assert time.monotonic() < end_s, f"no {pattern} in:\n{self.output}"
            self._read_some()
        return found

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def interrupt(self) -> None:
        """What Control-C does: SIGINT for everything in the foreground."""
        os.killpg(self.process.pid, signal.SIGINT)

    def wait(self) -> int:
        """Read until the command has ended; its exit status."""
        end_s = time.monotonic() + END_TIMEOUT_S
        while self.process.poll() is None:
            assert time.monotonic() < end_s, f"does not end:\n{self.output}"
            self._read_some()
        self._read_some()
        return self.process.returncode

    def ask(self, method: str, path: str) -> Any:
        """Ask the API with the printed token."""
        port, token = self.read_until(URL).groups()
        wait_until_open(int(port))
        url, body = f"http://127.0.0.1:{port}/{path}", b"" if method == "POST" else None
        request = urllib.request.Request(url, method=method, data=body)
        request.add_header("Authorization", f"token {token}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._terminal)
        for process in self.leftovers():
            process.kill()

    def leftovers(self) -> list[psutil.Process]:
        """Processes that still belong to this run: sidecar and kernels."""
        mine = str(self.home / "runtime")
        return [one for one in psutil.process_iter() if _runtime_dir_of(one) == mine]

    def _read_some(self) -> None:
        if select.select([self._terminal], [], [], 0.2)[0]:
            try:
                self.output += os.read(self._terminal, 65536).decode("utf-8", "replace").replace("\r", "")
            except OSError:  # the terminal closes with its last program
                time.sleep(0.05)


def _runtime_dir_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("JUPYTER_RUNTIME_DIR")
    except psutil.Error:
        return None


@contextmanager
def running(arguments: list[str], home: Path, **environ: str) -> Iterator[Running]:
    command = Running(arguments, home, **environ)
    try:
        yield command
    finally:
        command.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def flasknb(*arguments: str) -> list[str]:
    return ["flasknb.cli", "--no-browser", "--allow-root", *arguments]


def wait_for_none(command: Running) -> None:
    end_s = time.monotonic() + END_TIMEOUT_S
    while command.leftovers():
        assert time.monotonic() < end_s, [one.cmdline() for one in command.leftovers()]
        time.sleep(0.1)


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


def test_a_taken_port_is_passed_over(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(flasknb(f"--port={port}"), tmp_path) as command:
            assert int(command.read_until(URL).group(1)) != port
            assert f"The port {port} is already in use, trying another port." in command.output
        with running(flasknb(f"--port={port}", "--port-retries=0"), tmp_path / "second") as command:
            assert command.wait() == 1
            assert f"port {port} is not available" in command.output


def test_another_address_is_served_by_gunicorn_which_ends_with_the_command(tmp_path: Path) -> None:
    with running(flasknb(f"--port={free_port()}", "--ip=0.0.0.0"), tmp_path) as command:
        command.ask("POST", "api/kernels")
        command.read_until("Using worker: gevent")
        command.process.send_signal(signal.SIGTERM)
        assert command.wait() == 0
        wait_for_none(command)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["/no/such/place"], "No such file or directory: /no/such/place"),
        (["--port=many"], "port"),
        (["--ServerApp.root_dir=/no/such/place"], "is not a folder"),
        (["--config=/no/such/file.py"], "/no/such/file.py"),
    ],
)
def test_a_wrong_argument_is_explained(tmp_path: Path, arguments: list[str], message: str) -> None:
    with running(flasknb(*arguments), tmp_path) as command:
        assert command.wait() == 1
        assert message in command.output
        assert "Traceback" not in command.output


def test_a_broken_configuration_file_stops_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/jupyter_server_config.py").write_text("c.ServerApp.port = 1\nc.ServerApp.ip = = 2\n")
    with running(flasknb(), tmp_path) as command:
        assert command.wait() == 1
        assert "jupyter_server_config.py, line 2" in command.output


def test_a_file_beats_jupyters_variables_and_our_own_beat_the_file(tmp_path: Path) -> None:
    port, taken_by_nobody = free_port(), free_port()
    (tmp_path / "config").mkdir()
    (tmp_path / "config/jupyter_server_config.py").write_text(
        f"c.ServerApp.port = {port}\nc.IdentityProvider.token = 'from file'\nc.ServerApp.base_url = '/file/'\n"
    )
    variables = {"JUPYTER_PORT": str(taken_by_nobody), "JUPYTER_TOKEN": "variable", "FLASKNB_BASE_URL": "/ours/"}
    with running(flasknb(), tmp_path, **variables) as command:
        command.read_until("To access the server")
        info = json.loads(next((tmp_path / "runtime").glob("jpserver-*.json")).read_text())
        assert (info["port"], info["token"], info["base_url"]) == (port, "from file", "/ours/")


def test_options_of_the_kernels_process_reach_it_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/jupyter_config.py").write_text("c.KernelSidecar.allowed_env.append('MINE_*')\n")
    flags = (
        f"--port={free_port()}",
        "--KernelSidecar.grace_time_s=45",
        "--MappingKernelManager.kernel_info_timeout=50",
    )
    with running(flasknb(*flags), tmp_path, MINE_TO_SEE="yes") as command:
        command.ask("POST", "api/kernels")
        kernels = [one for one in command.leftovers() if "launch_ipykernel" in " ".join(one.cmdline())]
        assert [one.environ().get("MINE_TO_SEE") for one in kernels] == ["yes"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_needs_the_flag(tmp_path: Path) -> None:
    with running(["flasknb.cli", "--no-browser"], tmp_path) as command:
        assert command.wait() == 1
        assert "Use --allow-root to bypass" in command.output


def test_flask_run_prints_the_address_once_also_with_the_reloader(tmp_path: Path) -> None:
    arguments = ["flask", "--app", "flasknb", "run", "--debug", f"--port={free_port()}"]
    with running(arguments, tmp_path) as command:
        command.read_until("Debugger PIN")
        command.ask("GET", "api/status")
        assert len(URL.findall(command.output)) == 1


def test_the_example_of_a_site_serves_its_page_and_the_notebook(tmp_path: Path) -> None:
    arguments = ["flask", "--app", str(REPO / "examples/mounted/app.py"), "run", f"--port={free_port()}"]
    with running(arguments, tmp_path) as command:
        url, origin, token = command.read_until(r"(http://(127[\d.:]+)/nb/tree\?token=(\w{48}))\s").groups()
        wait_until_open(int(origin.partition(":")[2]))
        with urllib.request.urlopen(f"http://{origin}/", timeout=30) as front:
            assert '<a href="/nb/">' in front.read().decode()
        with urllib.request.urlopen(f"http://{origin}/nb/api/contents?token={token}", timeout=30) as answer:
            assert json.loads(answer.read())["content"] == []
        assert command.output.count(url) == 1
        assert command.output.count(token) == 1  # the request log does not tell it


def test_the_debugger_is_never_open_to_other_machines(tmp_path: Path) -> None:
    with running(["flask", "--app", "flasknb", "run", "--debug", "--host=0.0.0.0"], tmp_path) as command:
        assert command.wait() != 0
        assert "Debug mode" in command.output


GUNICORN = ["gunicorn", "-c", "python:flasknb.gunicorn_conf", "--pythonpath", str(REPO), "--access-logfile", "-"]


def test_gunicorn_prints_the_address_once_and_shares_one_token(tmp_path: Path) -> None:
    where = f"127.0.0.1:{free_port()}"
    with running([*GUNICORN, "-b", where, "wsgi:app"], tmp_path) as command:
        for _ in range(8):
            assert command.ask("GET", "api/status")["kernels"] == 0
        assert len(URL.findall(command.output)) == 1
        assert not list(tmp_path.rglob("gunicorn.ctl"))


def test_kernels_survive_a_reload_of_gunicorn(tmp_path: Path) -> None:
    where = f"127.0.0.1:{free_port()}"
    with running([*GUNICORN, "-b", where, "wsgi:app"], tmp_path) as command:
        kernel = command.ask("POST", "api/kernels")
        command.process.send_signal(signal.SIGHUP)
        command.read_until(r"(?s)(Worker exiting.*){2}")
        assert [one["id"] for one in command.ask("GET", "api/kernels")] == [kernel["id"]]


WAYS = {
    "flask": ["flask", "--app", "flasknb", "run"],
    "flasknb": ["flasknb.cli", "--no-browser", "--allow-root", "--debug"],
    "gunicorn": [*GUNICORN, "--log-level", "debug"],
}


def wait_until_open(port: int) -> None:
    """The address may be printed a moment before the port is open."""
    end_s = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end_s:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def visit(url: str, token: str) -> None:
    """Ask with the token in every place where a client may carry it."""
    headers = {"Authorization": f"token {token}", "Referer": url}
    try:
        urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30).close()
    except urllib.error.HTTPError as error:
        error.close()


@pytest.mark.parametrize("way", WAYS)
def test_row_70_no_secret_reaches_a_log(tmp_path: Path, way: str) -> None:
    port, token = free_port(), "tokentokentoken7"
    where = ["-b", f"127.0.0.1:{port}", "wsgi:app"] if way == "gunicorn" else [f"--port={port}"]
    with running([*WAYS[way], *where], tmp_path, JUPYTER_TOKEN=token) as command:
        command.read_until(r"token=\.\.\.")
        wait_until_open(port)
        for path in ("api/status?token=", "tree?token=", "login?next=/tree%3Ftoken%3D", "gone?token="):
            visit(f"http://127.0.0.1:{port}/{path}{token}", token)
        command.process.send_signal(signal.SIGTERM)
        command.wait()
        assert "api/status" in command.output
        assert token not in command.output
