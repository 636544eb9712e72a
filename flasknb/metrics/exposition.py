"""The text that Prometheus reads, version 0.0.4 of its format. Pure.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flasknb.metrics.durations import BOUNDS_S, Histogram, Labels

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
REQUESTS = "http_request_duration_seconds"
LABEL_NAMES = ("method", "handler", "status_code")


@dataclass(frozen=True)
class Gauge:
    """One figure of now; ``samples`` are labels and values."""

    name: str
    meaning: str
    samples: Iterable[tuple[Mapping[str, str], float]]


def exposition(gauges: Iterable[Gauge], requests: Mapping[Labels, Histogram]) -> str:
    """All figures as text."""
    lines: list[str] = []
    for gauge in gauges:
        lines += _head(gauge.name, "gauge", gauge.meaning)
        lines += [f"{gauge.name}{_labelled(labels)} {value!r}" for labels, value in gauge.samples]
    lines += _head(REQUESTS, "histogram", "Time from the request's arrival to the begin of its answer, by status.")
    for labels, histogram in sorted(requests.items()):
        lines += _histogram_lines(dict(zip(LABEL_NAMES, labels, strict=True)), histogram)
    return "\n".join(lines) + "\n"


def _histogram_lines(labels: Mapping[str, str], histogram: Histogram) -> list[str]:
    lines, count = [], 0
    for bound, in_bucket in zip([*map(str, BOUNDS_S), "+Inf"], histogram.counts, strict=True):
        count += in_bucket
        lines.append(f"{REQUESTS}_bucket{_labelled({**labels, 'le': bound})} {count}")
    return [
        *lines,
        f"{REQUESTS}_count{_labelled(labels)} {count}",
        f"{REQUESTS}_sum{_labelled(labels)} {histogram.sum_s!r}",
    ]


def _head(name: str, kind: str, meaning: str) -> list[str]:
    return [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]


def _labelled(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
