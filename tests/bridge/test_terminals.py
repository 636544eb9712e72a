"""What several pages see of one terminal of a real sidecar, whoever types, comes and goes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from flasknb.kernel_bridge.client import BridgeClient
from tests.bridge.shells import LookAt, Open, names
from tests.waiting import eventually


@pytest.mark.row("6 frames")
def test_the_first_message_is_setup_and_the_last_is_disconnect(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal()
    screen.type("echo hi''there; exit\r")
    screen.wait_for_end()
    assert "hithere\r\n" in screen.text
    assert screen.messages[0] == "setup"
    assert screen.messages[-1] == "disconnect"
    assert set(screen.messages[1:-1]) == {"stdout"}
    assert names(bridge) == []


@pytest.mark.row("6 replay")
def test_a_second_page_gets_what_was_shown_and_then_the_same(
    bridge: BridgeClient, open_terminal: Open, look_at: LookAt
) -> None:
    first = open_terminal(name="shared")
    first.run("echo one")
    second = look_at(bridge, "shared")
    second.wait(lambda: len(second.messages) >= 2)
    assert second.messages[:2] == ["setup", "stdout"]
    assert second.text == first.text
    second.type("echo tw''o\r")
    for screen in (first, second):
        screen.wait_for("two\r\n")
    second.leave()
    assert first.run("echo three") == "three\r\n"


def test_a_terminal_goes_on_without_pages(
    bridge: BridgeClient, open_terminal: Open, look_at: LookAt, tmp_path: Path
) -> None:
    screen = open_terminal(name="alone")
    gate, done = tmp_path / "gate", tmp_path / "done"
    screen.type(f"until test -e {gate}; do sleep 0.1; done; echo la''ter; touch {done}\r")
    screen.leave()
    gate.touch()
    assert eventually(done.exists)
    look_at(bridge, "alone").wait_for("later\r\n")


def test_characters_cut_between_reads_arrive_whole(open_terminal: Open) -> None:
    screen = open_terminal()
    assert (
        screen.run(r"printf '\303'; sleep 0.3; printf '\251\360\237'; sleep 0.3; printf '\221\215'; echo") == "é👍\r\n"
    )
    assert screen.run(r"printf '\377\303'; echo") == "��\r\n"


@pytest.mark.row("6 size")
def test_the_terminal_is_as_large_as_the_smallest_page(
    bridge: BridgeClient, open_terminal: Open, look_at: LookAt
) -> None:
    first = open_terminal(name="sized")
    assert first.run("stty size") == "25 80\r\n"
    first.send("set_size", 50, 200, 1000, 2000)
    assert first.run("stty size") == "50 200\r\n"
    second = look_at(bridge, "sized")
    second.send("set_size", 30, 250)
    assert eventually(lambda: first.run("stty size") == "30 200\r\n")
    second.leave()
    assert eventually(lambda: first.run("stty size") == "50 200\r\n")


@pytest.mark.row("4.9 list")
def test_activity_is_input_and_output(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal(name="active")
    screen.run("true")

    def is_quiet() -> bool:
        """The shell's prompt may come in several pieces, the last of them late on a busy machine."""
        seen = bridge.terminals.get("active").last_activity
        time.sleep(0.3)
        return bridge.terminals.get("active").last_activity == seen

    assert eventually(is_quiet)
    before = bridge.terminals.get("active").last_activity
    screen.run("true")
    assert bridge.terminals.get("active").last_activity > before
    assert bridge.status().last_activity >= bridge.terminals.get("active").last_activity
