"""A spare that is not ready yet: it is waited for where it comes, and left out where it does not."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from flasknb.kernel_bridge.sidecar.spare import Spare

COMES_LATE = """
import os, socket, time
with socket.socket(fileno=int(os.environ["FLASKNB_SPARE"])) as sidecar:
    time.sleep(0.3)
    sidecar.sendall(b"R")
    sidecar.makefile("rb").readline()
    sidecar.sendall(b"C")
time.sleep(60)
"""
ENDS = "raise SystemExit(1)"


def spare(program: str, folder: Path) -> Spare:
    return Spare("id", "python3", [sys.executable, "-c", program], dict(os.environ), folder / "id.log")


def test_a_spare_that_still_imports_becomes_the_kernel(tmp_path: Path) -> None:
    async def claim() -> None:
        one = spare(COMES_LATE, tmp_path)
        assert not one.is_ready
        process = await one.claimed([sys.executable, "-c", COMES_LATE], dict(os.environ), str(tmp_path))
        assert process is not None
        assert process.pid == one.pid
        process.kill()
        process.wait()

    asyncio.run(claim())


def test_a_spare_that_ends_instead_is_left_out(tmp_path: Path) -> None:
    async def claim() -> None:
        one = spare(ENDS, tmp_path)
        assert await one.claimed([sys.executable, "-c", ENDS], dict(os.environ), str(tmp_path)) is None
        assert not one.is_alive

    asyncio.run(claim())


def test_one_that_would_not_suit_is_not_waited_for(tmp_path: Path) -> None:
    async def claim() -> None:
        one = spare(COMES_LATE, tmp_path)
        assert await one.claimed(["another", "command"], dict(os.environ), str(tmp_path)) is None
        assert not one.is_alive

    asyncio.run(claim())
