"""The ways to run for real: what they print, write and leave behind."""

from __future__ import annotations

import json
import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.bridge.commands import (
    REPO,
    URL,
    flasknb,
    free_port,
    running,
    wait_until_open,
)


def test_a_file_beats_jupyters_variables_and_our_own_beat_the_file(tmp_path: Path) -> None:
    port, taken_by_nobody = free_port(), free_port()
    (tmp_path / "config").mkdir()
    (tmp_path / "config/jupyter_server_config.py").write_text(
        f"c.ServerApp.port = {port}\nc.IdentityProvider.token = 'from file'\nc.ServerApp.base_url = '/file/'\n"
    )
    variables = {"JUPYTER_PORT": str(taken_by_nobody), "JUPYTER_TOKEN": "variable", "FLASKNB_BASE_URL": "/ours/"}
    with running(flasknb(), tmp_path, **variables) as command:
        command.read_until("is running at")
        info = command.info
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


SHARING = """
from flasknb.cli import shared_imports
shared_imports.ROOTS += ("shared_probe",)
from flasknb.gunicorn_conf import *
"""
PROBING = """
import shared_probe
from flasknb import create_app
app = create_app()
app.add_url_rule("/probe", view_func=lambda: shared_probe.ANSWER)
"""


def test_workers_of_a_reload_run_the_code_of_then(tmp_path: Path) -> None:
    where, probe = f"127.0.0.1:{free_port()}", tmp_path / "shared_probe.py"
    for name, text in {"sharing_conf": SHARING, "probing_app": PROBING, "shared_probe": "ANSWER = 'old'"}.items():
        (tmp_path / f"{name}.py").write_text(text)
    arguments = ["gunicorn", "-c", "python:sharing_conf", "--pythonpath", str(REPO), "-b", where, "probing_app:app"]

    def asked() -> bytes:
        with urllib.request.urlopen(f"http://{where}/probe", timeout=30) as answer:
            return bytes(answer.read())

    with running(arguments, tmp_path, PYTHONPATH=f"{tmp_path}:{REPO}") as command:
        wait_until_open(int(where.partition(":")[2]))
        assert asked() == b"old"
        probe.write_text("ANSWER = 'changed'")
        command.process.send_signal(signal.SIGHUP)
        command.read_until(r"(?s)(Worker exiting.*){2}")
        assert [asked() for _ in range(4)] == [b"changed"] * 4


WAYS = {
    "flask": ["flask", "--app", "flasknb", "run"],
    "flasknb": ["flasknb.cli", "--no-browser", "--allow-root", "--debug"],
    "gunicorn": [*GUNICORN, "--log-level", "debug"],
}


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
