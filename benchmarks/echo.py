"""How long an empty ``execute_request`` takes to its reply and idle status: websocket against raw ZMQ, in turns."""

from __future__ import annotations

from benchmarks.measuring import chosen_ways, execute, median_ms, table, timed, two_clients

ROUNDS = 300
WANTED_RATIO = 1.4


def main() -> None:
    """Measure and print."""
    rows = [("server", "raw ms", "websocket ms", "ratio", f"wanted ≤ {WANTED_RATIO}")]
    for way in chosen_ways(__doc__ or ""):
        raw_s, websocket_s = [], []
        with two_clients(way) as (raw, websocket):
            for _ in range(ROUNDS):  # in turns, so that noise of the machine hits both
                raw_s.append(timed(lambda: execute(raw, ""))[0])
                websocket_s.append(timed(lambda: execute(websocket, ""))[0])
        ratio = median_ms(websocket_s) / median_ms(raw_s)
        verdict = "yes" if ratio <= WANTED_RATIO else "no"
        rows.append((way, f"{median_ms(raw_s):.2f}", f"{median_ms(websocket_s):.2f}", f"{ratio:.2f}", verdict))
    table(f"Echo of an empty execute_request, median of {ROUNDS}", rows)


if __name__ == "__main__":
    main()
