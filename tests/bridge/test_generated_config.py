"""A real server with the file that ``--generate-config`` writes, as it is and with all its lines switched on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from flasknb.cli.option_texts import file_of_every_option
from tests.bridge.commands import REPO, flasknb, running

ONE_CODE_CELL = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", id="a")]))


def connection_of(home: Path, kernel_id: str) -> str:
    return (home / f"runtime/kernel-{kernel_id}.json").read_text()


def run_in(home: Path, kernel_id: str, code: str) -> str:
    """What an independent client sees the kernel print."""
    file = home / f"runtime/kernel-{kernel_id}.json"
    script = (
        "import sys\nfrom jupyter_client import BlockingKernelClient\n"
        f"client = BlockingKernelClient(connection_file={str(file)!r})\n"
        "client.load_connection_file(); client.start_channels(); client.wait_for_ready(timeout=20)\n"
        f"client.execute_interactive({code!r}, timeout=20); client.stop_channels()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, cwd=REPO, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("switched_on", [False, True], ids=["as it is", "every line switched on"])
def test_a_kernel_runs_with_the_generated_file(tmp_path: Path, switched_on: bool) -> None:
    text = file_of_every_option()
    if switched_on:
        text, lines = re.subn(r"(?m)^# (?=c\.\w+\.\w+ = )", "", text)
        assert lines > 150
    (tmp_path / "config").mkdir()
    (tmp_path / "config/jupyter_flasknb_config.py").write_text(text)
    (tmp_path / "root").mkdir()
    (tmp_path / "root/a.ipynb").write_text(ONE_CODE_CELL)
    with running(flasknb("--port=0"), tmp_path) as command:
        kernel_id = command.ask("POST", "api/kernels")["id"]
        assert '"key": ""' not in connection_of(tmp_path, kernel_id)
        assert run_in(tmp_path, kernel_id, "print(6 * 7)") == "42\n"
        command.ask("POST", "api/contents/a.ipynb/trust")
        command.ask("POST", "api/contents/a.ipynb/checkpoints")
        assert (tmp_path / "root/.ipynb_checkpoints").is_dir()
        assert (tmp_path / "data/notebook_secret").stat().st_size > 100
        assert (tmp_path / "data/nbsignatures.db").exists()
        assert "Traceback" not in command.output
