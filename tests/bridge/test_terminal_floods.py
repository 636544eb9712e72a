"""Too much output or input for a terminal: bounded memory, nobody else held up, nothing lost that is read."""

from __future__ import annotations

import threading
import time

import psutil
import pytest

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest
from tests.bridge.shells import LookAt, Open, names, pid_of, wait_until_runs
from tests.bridge.sidecars import sidecar_pid

FLOODED_S = 0.1  # between two looks, so that the flood goes on for a while
HELD_UP_S = 4.0  # what somebody else may wait at the most, on a slow machine that runs other tests too


def memory_mb(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / 1e6


def test_endless_output_neither_eats_memory_nor_stops_the_others(bridge: BridgeClient, open_terminal: Open) -> None:
    """Nobody reads, one reads, kernels and calls go on."""
    kernel = bridge.start_kernel(KernelRequest())
    quiet, watched = open_terminal(), open_terminal(name="flood")
    quiet.run("true")
    before_mb = memory_mb(sidecar_pid(bridge))
    watched.type("cat /dev/urandom\r")
    worst_s = 0.0
    for number in range(15):
        begun_s = time.monotonic()
        assert quiet.run(f"echo {number}") == f"{number}\r\n"
        bridge.get_kernel(kernel.id)
        worst_s = max(worst_s, time.monotonic() - begun_s)
        time.sleep(FLOODED_S)
    assert worst_s < HELD_UP_S
    assert memory_mb(sidecar_pid(bridge)) - before_mb < 60
    watched.leave()
    for number in range(10):
        assert quiet.run(f"echo {number}") == f"{number}\r\n"
        time.sleep(FLOODED_S)
    assert memory_mb(sidecar_pid(bridge)) - before_mb < 60
    bridge.terminals.delete("flood")
    bridge.shutdown_kernel(kernel.id)


def test_four_megabytes_arrive_whole_at_a_page_that_reads(open_terminal: Open) -> None:
    screen = open_terminal()
    shown = screen.run("head -c 4000000 /dev/zero | tr '\\0' x")
    assert (len(shown), set(shown)) == (4_000_000, {"x"})


def test_a_page_that_does_not_read_stops_nobody_for_long(
    bridge: BridgeClient, open_terminal: Open, look_at: LookAt
) -> None:
    """It is left behind, and comes level with a reset and the newest output once it reads again."""
    fast, slow = open_terminal(name="pace"), look_at(bridge, "pace")
    shown = fast.run("head -c 8000000 /dev/zero | tr '\\0' x; echo; echo last")
    assert len(shown) > 8_000_000
    slow.wait(lambda: slow.text.endswith(fast.text[-5:]) and "\x1bc" in slow.text)
    after_reset = slow.text.rpartition("\x1bc")[2]
    assert after_reset.rstrip().endswith(fast.text.rstrip()[-200:])
    assert len(after_reset) < 1_000_000


def test_a_page_that_says_what_it_has_shown_gets_no_more_than_a_window(open_terminal: Open) -> None:
    screen = open_terminal()
    screen.send("ack", 0)
    screen.type("yes; true\r")
    screen.wait(lambda: len(screen.text) > 500_000)
    while screen.look(1.0):
        pass
    assert len(screen.text) < 1_000_000
    screen.send("ack", len(screen.text))
    had = len(screen.text)
    screen.wait(lambda: len(screen.text) > had + 400_000)
    screen.send("ack", 2**62)  # a lie helps nobody: it counts as what was sent
    screen.type("\x03")
    screen.wait_for("^C")


def test_a_long_paste_arrives_whole_and_in_order(open_terminal: Open) -> None:
    screen = open_terminal()
    shell = pid_of(screen)
    screen.type("stty -echo; cat > pasted; cksum < pasted; wc -c < pasted\r")
    wait_until_runs("cat", shell)
    lines = [f"{number:07} {'z' * 90}\n" for number in range(20_000)]
    for begin in range(0, len(lines), 4000):
        screen.type("".join(lines[begin : begin + 4000]))
    screen.type("\x04")
    screen.wait_for(f"{sum(map(len, lines))}\r\n")
    assert screen.run("sort -c pasted && echo sorted") == "sorted\r\n"


def test_control_c_reaches_a_program_that_reads_nothing(open_terminal: Open) -> None:
    screen = open_terminal()
    shell = pid_of(screen)
    screen.type("sleep 1000\r")
    wait_until_runs("sleep", shell)
    screen.type("not read by anybody\n" * 20_000)
    screen.type("\x03")
    screen.wait_for("^C")
    assert screen.run("echo back") == "back\r\n"


@pytest.mark.slow
def test_input_that_nobody_reads_is_given_up_with_a_reason(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal(name="deaf")
    shell = pid_of(screen)
    screen.type("stty -echo raw; exec sleep 1000\r")
    wait_until_runs("sleep", shell)
    writer = threading.Thread(target=lambda: [screen.type("x" * 1_000_000) for _ in range(20)], daemon=True)
    writer.start()
    screen.wait_for_end(60)
    assert "reads no input" in screen.stream.end_reason
    assert names(bridge) == ["deaf"]
