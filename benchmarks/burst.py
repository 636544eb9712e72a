"""20,000 small outputs at once: how many arrive, how fast; also while two other processes keep the processors busy."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.measuring import Client, Row, report, run, two_clients

OUTPUTS = 20_000
HOGS = 2
CODE = f"for i in range({OUTPUTS}): print(i, flush=True)"


def measure(way: str) -> Iterator[Row]:
    """Speeds, and how many lines are missing."""
    with two_clients(way) as (raw, websocket):
        for name, hogs in (("quiet", 0), ("busy", HOGS)):
            with busy_processors(hogs):
                raw_s, raw_lost = burst(raw)
                websocket_s, lost = burst(websocket)
            speeds = (f"{OUTPUTS / raw_s:,.0f}/s", f"{OUTPUTS / websocket_s:,.0f}/s")
            yield f"burst, {name}", *speeds, f"{websocket_s / raw_s:.2f}", f"lost: raw {raw_lost}, websocket {lost}"


def burst(client: Client) -> tuple[float, int]:
    """Seconds, and how many lines are missing."""
    seconds, found = run(client, CODE)
    text = "".join(json.loads(content)["text"] for kind, content in found if kind == "stream")
    return seconds, OUTPUTS - len(set(text.split()))


@contextmanager
def busy_processors(count: int) -> Iterator[None]:
    """``count`` processes that do nothing but compute."""
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()


if __name__ == "__main__":
    report(__doc__ or "", [measure])
