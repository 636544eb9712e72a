"""``python -m benchmarks``: echo, burst and big outputs one after the other, in one table."""

from __future__ import annotations

from benchmarks import big_output, burst, echo
from benchmarks.measuring import report

if __name__ == "__main__":
    report(__doc__ or "", [echo.measure, burst.measure, big_output.measure], default_ways=["flasknb"])
