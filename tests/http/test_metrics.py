"""``/metrics``: who may read it, which figures it has, and that those of all workers are added up."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from flasknb.metrics import request_times
from flasknb.metrics.durations import Histogram, added_up, bucket_of, pack_record, unpack_records
from flasknb.metrics.request_times import RequestTimes
from tests.conftest import MakeSite, Site, Visitor

LABELS = ("GET", "contents.get_entry", "200")


def figures(visitor: Visitor) -> dict[tuple[str, ...], float]:
    """Name and label values → value."""
    answer = visitor.get("metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@pytest.mark.row("2 metrics")
def test_the_figures_ask_for_a_login(site: Site) -> None:
    assert site.stranger.get("metrics").status_code == 403
    assert site.browser.get("metrics").status_code == 200


@pytest.mark.row("2 metrics")
def test_the_login_can_be_switched_off(make_site: MakeSite) -> None:
    assert make_site(authenticate_prometheus=False).stranger.get("metrics").status_code == 200


@pytest.mark.row("2 metrics")
def test_kernels_and_requests_are_counted_under_jupyters_names(site: Site) -> None:
    site.api.post("api/kernels")
    site.api.get("api/contents")
    site.api.get("api/contents/missing")
    found = figures(site.api)
    assert found["kernel_currently_running_total", "python3"] == 1
    assert found["terminal_currently_running_total",] == 0
    request = "http_request_duration_seconds_count"
    assert found[request, "GET", "contents.get_entry", "200"] == 1
    assert found[request, "GET", "contents.get_entry", "404"] == 1
    assert found[request, "POST", "kernels.start_kernel", "201"] == 1
    assert found["http_request_duration_seconds_bucket", "GET", "contents.get_entry", "200", "+Inf"] == 1
    assert found["jupyter_server_started_timestamp_seconds",] > 0
    assert any(name == "jupyter_server_info" for name, *_ in found)


def test_invented_methods_make_no_new_figures(site: Site) -> None:
    for number in range(20):
        site.api(f"METHOD{number}", "api/contents")
    assert len([name for name, *_ in figures(site.api) if name.endswith("_count")]) <= 2


def test_a_disk_that_takes_no_figures_fails_no_request(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(RequestTimes, "_make_file", refuse)
    assert site.api.get("api").status_code == 200


def count(folder: Path, times: int) -> None:
    one = RequestTimes(folder)
    for _ in range(times):
        one.observe(*LABELS[:2], 200, 0.02)


def test_the_figures_of_processes_that_ended_are_kept_by_those_that_start(tmp_path: Path) -> None:
    for _ in range(3):
        process = multiprocessing.get_context("spawn").Process(target=count, args=(tmp_path, 5))
        process.start()
        process.join(60)
    assert sum(RequestTimes(tmp_path).totals()[LABELS].counts) == 15
    count(tmp_path, 1)
    assert sum(RequestTimes(tmp_path).totals()[LABELS].counts) == 16
    assert len([path for path in (tmp_path / "metrics").iterdir() if path.name != "lock"]) == 1


def test_there_is_an_end_to_different_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_times, "MAX_RECORDS", 3)
    times = RequestTimes(tmp_path)
    for number in range(10):
        times.observe("GET", f"handler{number}", 200, 0.1)
    assert len(times.totals()) == 3


@pytest.mark.parametrize(("duration_s", "bucket"), [(0.0, 0), (0.005, 0), (0.0051, 1), (10.0, 13), (11.0, 14)])
def test_a_duration_falls_into_its_bucket(duration_s: float, bucket: int) -> None:
    assert bucket_of(duration_s) == bucket


def test_records_survive_the_way_through_a_file_and_garbage_is_not_read() -> None:
    histogram = Histogram((1,) + (0,) * 13 + (2,), 3.5)
    content = pack_record(LABELS, histogram) + pack_record(("POST", "x" * 500, "201"), histogram) + b"garbage" * 100
    records = dict(unpack_records(content))
    assert records[LABELS] == histogram
    assert added_up([(LABELS, histogram), (LABELS, histogram)])[LABELS].sum_s == 7.0
