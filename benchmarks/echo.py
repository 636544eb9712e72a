"""How long an empty ``execute_request`` takes to its reply and idle status: websocket against raw ZMQ, in turns."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measuring import Row, execute, median_ms, report, timed, two_clients

ROUNDS = 300
WANTED_RATIO = 1.4


def measure(way: str) -> Iterator[Row]:
    """Medians."""
    raw_s, websocket_s = [], []
    with two_clients(way) as (raw, websocket):
        for _ in range(ROUNDS):  # in turns, so that noise of the machine hits both
            raw_s.append(timed(lambda: execute(raw, ""))[0])
            websocket_s.append(timed(lambda: execute(websocket, ""))[0])
    raw_ms, websocket_ms = median_ms(raw_s), median_ms(websocket_s)
    ratio = websocket_ms / raw_ms
    verdict = f"wanted <= {WANTED_RATIO}: {'yes' if ratio <= WANTED_RATIO else 'NO'}"
    yield f"echo, median of {ROUNDS}", f"{raw_ms:.2f} ms", f"{websocket_ms:.2f} ms", f"{ratio:.2f}", verdict


if __name__ == "__main__":
    report(__doc__ or "", [measure])
