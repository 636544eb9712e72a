"""What the first notebook page needs is there before its visitor."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from flasknb.blueprints.beforehand import preparations
from flasknb.config.options import ServerApp

needed = ("nbformat", "flasknb.contents.signatures", "flasknb.kernel_bridge.websocket")
assert not [name for name in needed if name in sys.modules]
server = ServerApp(certfile="one")  # else the sidecar carries websockets
for step in preparations(server):
    step()
assert not [name for name in needed if name not in sys.modules]
before = set(sys.modules)
from flasknb.blueprints import rendering
assert "notebook.html" in str(rendering._environments[server].cache.keys())
assert not [name for name in set(sys.modules) - before if name != "flasknb.blueprints.rendering"]
"""


def test_each_step_brings_what_the_first_page_would_wait_for() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True, timeout=60)
