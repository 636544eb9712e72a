"""The terminal websocket of real servers, each way: who may open it, what goes through it, who is thrown out."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import websocket

from tests.servers import WAYS, Server, start_server
from tests.waiting import eventually

TIMEOUT_S = 30.0
MEGABYTE = 1024 * 1024


@dataclass
class Terminal:
    """An open websocket. ``text`` is everything that was shown."""

    socket: Any
    text: str = ""

    def send(self, *message: Any) -> None:
        self.socket.send(json.dumps(message))

    def receive(self) -> list[Any]:
        message: list[Any] = json.loads(self.socket.recv())
        self.text += message[1] if message[0] == "stdout" else ""
        return message

    def wait_for(self, text: str) -> None:
        """Until ``text`` was shown."""
        begin = 0
        while text not in self.text[begin:]:
            begin = max(0, len(self.text) - len(text))
            self.receive()

    def close_code(self) -> tuple[int, str]:
        """Code and reason with which the server closes; what comes before is passed over."""
        while True:
            opcode, body = self.socket.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(body[:2], "big"), body[2:].decode()


@dataclass(frozen=True)
class Site:
    """A running server. ``opened`` are the websockets that nobody has closed."""

    server: Server
    opened: list[Terminal] = field(default_factory=list)

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """JSON in, JSON out."""
        request = urllib.request.Request(self.server.base_url + path, method=method)
        request.add_header("Authorization", f"token {self.server.token}")
        request.data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return json.loads(answer.read() or b"null")

    def open(self, name: str, token: str | None = None, **options: Any) -> Terminal:
        """Open the websocket of a terminal. Raises WebSocketBadStatusException."""
        url = f"{self.server.base_url.replace('http', 'ws', 1)}terminals/websocket/{name}"
        given = self.server.token if token is None else token
        options.setdefault("timeout", TIMEOUT_S)
        self.opened.append(Terminal(websocket.create_connection(f"{url}?token={given}" if given else url, **options)))
        return self.opened[-1]

    def leave(self) -> None:
        """Close every websocket, however it stands."""
        while self.opened:
            self.opened.pop().socket.shutdown()


# two ways in the quick run, all four in the slow one
SITES = [pytest.param(way, marks=() if way in ("flasknb", "gunicorn") else pytest.mark.slow) for way in WAYS]


@pytest.fixture(scope="module", params=SITES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Each of the four ways to run the server in turn."""
    server = start_server(request.param, tmp_path_factory.mktemp(request.param))
    try:
        yield Site(server)
        assert "Traceback" not in server.log
    finally:
        server.stop()


Start = Callable[..., Terminal]


@pytest.fixture
def start(site: Site) -> Iterator[Start]:
    """Starts a terminal and opens its websocket; the terminal ends with the test."""
    names: list[str] = []

    def make() -> Terminal:
        names.append(site.request("POST", "api/terminals", {})["name"])
        terminal = site.open(names[-1])
        assert terminal.receive() == ["setup", {}]
        terminal.send("stdin", "exec sh\r")  # whatever this machine's shell is
        return terminal

    yield make
    site.leave()
    left = {terminal["name"] for terminal in site.request("GET", "api/terminals")}
    for name in left.intersection(names):
        site.request("DELETE", f"api/terminals/{name}")


def only_name(site: Site) -> str:
    (terminal,) = site.request("GET", "api/terminals")
    return str(terminal["name"])


@pytest.mark.row("6 upgrade")
@pytest.mark.parametrize(
    ("name", "token", "origin", "status"),
    [
        ("missing", None, None, 404),
        ("a-b", None, None, 404),
        ("missing", "", None, 403),
        ("missing", "wrong", None, 403),
        ("missing", "", "http://evil.example", 403),
    ],
)
def test_what_is_refused_is_refused_before_the_upgrade(
    site: Site, name: str, token: str | None, origin: str | None, status: int
) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        site.open(name, token, origin=origin)
    assert refused.value.status_code == status


@pytest.mark.row("6 frames")
def test_typing_and_output_until_the_shell_exits(site: Site, start: Start) -> None:
    terminal = start()
    terminal.send("set_size", 33, 111, 500, 1000)
    terminal.send("stdin", "stty size; echo é''👍\r")
    terminal.wait_for("33 111\r\né👍\r\n")
    terminal.send("stdin", "exit\r")
    while (message := terminal.receive())[0] == "stdout":
        pass
    assert message == ["disconnect", 1]
    assert terminal.close_code()[0] == 1000
    assert site.request("GET", "api/terminals") == []


@pytest.mark.row("6 replay")
def test_closing_the_last_page_keeps_the_terminal_and_the_next_sees_its_output(
    site: Site, start: Start, tmp_path: Path
) -> None:
    first, gate, done = start(), tmp_path / "gate", tmp_path / "done"
    first.send("stdin", f"echo o''ne; until test -e {gate}; do sleep 0.1; done; echo tw''o; touch {done}\r")
    first.wait_for("one\r\n")
    first.socket.close()
    gate.touch()
    assert eventually(done.exists)
    second = site.open(only_name(site))
    assert second.receive() == ["setup", {}]
    assert second.receive()[0] == "stdout"
    second.wait_for("two\r\n")
    assert "one\r\n" in second.text


def test_what_was_typed_last_counts_even_if_the_page_closes_at_once(site: Site, start: Start) -> None:
    terminal = start()
    terminal.send("stdin", "sleep 0.2; echo la''st\r")
    terminal.socket.close()
    site.open(only_name(site)).wait_for("last\r\n")


def test_three_million_characters_arrive_whole_and_in_order(start: Start) -> None:
    terminal = start()
    terminal.send("stdin", "seq -f %015.0f 200000; echo e''nd\r")
    terminal.wait_for("end\r\n")
    numbers = terminal.text.partition("000000000000001\r\n")[2].partition("end\r\n")[0].split()
    assert [int(number) for number in numbers] == list(range(2, 200_001))


def test_deleting_the_terminal_tells_the_page(site: Site, start: Start) -> None:
    terminal = start()
    site.request("DELETE", f"api/terminals/{only_name(site)}")
    while terminal.receive()[0] == "stdout":
        pass
    assert terminal.close_code()[0] == 1000


@pytest.mark.parametrize("message", ["ls", "{}", '["', '[["stdin", "x"]]'])
def test_garbage_closes_the_websocket_with_a_reason(site: Site, start: Start, message: str) -> None:
    terminal = start()
    terminal.socket.send(message)
    code, reason = terminal.close_code()
    assert (code, "message" in reason) == (1003, True)
    site.request("GET", f"api/terminals/{only_name(site)}")


def test_binary_messages_close_the_websocket(start: Start) -> None:
    terminal = start()
    terminal.socket.send_binary(b'["stdin", "x"]')
    assert terminal.close_code()[0] == 1003


def test_row_100_values_that_make_no_sense_change_nothing(start: Start) -> None:
    """Attack row 100: a billion columns and the like."""
    terminal = start()
    terminal.send("set_size", 30, 90)
    for values in ([1, 10**9], [10**9, 1], [-1, -1], [0, 0], [None, None], ["a", "b"], [1.5, 2], [], [[], {}]):
        terminal.send("set_size", *values)
    terminal.send("stdin", 5)
    terminal.send("stdin")
    terminal.send("unknown", "x")
    terminal.send("stdin", "stty size\r")
    terminal.wait_for("30 90\r\n")


def test_a_hundred_megabytes_in_one_message_are_not_read(site: Site, start: Start) -> None:
    terminal = start()
    before_mb = sidecar_and_workers_mb(site.server)
    with suppress(OSError):  # the server may have hung up before the last byte
        terminal.send("stdin", "x" * (100 * MEGABYTE))
    assert is_closed(terminal)
    assert sidecar_and_workers_mb(site.server) - before_mb < 100
    site.request("GET", f"api/terminals/{only_name(site)}")


def is_closed(terminal: Terminal) -> bool:
    """Whether the server has ended the websocket; what came before is passed over."""
    with suppress(OSError, websocket.WebSocketConnectionClosedException):
        return terminal.close_code()[0] == 1009
    return True


def sidecar_and_workers_mb(server: Server) -> float:
    """Memory of everything that belongs to the server."""
    marked = str(server.runtime_dir)
    processes = [
        process
        for process in psutil.process_iter(["environ", "memory_info"])
        if (process.info["environ"] or {}).get("JUPYTER_RUNTIME_DIR") == marked
    ]
    return sum(process.info["memory_info"].rss for process in processes) / 1e6


def test_endless_output_at_a_page_that_does_not_read_eats_no_memory(site: Site, start: Start) -> None:
    reading, deaf = start(), start()
    reading.send("stdin", "echo rea''dy\r")
    reading.wait_for("ready\r\n")
    before_mb = sidecar_and_workers_mb(site.server)
    deaf.send("stdin", "cat /dev/urandom | base64\r")
    for number in range(10):
        reading.send("stdin", f"echo numb''er {number}\r")
        reading.wait_for(f"number {number}\r\n")
        time.sleep(0.1)  # so that the flood goes on for a while
    assert sidecar_and_workers_mb(site.server) - before_mb < 80


@pytest.mark.row("6 replay")
def test_a_terminal_outlives_the_web_worker(tmp_path: Any) -> None:
    """kill -9 of every gunicorn worker; the next one finds the terminal, its program and its output."""
    server = start_server("gunicorn", tmp_path)
    site = Site(server)
    try:
        name = site.request("POST", "api/terminals", {"name": "kept"})["name"]
        terminal = site.open(name)
        terminal.send("stdin", "exec sh\r")
        terminal.send("stdin", "marker=still; echo rea''dy\r")
        terminal.wait_for("ready\r\n")
        for worker in psutil.Process(server.pid).children():
            os.kill(worker.pid, signal.SIGKILL)
        assert is_closed(terminal)
        again = eventually_open(site, name)
        again.wait_for("ready\r\n")
        again.send("stdin", "echo $marker ''there\r")
        again.wait_for("still there\r\n")
    finally:
        site.leave()
        server.stop()


def eventually_open(site: Site, name: str) -> Terminal:
    """Open a websocket as soon as a new worker answers."""
    end_s = time.monotonic() + TIMEOUT_S
    while True:
        try:
            return site.open(name)
        except (OSError, websocket.WebSocketException):
            assert time.monotonic() < end_s
            time.sleep(0.2)
