"""What a terminal keeps for pages that come later: bounded, begun cleanly, and without questions."""

from __future__ import annotations

import pytest

from flasknb.kernel_bridge.terminal_replay import Replay


def replayed(*pieces: str, limit: int = 1000) -> str:
    replay = Replay(limit)
    for piece in pieces:
        replay.append(piece)
    return replay.text()


def test_short_output_comes_back_whole() -> None:
    assert replayed("\x1b[31mred", "\x1b[0m\r\n", "$ ") == "\x1b[31mred\x1b[0m\r\n$ "


def test_nothing_is_nothing() -> None:
    assert replayed() == ""


def test_it_is_bounded_and_keeps_the_newest() -> None:
    lines = [f"line {number}\r\n" for number in range(10_000)]
    text = replayed(*lines, limit=1000)
    assert 700 < len(text) <= 1250
    assert text.endswith("line 9999\r\n")


def test_it_begins_with_a_line() -> None:
    text = replayed("x" * 990 + "\r\n", *(f"{number:08}\r\n" for number in range(100)), limit=500)
    assert text[8:10] == "\r\n"


@pytest.mark.parametrize("width", range(1, 9))
def test_no_escape_sequence_is_cut(width: int) -> None:
    """Where there are no lines, the text begins with a whole sequence."""
    text = replayed("x" * width + "\x1b[38;5;196mA\x1b[0m" * 400, limit=500)
    assert text.startswith(("\x1b[38;5;196mA", "\x1b[0m"))


def test_one_huge_piece_without_any_beginning_is_cut_all_the_same() -> None:
    assert len(replayed("x" * 100_000, limit=1000)) == 1000


def test_modes_of_the_dropped_part_are_told_first() -> None:
    text = replayed("\x1b[?1049h\x1b[?25l\x1b[?2004h", *["\x1b[H" + "y" * 97] * 50, limit=500)
    assert text.startswith("\x1b[?1049h\x1b[?2004h\x1b[?25l")


def test_modes_that_were_switched_back_are_told_as_they_are() -> None:
    text = replayed("\x1b[?1049h\x1b[?1;2004h\x1b[?1049l", *["y" * 99 + "\n"] * 50, limit=500)
    assert text.startswith("\x1b[?1h\x1b[?2004h\x1b[?1049l")


def test_a_reset_in_the_dropped_part_ends_its_modes() -> None:
    assert replayed("\x1b[?1049h\x1bc", *["y" * 99 + "\n"] * 50, limit=500).startswith("y")


def test_a_hostile_program_cannot_make_the_modes_grow() -> None:
    modes = "".join(f"\x1b[?{number}h" for number in range(5000))
    assert len(replayed(modes, *["y" * 99 + "\n"] * 50, limit=500)) < 2000


@pytest.mark.parametrize(
    "question",
    [
        "\x05",
        "\x1b[c",
        "\x1b[0c",
        "\x1b[>c",
        "\x1b[=c",
        "\x1bZ",
        "\x1b[5n",
        "\x1b[6n",
        "\x1b[?6n",
        "\x1b[?996n",
        "\x1b[>q",
        "\x1b[>0q",
        "\x1b[?2026$p",
        "\x1b[4$p",
        "\x1b[14t",
        "\x1b[18t",
        "\x1b[21t",
        "\x1b[?u",
        "\x1b[x",
        "\x1b]10;?\x07",
        "\x1b]11;?\x1b\\",
        "\x1b]4;12;?\x07",
        "\x1bP$qm\x1b\\",
        "\x1bP+q544e\x1b\\",
    ],
    ids=repr,
)
def test_row_61_questions_are_not_asked_twice(question: str) -> None:
    """Attack row 61: the answers of a page that comes back would become input of the shell."""
    assert replayed(f"a{question}b") == "ab"


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[3J",
        "\x1b[22;0;0t",
        "\x1b]0;title\x07",
        "\x1b]8;;https://e.org\x1b\\",
        "\x1b[?25h",
        "\x1b[5m",
        "\x1b7\x1b8",
    ],
)
def test_other_sequences_stay(text: str) -> None:
    assert replayed(text) == text
