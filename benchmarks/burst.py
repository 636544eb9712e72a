"""20,000 small outputs at once: how many arrive, how fast; also while two other processes keep the processors busy."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.measuring import Client, chosen_ways, execute, table, timed, two_clients

OUTPUTS = 20_000
HOGS = 2
CODE = f"for i in range({OUTPUTS}): print(i, flush=True)"


def main() -> None:
    """Measure and print."""
    rows = [("server", "machine", "raw", "raw lost", "websocket", "lost", "ratio of times")]
    for way in chosen_ways(__doc__ or ""):
        with two_clients(way) as (raw, websocket):
            for name, hogs in (("quiet", 0), ("busy", HOGS)):
                with busy_processors(hogs):
                    raw_s, raw_lost = burst(raw)
                    websocket_s, lost = burst(websocket)
                speeds = [f"{OUTPUTS / seconds:,.0f}/s" for seconds in (raw_s, websocket_s)]
                rows.append((way, name, speeds[0], str(raw_lost), speeds[1], str(lost), f"{websocket_s / raw_s:.2f}"))
    table(f"Burst of {OUTPUTS:,} prints", rows)


def burst(client: Client) -> tuple[float, int]:
    """Seconds, and how many lines are missing."""
    seconds, found = timed(lambda: execute(client, CODE))
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
    main()
