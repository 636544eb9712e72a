"""The page's own client code in a Node of its own, for networks that break."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import REPO

sys.path.insert(0, str(REPO / "frontend"))
from toolchain import find_node

BUILD_TIMEOUT_S = 120


@dataclass(frozen=True)
class Shown:
    """What a page ended up with. ``gaps`` are pairs of numbers, or of ``None``."""

    text: str
    gaps: list[list[int | None]]
    bad: list[str]
    returns: int
    reply: str


class NodePage:
    """The page's client code in a Node of its own, from ``page_client.ts``.

    Args:
        folder: where its bundle is put.
        url: address of the kernel's websocket.
        code: what it executes.
    """

    def __init__(self, folder: Path, url: str, code: str) -> None:
        node = find_node()
        assert node is not None, "the front end's tests need Node"
        bundle = folder / "page_client.cjs"
        options = {
            "entryPoints": ["tests/faults/page_client.ts"],
            "bundle": True,
            "platform": "node",
            "outfile": str(bundle),
        }
        script = f"require({str(REPO / 'frontend/node_modules/esbuild')!r}).buildSync({json.dumps(options)})"
        subprocess.run([node.node, "-e", script], cwd=REPO, check=True, timeout=BUILD_TIMEOUT_S)
        self._process = subprocess.Popen(
            [node.node, "--experimental-websocket", "--no-warnings", str(bundle), url, code],
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def has_finished(self) -> bool:
        """Whether the cell is done."""
        return self._process.poll() is not None

    def sleep(self, for_s: float) -> None:
        """The laptop is closed: nothing of the page runs, for ``for_s`` seconds and until ``wake``."""
        self._process.send_signal(signal.SIGSTOP)
        time.sleep(for_s)

    def wake(self) -> None:
        """The laptop is opened."""
        self._process.send_signal(signal.SIGCONT)

    def shown(self, timeout_s: float) -> Shown:
        """Wait for the cell's end. Raises subprocess.TimeoutExpired."""
        try:
            told, _ = self._process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise
        found: dict[str, Any] = json.loads(told)
        return Shown(**found)
