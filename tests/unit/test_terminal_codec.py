"""Messages of the terminal websocket: what is passed on, what is ignored, what ends the connection."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flasknb.kernel_bridge.frames import FrameDecoder
from flasknb.kernel_bridge.terminal_codec import (
    BadTerminalMessage,
    Command,
    Resized,
    Shown,
    Typed,
    command_of,
    frame_of,
    packed_command,
)


def crossed(message: Any) -> Command | None:
    packed = packed_command(json.dumps(message))
    return None if packed is None else command_of(packed)


@pytest.mark.parametrize(
    ("message", "command"),
    [
        (["stdin", "ls\r"], Typed(b"ls\r")),
        (["stdin", "é\x00👍"], Typed("é\x00👍".encode())),
        (["stdin", ""], Typed(b"")),
        (["set_size", 24, 80], Resized(24, 80)),
        (["set_size", 24.0, 80, 300, 600], Resized(24, 80)),
        (["ack", 12_345_678_901], Shown(12_345_678_901)),
    ],
)
def test_commands_cross_the_bridge(message: Any, command: Command) -> None:
    assert crossed(message) == command


@pytest.mark.parametrize(
    "message",
    [
        ["stdin"],
        ["stdin", 5],
        ["stdin", None],
        ["set_size"],
        ["set_size", 24],
        ["set_size", None, None],
        ["set_size", 0, 80],
        ["set_size", -3, 80],
        ["set_size", 24, 10**9],
        ["set_size", 24.5, 80],
        ["set_size", True, True],
        ["set_size", "24", "80"],
        ["ack", -1],
        ["ack", 2**70],
        ["something", "else"],
    ],
    ids=json.dumps,
)
def test_what_means_nothing_is_ignored(message: Any) -> None:
    assert packed_command(json.dumps(message)) is None


@pytest.mark.parametrize(
    "message", ["", "ls", "{}", '{"stdin": "x"}', "[]", "[1, 2]", "null", b"[]", "[" * 5000, '["a']
)
def test_what_is_no_message_ends_the_connection(message: str | bytes) -> None:
    with pytest.raises(BadTerminalMessage):
        packed_command(message)


@pytest.mark.parametrize("packed", [b"", b"x", b"s12", b"a1"])
def test_garbage_on_the_bridge_is_told_from_commands(packed: bytes) -> None:
    with pytest.raises(BadTerminalMessage):
        command_of(packed)


def test_output_travels_as_the_websockets_own_message() -> None:
    (frame,) = FrameDecoder().feed(frame_of("stdout", "é\x1b[0m\r\n"))
    assert json.loads(frame.body) == ["stdout", "é\x1b[0m\r\n"]
