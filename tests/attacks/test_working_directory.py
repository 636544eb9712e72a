"""Attack 22: Python files among the notebooks are data. No process of the server imports them, whichever serves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import REPO, STOP_TIMEOUT_S, Server, end_sidecars, environment, free_port, wait_until_up

TOKEN = "ab" * 16
START = "import sys; sys.path[:1] = []; from flasknb.cli.__main__ import main; sys.exit(main())"
NAMES = ("json", "secrets", "gunicorn", "gevent", "greenlet", "tornado", "orjson", "yaml", "zmq", "nbformat", "asyncio")


@pytest.mark.parametrize(("way", "options"), [("flasknb", []), ("gunicorn", ["--ip=0.0.0.0"])])
def test_row_22_modules_in_the_served_folder_are_not_imported(tmp_path: Path, way: str, options: list[str]) -> None:
    root, executed = tmp_path / "root", tmp_path / "executed"
    root.mkdir()
    for name in NAMES:
        (root / f"{name}.py").write_text(f"open({str(executed)!r}, 'a').write({name!r} + ' ')\nraise SystemExit(9)\n")
    port = free_port()
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", START, "--no-browser", f"--port={port}", *options],
            cwd=root,
            env=environment(tmp_path, root, TOKEN) | {"PYTHONPATH": str(REPO)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(way, f"http://127.0.0.1:{port}/", TOKEN, port, root, tmp_path, process)
    try:
        wait_until_up(server)
        assert "python3" in json.loads(server._request("GET", "api/kernelspecs"))["kernelspecs"]  # the sidecar runs
        assert json.loads(server._request("GET", "api/terminals")) == []
        assert "html" in json.loads(server._request("GET", "api/nbconvert"))  # so does a conversion
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGTERM)
            process.wait(STOP_TIMEOUT_S)
        end_sidecars(server.runtime_dir)
    assert not executed.exists(), executed.read_text()
