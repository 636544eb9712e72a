"""Servers of two kinds, once for all tests that leave them as they are; and commands run beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import REPO, Server, start_server

COMMAND_TIMEOUT_S = 60.0
Said = subprocess.CompletedProcess[str]


def environment(home: Path, **environ: str) -> dict[str, str]:
    """That of a person at the same machine, with the server's Jupyter folders, on a terminal 80 columns wide."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER_", "FLASKNB_"))}
    folders = {f"JUPYTER_{kind.upper()}_DIR": str(home / kind) for kind in ("config", "data", "runtime")}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, **folders, "PATH": programs, "PYTHONPATH": str(REPO), "COLUMNS": "80", **environ}


def flasknb(home: Path, *words: str, typed: str = "", **environ: str) -> Said:
    """Run ``flasknb WORDS``."""
    return _run([sys.executable, "-m", "flasknb.cli", *words], home, typed, environ)


def jupyter(home: Path, *words: str, typed: str = "", **environ: str) -> Said:
    """Run ``jupyter WORDS``."""
    return _run(["jupyter", *words], home, typed, environ)


def flask(home: Path, *words: str, **environ: str) -> Said:
    """Run ``flask WORDS`` with our group, whether or not the installation is older than its entry point."""
    code = (
        "from flask.cli import cli; from flasknb.cli.commands.group import group; cli.add_command(group, 'flasknb');"
        "cli.main(prog_name='flask')"
    )
    return _run([sys.executable, "-c", code, *words], home, "", environ)


def _run(command: list[str], home: Path, typed: str, environ: dict[str, str]) -> Said:
    return subprocess.run(
        command,
        env=environment(home, **environ),
        cwd=home / "root",
        input=typed,
        capture_output=True,
        text=True,
        timeout=COMMAND_TIMEOUT_S,
        check=False,
    )


def ask(server: Server, method: str, path: str, body: Any = None) -> Any:
    """Ask the API with the token."""
    content = None if method == "GET" else json.dumps(body or {}).encode()
    request = urllib.request.Request(server.base_url + path, method=method, data=content)
    request.add_header("Authorization", f"token {server.token}")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


@pytest.fixture(scope="module", params=["flasknb", "gunicorn"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server; gunicorn's has two workers."""
    running = start_server(request.param, tmp_path_factory.mktemp(request.param))
    yield running
    running.stop()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Server]]:
    """Starts servers that the test may end."""
    started: list[Server] = []

    def make(way: str) -> Server:
        started.append(start_server(way, tmp_path / f"{way}-{len(started)}"))
        return started[-1]

    yield make
    for one in started:
        one.stop()
