"""Terminals of a real sidecar: shells on real ptys, watched by several pages, fast and slow, and ended."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from flasknb.errors import BadRequest, TerminalFailed, TerminalMissing, TooManyTerminals
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest
from flasknb.kernel_bridge.terminals import TerminalModel, TerminalRequest
from tests.bridge.conftest import MakeBridge
from tests.bridge.screen import Screen
from tests.waiting import eventually

PLAIN_SHELL = ("/bin/sh",)
Open = Callable[..., Screen]
LookAt = Callable[[BridgeClient, str], Screen]


@pytest.fixture
def look_at() -> Iterator[LookAt]:
    """Joins terminals; every page leaves with the test."""
    screens: list[Screen] = []

    def make(client: BridgeClient, name: str) -> Screen:
        screens.append(Screen(client, name))
        return screens[-1]

    yield make
    for screen in screens:
        screen.leave()


@pytest.fixture
def open_terminal(bridge: BridgeClient, look_at: LookAt) -> Iterator[Open]:
    """Opens a terminal and looks at it; all end with the test."""

    def make(command: tuple[str, ...] = PLAIN_SHELL, name: str | None = None, **options: str) -> Screen:
        return look_at(bridge, bridge.terminals.create(TerminalRequest(name=name, command=command, **options)).name)

    yield make
    for model in bridge.terminals.list():
        bridge.terminals.delete(model.name)


def names(bridge: BridgeClient) -> list[str]:
    return [model.name for model in bridge.terminals.list()]


def sidecar_pid(bridge: BridgeClient) -> int:
    from flasknb.kernel_bridge.instance import read_discovery

    found = read_discovery(bridge.instance_dir)
    assert found is not None
    return found.pid


def pid_of(screen: Screen) -> int:
    return int(screen.run("echo $$"))


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


# Starting


@pytest.mark.row("4.9 create")
def test_names_are_the_lowest_free_numbers(bridge: BridgeClient, open_terminal: Open) -> None:
    for _ in range(3):
        open_terminal()
    assert names(bridge) == ["1", "2", "3"]
    bridge.terminals.delete("2")
    open_terminal()
    assert sorted(names(bridge)) == ["1", "2", "3"]


def test_a_taken_name_is_the_terminal_that_has_it(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal(name="work")
    pid = pid_of(screen)
    assert bridge.terminals.create(TerminalRequest(name="work")).name == "work"
    assert names(bridge) == ["work"]
    assert pid_of(screen) == pid


def test_two_requests_for_one_name_start_one_shell(bridge: BridgeClient, open_terminal: Open) -> None:
    made: list[TerminalModel] = []
    request = TerminalRequest(name="race", command=PLAIN_SHELL)
    threads = [threading.Thread(target=lambda: made.append(bridge.terminals.create(request))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {model.name for model in made} == {"race"}
    assert names(bridge) == ["race"]
    open_terminal(name="race")


@pytest.mark.parametrize("name", ["../x", "a/b", "a b", "", "ü-", "x\x00", "a" * 101, "."])
def test_row_100_a_name_is_made_of_letters_digits_and_underscores(bridge: BridgeClient, name: str) -> None:
    """Attack row 100. The empty name is no name: the next number."""
    if not name:
        bridge.terminals.delete(bridge.terminals.create(TerminalRequest(name=name)).name)
        return
    with pytest.raises(BadRequest):
        bridge.terminals.create(TerminalRequest(name=name))
    assert names(bridge) == []


@pytest.mark.row("4.9 create")
def test_row_100_the_folder_is_one_below_the_root(
    bridge: BridgeClient, open_terminal: Open, home: Path, tmp_path: Path
) -> None:
    """Attack row 100: anything else means the root, and starts all the same."""
    root = (home / "root").resolve()
    (root / "sub folder").mkdir(exist_ok=True)
    (root / "away").unlink(missing_ok=True)
    (root / "away").symlink_to(tmp_path)
    expected = {
        "sub folder": root / "sub folder",
        "/sub folder/": root / "sub folder",
        str(root / "sub folder"): root / "sub folder",
        "missing": root,
        "../..": root,
        str(tmp_path): root,
        "away": root,
        "a\x00b": root,
        "x" * 5000: root,
        "": root,
    }
    for cwd, folder in expected.items():
        assert open_terminal(cwd=cwd).run("pwd -P") == f"{folder}\r\n", cwd[:40]


@pytest.mark.row("6 environment")
def test_a_shell_gets_the_documented_environment_and_no_secrets(open_terminal: Open, home: Path) -> None:
    """Attack row 86: the host site's secrets are not in it."""
    screen = open_terminal(server_url="http://localhost:8888/a/", type="xterm-direct")
    found = dict(line.partition("=")[::2] for line in screen.run("env").split("\r\n") if "=" in line)
    assert {name: found[name] for name in ("TERM", "COLUMNS", "LINES", "PYXTERM_DIMENSIONS")} == {
        "TERM": "xterm-direct",
        "COLUMNS": "80",
        "LINES": "25",
        "PYXTERM_DIMENSIONS": "80x25",
    }
    assert found["JUPYTER_SERVER_ROOT"] == str((home / "root").resolve())
    assert found["JUPYTER_SERVER_URL"] == "http://localhost:8888/a/"
    assert found["HOME"] == os.environ["HOME"]
    assert not {"SECRET_KEY", "FLASKNB_TEST_DATABASE_URL", "JPY_PARENT_PID"} & set(found)


@pytest.mark.row("6 environment")
def test_the_shell_is_the_users_and_reads_their_profile_when_asked(
    make_bridge: MakeBridge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, look_at: LookAt
) -> None:
    shell = tmp_path / "my shell"
    shell.write_text('#!/bin/sh\necho "arguments: $*"\nexec sleep 60\n')
    shell.chmod(0o755)
    monkeypatch.setenv("SHELL", f"'{shell}'")
    bridge = make_bridge("own-shell")
    for is_login_shell, arguments in ((False, ""), (True, "-l")):
        model = bridge.terminals.create(TerminalRequest(is_login_shell=is_login_shell))
        look_at(bridge, model.name).wait_for(f"arguments: {arguments}\r\n")


def test_a_shell_that_does_not_exist_is_told(bridge: BridgeClient) -> None:
    with pytest.raises(TerminalFailed, match="no-such-shell"):
        bridge.terminals.create(TerminalRequest(command=["no-such-shell"]))
    assert names(bridge) == []


def test_row_99_there_is_a_limit(make_bridge: MakeBridge) -> None:
    """Attack row 99."""
    bridge = make_bridge("few", TerminalManager={"max_terminals": 2})
    request = TerminalRequest(command=PLAIN_SHELL)
    for _ in range(2):
        bridge.terminals.create(request)
    with pytest.raises(TooManyTerminals, match="2 terminals"):
        bridge.terminals.create(request)
    bridge.terminals.delete("1")
    assert bridge.terminals.create(request).name == "1"


def test_it_is_a_terminal_with_job_control(open_terminal: Open) -> None:
    screen = open_terminal(("bash", "--norc"))
    assert "/dev/" in screen.run("tty")
    screen.type("echo sta''rt; sleep 1000\r")
    screen.wait_for("start\r\n")
    time.sleep(0.5)
    screen.type("\x1a")
    screen.wait_for("Stopped")
    screen.type("fg\r")
    screen.wait(lambda: "sleep 1000" in screen.text.rpartition("fg\r\n")[2])
    screen.type("\x03")
    screen.wait(lambda: bool(re.search(r"\^C.*[#$] $", screen.text, re.DOTALL)))
    assert screen.run("echo alive") == "alive\r\n"


# Showing


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


def test_a_terminal_goes_on_without_pages(bridge: BridgeClient, open_terminal: Open, look_at: LookAt) -> None:
    screen = open_terminal(name="alone")
    screen.type("sleep 0.5; echo la''ter\r")
    screen.leave()
    time.sleep(1)
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


# Too much


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
        time.sleep(0.1)
    assert worst_s < 1.5
    assert memory_mb(sidecar_pid(bridge)) - before_mb < 60
    watched.leave()
    for number in range(10):
        assert quiet.run(f"echo {number}") == f"{number}\r\n"
        time.sleep(0.1)
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
    screen.type("stty -echo; cat > pasted; cksum < pasted; wc -c < pasted\r")
    time.sleep(0.5)
    lines = [f"{number:07} {'z' * 90}\n" for number in range(20_000)]
    for begin in range(0, len(lines), 4000):
        screen.type("".join(lines[begin : begin + 4000]))
    screen.type("\x04")
    screen.wait_for(f"{sum(map(len, lines))}\r\n")
    assert screen.run("sort -c pasted && echo sorted") == "sorted\r\n"


def test_control_c_reaches_a_program_that_reads_nothing(open_terminal: Open) -> None:
    screen = open_terminal()
    screen.type("sleep 1000\r")
    time.sleep(0.3)
    screen.type("not read by anybody\n" * 20_000)
    screen.type("\x03")
    screen.wait_for("^C")
    assert screen.run("echo back") == "back\r\n"


@pytest.mark.slow
def test_input_that_nobody_reads_is_given_up_with_a_reason(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal(name="deaf")
    screen.type("stty -echo raw; exec sleep 1000\r")
    time.sleep(0.5)
    writer = threading.Thread(target=lambda: [screen.type("x" * 1_000_000) for _ in range(20)], daemon=True)
    writer.start()
    screen.wait_for_end(60)
    assert "reads no input" in screen.stream.end_reason
    assert names(bridge) == ["deaf"]


# Ending


@pytest.mark.row("4.9 delete")
def test_deleting_ends_the_shell_and_what_ignores_it(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal(name="stubborn")
    shell = pid_of(screen)
    screen.type("sh -c 'trap \"\" HUP TERM INT; echo child=$$; while :; do sleep 1; done'\r")
    screen.wait_for("child=", 5)
    screen.wait(lambda: screen.text.rpartition("child=")[2].strip().isdigit())
    child = int(screen.text.rpartition("child=")[2])
    begun_s = time.monotonic()
    bridge.terminals.delete("stubborn")
    assert time.monotonic() - begun_s < 5
    assert not is_running(shell)
    assert eventually(lambda: not is_running(child))
    screen.wait_for_end()
    assert screen.messages[-1] == "disconnect"
    with pytest.raises(TerminalMissing):
        bridge.terminals.get("stubborn")


def test_a_stopped_program_ends_too(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal(name="stopped")
    pid = pid_of(screen)
    os.kill(pid, signal.SIGSTOP)
    bridge.terminals.delete("stopped")
    assert not is_running(pid)


def test_a_shell_that_exits_leaves_no_process_and_no_descriptor(bridge: BridgeClient, open_terminal: Open) -> None:
    sidecar = psutil.Process(sidecar_pid(bridge))
    open_terminal().run("true")
    before = sidecar.num_fds()
    for _ in range(5):
        screen = open_terminal()
        screen.type("exit\r")
        screen.wait_for_end()
        screen.leave()
    assert eventually(lambda: sidecar.num_fds() <= before)
    assert [child for child in sidecar.children() if child.status() == psutil.STATUS_ZOMBIE] == []


def test_unused_terminals_are_culled(make_bridge: MakeBridge, look_at: LookAt) -> None:
    bridge = make_bridge("culling", TerminalManager={"cull_inactive_timeout": 1, "cull_interval": 1})
    request = TerminalRequest(command=PLAIN_SHELL)
    used, unused = (look_at(bridge, bridge.terminals.create(request).name) for _ in range(2))
    end_s = time.monotonic() + 15
    while names(bridge) != ["1"] and time.monotonic() < end_s:
        used.run("true")
        time.sleep(0.1)
    assert names(bridge) == ["1"]
    unused.wait_for_end()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
def test_terminals_end_with_the_sidecar(make_bridge: MakeBridge, signum: signal.Signals, look_at: LookAt) -> None:
    bridge = make_bridge(f"ending-{signum}")
    screen = look_at(bridge, bridge.terminals.create(TerminalRequest(command=PLAIN_SHELL)).name)
    pid = pid_of(screen)
    os.kill(sidecar_pid(bridge), signum)
    screen.wait_for_end()
    assert eventually(lambda: not is_running(pid))
    assert names(bridge) == []  # of the next sidecar


def test_a_terminal_manager_of_ones_own_is_used(make_bridge: MakeBridge) -> None:
    bridge = make_bridge(
        "own-class",
        TerminalsExtensionApp={"terminal_manager_class": "flasknb.kernel_bridge.sidecar.terminals.TerminalManager"},
    )
    assert names(bridge) == []
