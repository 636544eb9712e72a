"""What a worker believes of the sidecar's figures on the board, and what it does not."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from flasknb.kernel_bridge import status_board
from flasknb.kernel_bridge.models import SidecarStatus
from flasknb.kernel_bridge.status_board import HEAD, StatusBoard, StatusReader

FIGURES = SidecarStatus(2, 1, "2026-01-31T12:00:01.000000Z", "2026-01-31T12:00:00.000000Z")
PID = os.getpid()


def test_figures_are_read_as_they_were_put_up(tmp_path: Path) -> None:
    board, reader = StatusBoard(tmp_path), StatusReader(tmp_path)
    assert reader.read(PID) is None
    board.put_up(FIGURES)
    assert reader.read(PID) == FIGURES
    assert stat.S_IMODE((tmp_path / "status").stat().st_mode) == 0o600


def test_what_was_taken_down_is_not_read(tmp_path: Path) -> None:
    board, reader = StatusBoard(tmp_path), StatusReader(tmp_path)
    board.put_up(FIGURES)
    assert reader.read(PID) == FIGURES
    board.take_down()
    board.beat()
    assert reader.read(PID) is None


def test_a_sidecar_that_gives_no_sign_of_life_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    board, reader = StatusBoard(tmp_path), StatusReader(tmp_path)
    board.put_up(FIGURES)
    later_s = time.monotonic() + status_board.MAX_AGE_S + 0.1
    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: later_s)
        assert reader.read(PID) is None
        board.beat()
        assert reader.read(PID) == FIGURES
    assert reader.read(PID) is None  # a sign of life from the future is of another clock


def test_the_board_of_another_sidecar_is_let_go(tmp_path: Path) -> None:
    StatusBoard(tmp_path).put_up(FIGURES)
    reader = StatusReader(tmp_path)
    assert reader.read(PID) == FIGURES
    assert reader.read(PID + 1) is None
    StatusBoard(tmp_path)
    assert reader.read(PID) is None


@pytest.mark.parametrize("at", [0, HEAD.size, HEAD.size + 40])
def test_half_written_figures_are_not_read(tmp_path: Path, at: int) -> None:
    board, reader = StatusBoard(tmp_path), StatusReader(tmp_path)
    board.put_up(FIGURES)
    with (tmp_path / "status").open("r+b") as file:
        file.seek(at)
        file.write(b"\xff")
    assert reader.read(PID) is None


@pytest.mark.parametrize("content", [b"", b"short", bytes(4096)])
def test_a_file_that_is_no_board_is_not_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "status").write_bytes(content)
    assert StatusReader(tmp_path).read(PID) is None
    assert StatusReader(tmp_path).read(0) is None


def test_a_link_in_its_place_is_neither_written_nor_read(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "status").symlink_to(victim)
    assert StatusReader(tmp_path).read(PID) is None
    board = StatusBoard(tmp_path)
    board.put_up(FIGURES)
    assert victim.read_text() == "mine"


def test_without_a_folder_nothing_is_put_up(tmp_path: Path) -> None:
    for folder in (None, tmp_path / "missing"):
        board = StatusBoard(folder)
        board.put_up(FIGURES)
        board.take_down()
        board.beat()
    assert list(tmp_path.iterdir()) == []


def test_figures_that_do_not_fit_leave_nothing_old(tmp_path: Path) -> None:
    board, reader = StatusBoard(tmp_path), StatusReader(tmp_path)
    board.put_up(FIGURES)
    board.take_down()
    board.put_up(SidecarStatus(1, 1, "x" * 600, ""))
    assert reader.read(PID) is None
