"""What keeps the command from starting, each told in one line."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.bridge.commands import URL, configured, flasknb, running


def test_a_taken_port_is_passed_over(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(flasknb(f"--port={port}"), tmp_path) as command:
            assert int(command.read_until(URL).group(2)) != port
            assert f"The port {port} is already in use, trying another port." in command.output
        with running(flasknb(f"--port={port}", "--port-retries=0"), tmp_path / "second") as command:
            assert command.wait() == 1
            assert f"port {port} is not available" in command.output


LONG_NAME = "x" * 150
REFUSALS: dict[str, tuple[list[str], str]] = {
    "a missing place": (["/no/such/place"], "flasknb: No such file or directory: /no/such/place"),
    "a word that is no number": (["--port=many"], "ServerApp.port cannot be 'many'"),
    "a port that is none": (["--port=70000"], "port must be between 0 and 65535, not 70000"),
    "a kernel manager that is not installed": (
        ["--ServerApp.kernel_manager_class=no_such_package.Manager"],
        "ServerApp.kernel_manager_class cannot be 'no_such_package.Manager': there is no such class",
    ),
    "a finder of kernels that is not installed": (
        ["--ServerApp.kernel_spec_manager_class=no_such_package.Specs"],
        "ServerApp.kernel_spec_manager_class cannot be 'no_such_package.Specs': there is no such class",
    ),
    "a missing root": (["--ServerApp.root_dir=/no/such/place"], "root_dir /no/such/place is not a folder"),
    "a root that is a file": ([f"--notebook-dir={__file__}"], "is not a folder"),
    "a missing configuration": (["--config=/no/such/file.py"], "/no/such/file.py"),
    "an unknown flag": (["--no-brwser"], "--no-brwser is no argument of flasknb; did you mean --no-browser?"),
    "an unknown option": (["--ServerApp.prot=1"], "ServerApp.prot is no option; did you mean ServerApp.port?"),
    "a flag without its value": (["--ip"], "--ip needs a value"),
    "an address of another machine": (["--ip=192.0.2.1"], "Cannot listen on 192.0.2.1"),
    "a level that is none": (["--log-level=LOUD"], "log_level must be one of DEBUG"),
    "what is gone": (["--pylab", "inline"], "--pylab is gone"),
    "a gateway without an address": (["--gateway-url=gw:8888"], "url must be like http://host:8888"),
    "a socket path that is too long": ([f"--sock=/tmp/{LONG_NAME}"], "The socket path is too long"),
    "a socket in a missing folder": (
        ["--sock=/no/such/s.sock"],
        "Cannot listen on the socket /no/such/s.sock: No such",
    ),
    "a socket where a file is": ([f"--sock={__file__}"], "exists and is no socket"),
    "a socket and a port": (["--sock=s.sock", "--port=9000"], "--sock and --port exclude each other"),
    "a mode that is none": (["--sock=s.sock", "--sock-mode=999"], "sock_mode must be three octal digits"),
    "a missing certificate": (["--certfile=/no/c.pem"], "The certificate /no/c.pem cannot be read: No such file"),
    "a key without certificate": (["--keyfile=/no/k.pem"], "https needs a certificate"),
    "a certificate that is none": ([f"--certfile={__file__}"], "cannot be used with the key"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_a_wrong_argument_is_explained(tmp_path: Path, what: str) -> None:
    arguments, message = REFUSALS[what]
    with running(flasknb(*arguments), tmp_path) as command:
        assert command.wait() == 1
        assert message in command.output
        assert "Traceback" not in command.output
        assert [line for line in command.output.splitlines() if " ServerApp] Serving" in line] == []


def test_password_required_without_one_refuses(tmp_path: Path) -> None:
    configured(tmp_path, "c.PasswordIdentityProvider.password_required = True")
    with running(flasknb("--port=0"), tmp_path) as command:
        assert command.wait() == 1
        assert "Jupyter servers are configured to only be run with a password" in command.output


@pytest.mark.parametrize(
    "variables",
    [{"JUPYTER_RUNTIME_DIR": "/dev/null/runtime"}, {"JUPYTER_RUNTIME_DIR": "/proc/nothing"}],
    ids=["below a file", "where nobody can write"],
)
def test_a_runtime_folder_that_cannot_be_is_named(tmp_path: Path, variables: dict[str, str]) -> None:
    with running(flasknb("--port=0"), tmp_path, **variables) as command:
        assert command.wait() == 1
        assert variables["JUPYTER_RUNTIME_DIR"] in command.output
        assert "JUPYTER_RUNTIME_DIR" in command.output.replace(variables["JUPYTER_RUNTIME_DIR"], "")
        assert "Traceback" not in command.output


def test_without_a_home_it_works_where_jupyters_folders_are_given(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path, HOME="/no/home") as command:
        assert command.ask("GET", "api/contents")["type"] == "directory"


def test_a_broken_configuration_file_stops_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/jupyter_server_config.py").write_text("c.ServerApp.port = 1\nc.ServerApp.ip = = 2\n")
    with running(flasknb(), tmp_path) as command:
        assert command.wait() == 1
        assert "jupyter_server_config.py, line 2" in command.output


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_needs_the_flag(tmp_path: Path) -> None:
    with running(["flasknb.cli", "--no-browser"], tmp_path) as command:
        assert command.wait() == 1
        assert "Use --allow-root to bypass" in command.output
