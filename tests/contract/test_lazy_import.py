"""What an import brings along. A gevent worker patches late, so what gunicorn reads first must bring nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
IMPORT_TIMEOUT_S = 60
NEVER_BEFORE_PATCHING = {
    *("flask", "jinja2", "jupyter_client", "jupyter_core", "nbformat", "traitlets", "werkzeug", "zmq"),
    *("asyncio", "gevent", "logging", "select", "socket", "ssl", "subprocess", "threading"),
}
NOT_FOR_A_WEB_WORKER = {"zmq", "jupyter_client", "tornado", "ipykernel", "IPython"}


def modules_after(statement: str) -> set[str]:
    """Top-level modules that are loaded after ``statement`` in a fresh interpreter without site-packages' hooks."""
    program = f"import sys; before = set(sys.modules); {statement}; print(*sorted(set(sys.modules) - before))"
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=REPO, capture_output=True, text=True, timeout=IMPORT_TIMEOUT_S, check=True
    )
    return {name.partition(".")[0] for name in answer.stdout.split()}


@pytest.mark.parametrize("statement", ["import flasknb", "import flasknb.gunicorn_conf", "import flasknb.cli.__main__"])
def test_what_runs_before_patching_imports_nothing_that_patching_changes(statement: str) -> None:
    assert modules_after(statement) & NEVER_BEFORE_PATCHING == set()


def test_gunicorns_logger_brings_nothing_of_ours_but_the_scrubbing() -> None:
    loaded = modules_after("import gunicorn.glogging; before = set(sys.modules); import flasknb.cli.logs.gunicorn_log")
    assert loaded & {"flask", "gevent", "traitlets", "jinja2", "zmq"} == set()


def test_the_first_answer_needs_no_kernel_libraries() -> None:
    assert modules_after("import flasknb.app") & NOT_FOR_A_WEB_WORKER == set()


def test_importing_the_package_patches_nothing() -> None:
    program = "import flasknb.app; from gevent import monkey; assert not monkey.saved"
    subprocess.run([sys.executable, "-c", program], cwd=REPO, timeout=IMPORT_TIMEOUT_S, check=True)
