"""JupyterLab's own service client, in Node, against a live server with two workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import REPO, Server

SCRIPTS = Path(__file__).parent / "services"
LIMIT_S = 110

sys.path.insert(0, str(REPO / "frontend"))
from toolchain import find_node  # noqa: E402 - the front end's build is no package


@pytest.mark.parametrize("script", sorted(path.name for path in SCRIPTS.glob("*.test.mjs")))
def test_the_service_client(server: Server, script: str) -> None:
    """Each file of tests passes; what Node prints is the reason where it does not."""
    node = find_node()
    assert node is not None, "make test installs Node"
    command = [node.node, "--test", "--test-force-exit", "--test-reporter=spec", script]
    environment = {**os.environ, "FLASKNB_URL": server.base_url, "FLASKNB_TOKEN": server.token}
    done = subprocess.run(
        command, cwd=SCRIPTS, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-8000:]}\n{done.stderr[-4000:]}\nserver:\n{server.log[-4000:]}"
