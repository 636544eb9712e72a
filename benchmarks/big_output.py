"""One output of 8 MB and 5,000 of 10 kB: whether they arrive whole and in order, and how fast."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.measuring import Client, Row, report, run, two_clients

LOADS = {
    "1 x 8 MB": (1, 8_000_000),
    "5,000 x 10 kB": (5_000, 10_000),
}


def measure(way: str) -> Iterator[Row]:
    """Speeds, and whether all arrived."""
    with two_clients(way) as (raw, websocket):
        for name, (count, size_bytes) in LOADS.items():
            megabytes = count * size_bytes / 1e6
            raw_s, raw_whole = show(raw, count, size_bytes)
            websocket_s, whole = show(websocket, count, size_bytes)
            speeds = (f"{megabytes / raw_s:.0f} MB/s", f"{megabytes / websocket_s:.0f} MB/s")
            yield name, *speeds, f"{websocket_s / raw_s:.2f}", f"whole: raw {raw_whole}, websocket {whole}"


def show(client: Client, count: int, size_bytes: int) -> tuple[float, str]:
    """Seconds, and whether every output arrived whole and in order."""
    code = f"for i in range({count}): display({{'text/plain': str(i).ljust({size_bytes}, 'x')}}, raw=True)"
    seconds, found = run(client, code)
    texts = [json.loads(content)["data"]["text/plain"] for kind, content in found if kind == "display_data"]
    is_whole = all(len(text) == size_bytes for text in texts)
    return seconds, "yes" if is_whole and [text.rstrip("x") for text in texts] == list(map(str, range(count))) else "NO"


if __name__ == "__main__":
    report(__doc__ or "", [measure])
