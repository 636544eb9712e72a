"""The time before the first sidecar: who has to wait, and who starts it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge import ahead
from flasknb.kernel_bridge.ahead import BeforeTheFirst
from flasknb.kernel_bridge.models import SidecarStatus
from tests.waiting import eventually


class Start:
    """Counts how often a sidecar was wanted; ``go_on`` lets the start come to its end."""

    def __init__(self, folder: Path, *, fails: bool = False) -> None:
        self.folder, self.fails = folder, fails
        self.count = 0
        self.go_on = threading.Event()

    def __call__(self) -> None:
        self.count += 1
        assert self.go_on.wait(10)
        if self.fails:
            raise SidecarUnavailable("It does not start.")
        (self.folder / "sidecar.json").write_text("{}")

    def before(self, **config: Any) -> BeforeTheFirst:
        return BeforeTheFirst(lambda: self.folder, config, self)


def counts(status: SidecarStatus | None) -> tuple[int, int] | None:
    return None if status is None else (status.kernels, status.connections)


def test_figures_alone_start_nothing(tmp_path: Path) -> None:
    start = Start(tmp_path)
    before = start.before()
    assert [counts(before.status()) for _ in range(3)] == [(0, 0)] * 3
    before.end()
    assert start.count == 0


def test_a_visitor_waits_for_nothing_and_has_one_sidecar_started(tmp_path: Path) -> None:
    start = Start(tmp_path)
    before = start.before()
    for _ in range(3):
        before.expect_use(at_once=False)
    assert eventually(lambda: start.count == 1)
    assert counts(before.status()) == (0, 0)
    start.go_on.set()
    assert eventually(lambda: before.status() is None)
    assert start.count == 1


def test_who_surely_wants_a_kernel_has_it_started_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "DELAY_S", 60.0)
    start = Start(tmp_path)
    start.before().expect_use(at_once=True)
    assert eventually(lambda: start.count == 1)
    start.go_on.set()


def test_a_sidecar_that_does_not_start_is_not_hidden(tmp_path: Path) -> None:
    start = Start(tmp_path, fails=True)
    before = start.before()
    before.expect_use(at_once=False)
    assert before.status() is not None
    start.go_on.set()
    assert eventually(lambda: before.status() is None), "whoever asks hears why"
    assert start.count == 1


def a_sidecar(folder: Path) -> None:
    (folder / "sidecar.json").write_text("{}")


def a_dead_ones_kernel(folder: Path) -> None:
    (folder / "kernels").mkdir()
    (folder / "kernels" / "one.json").write_text("{}")


@pytest.mark.parametrize("leave", [a_sidecar, a_dead_ones_kernel])
def test_what_may_run_is_asked(tmp_path: Path, leave: Callable[[Path], None]) -> None:
    leave(tmp_path)
    start = Start(tmp_path)
    before = start.before()
    before.expect_use(at_once=False)
    assert before.status() is None
    assert start.count == 0


def test_a_folder_that_was_empty_is_read_again_when_it_changes(tmp_path: Path) -> None:
    records = tmp_path / "kernels"
    records.mkdir()
    long_ago_s = time.time() - 60
    os.utime(records, (long_ago_s, long_ago_s))
    before = Start(tmp_path).before()
    assert before.status() is not None
    assert before.status() is not None
    (records / "one.json").write_text("{}")
    assert before.status() is None


@pytest.mark.parametrize(
    "config",
    [
        {"KernelSidecar": {"address": "tcp://far:1"}},
        {"GatewayClient": {"url": "http://far"}},
        {"ServerApp": {"allow_external_kernels": True}},
        {"ServerApp": {"kernel_manager_class": "mine.Manager"}},
        {"ServerApp": {"session_manager_class": "mine.Sessions"}},
    ],
)
def test_kernels_that_come_from_elsewhere_are_asked_for(tmp_path: Path, config: dict[str, Any]) -> None:
    assert Start(tmp_path).before(**config).status() is None


def test_a_server_that_ends_starts_none(tmp_path: Path) -> None:
    start = Start(tmp_path)
    before = start.before()
    before.expect_use(at_once=False)
    before.end()
    before.expect_use(at_once=False)
    assert counts(before.status()) == (0, 0)
    assert start.count == 0


def test_a_server_that_ends_waits_for_the_one_that_it_starts(tmp_path: Path) -> None:
    start = Start(tmp_path)
    before = start.before()
    before.expect_use(at_once=False)
    assert eventually(lambda: start.count == 1)
    threading.Timer(0.2, start.go_on.set).start()
    before.end()
    assert (tmp_path / "sidecar.json").exists()
