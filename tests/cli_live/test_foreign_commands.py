"""Jupyter's own commands find our servers, stop them, and share kernels and trust with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli_live.conftest import ask, flasknb, jupyter
from tests.servers import Server

pytestmark = pytest.mark.slow

CELL = {"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "source": "1"}
HTML = {"output_type": "display_data", "data": {"text/html": "<b>1</b>"}, "metadata": {}}


def notebook() -> dict[str, object]:
    """A notebook that is worth trusting: it has an output."""
    return {"cells": [{**CELL, "outputs": [HTML]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def is_trusted(server: Server, name: str) -> bool:
    model = ask(server, "GET", f"api/contents/{name}")
    return bool(model["content"]["cells"][0]["metadata"].get("trusted"))


def test_jupyter_server_list_shows_it_as_ours_does(server: Server) -> None:
    theirs = jupyter(server.home_dir, "server", "list")
    line = f"http://localhost:{server.port}/?token={server.token} :: {server.root_dir}"
    other = line.replace("localhost", "127.0.0.1")
    assert theirs.stdout.splitlines()[0] == "Currently running servers:"
    assert theirs.stdout.splitlines()[1] in (line, other)
    assert flasknb(server.home_dir, "list").stdout == theirs.stdout
    listed = json.loads(jupyter(server.home_dir, "server", "list", "--jsonlist").stdout)
    assert json.loads(flasknb(server.home_dir, "list", "--jsonlist").stdout) == listed
    assert [one["pid"] for one in listed] == [server.pid]


@pytest.mark.parametrize("way", ["flask", "flasknb", "gunicorn"])
def test_jupyter_server_stop_ends_it(start: Callable[[str], Server], way: str) -> None:
    server = start(way)
    said = jupyter(server.home_dir, "server", "stop", str(server.port))
    assert said.returncode == 0, said.stderr
    assert f"Shutting down server on {server.port}..." in said.stderr
    server.process.wait(15)
    assert not list(server.runtime_dir.glob("jpserver-*"))
    assert "There are no running servers" in jupyter(server.home_dir, "server", "stop").stderr


def test_jupyter_kernelspec_lists_the_kernels_it_offers(server: Server) -> None:
    theirs = json.loads(jupyter(server.home_dir, "kernelspec", "list", "--json").stdout)["kernelspecs"]
    ours = ask(server, "GET", "api/kernelspecs")["kernelspecs"]
    assert {name: spec["spec"]["display_name"] for name, spec in theirs.items()} == {
        name: spec["spec"]["display_name"] for name, spec in ours.items()
    }


def test_jupyter_trust_is_believed(server: Server) -> None:
    path = server.root_dir / "trusted there.ipynb"
    path.write_text(json.dumps(notebook()))
    assert not is_trusted(server, "trusted%20there.ipynb")
    said = jupyter(server.home_dir, "trust", str(path))
    assert "Signing notebook" in said.stdout, said
    assert is_trusted(server, "trusted%20there.ipynb")


def test_jupyter_trust_believes_us(server: Server) -> None:
    path = server.root_dir / "trusted here.ipynb"
    path.write_text(json.dumps(notebook()))
    ask(server, "POST", "api/contents/trusted%20here.ipynb/trust")
    assert "already signed" in jupyter(server.home_dir, "trust", str(path)).stdout


def test_jupyter_console_attaches_to_a_kernel_and_leaves_it_alive(server: Server) -> None:
    kernel = ask(server, "POST", "api/kernels")["id"]
    file = server.runtime_dir / f"kernel-{kernel}.json"
    first = jupyter(
        server.home_dir, "console", "--simple-prompt", "--existing", str(file), typed="x = 6 * 7\nprint('is', x)\n"
    )
    assert "is 42" in first.stdout, first
    by_name = jupyter(
        server.home_dir, "console", "--simple-prompt", "--existing", file.name, typed="print('still', x)\n"
    )
    assert "still 42" in by_name.stdout, by_name
    assert ask(server, "GET", f"api/kernels/{kernel}")["execution_state"] == "idle"
    ask(server, "DELETE", f"api/kernels/{kernel}")
    assert not file.exists()


def test_jupyter_finds_our_subcommands(server: Server, tmp_path: Path) -> None:
    program = tmp_path / "jupyter-flasknb"
    program.write_text("#!/usr/bin/env python\nimport sys\nfrom flasknb.cli.__main__ import main\nsys.exit(main())\n")
    program.chmod(0o755)
    import os
    import sys

    path = os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]])
    said = jupyter(server.home_dir, "flasknb", "list", "--json", PATH=path)
    assert [json.loads(line)["port"] for line in said.stdout.splitlines()] == [server.port], said
    assert jupyter(server.home_dir, "flasknb", "list", "-h", PATH=path).stdout.startswith("Usage: jupyter flasknb list")
