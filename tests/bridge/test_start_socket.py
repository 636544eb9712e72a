"""Unix sockets: permissions, left-overs, names in the Host header, under pywsgi and gunicorn."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.bridge.commands import REPO, Running, configured, flasknb, running
from tests.waiting import eventually

TOKEN = "chosen"
GUNICORN = ["gunicorn", "-c", "python:flasknb.gunicorn_conf", "--pythonpath", str(REPO), "wsgi:app"]


@pytest.fixture
def place() -> Iterator[Path]:
    """A short path for a socket; pytest's folders are too deep."""
    with tempfile.TemporaryDirectory(prefix="nb") as folder:
        yield Path(folder) / "s.sock"


class OverSocket(http.client.HTTPConnection):
    """HTTP through a unix socket."""

    def __init__(self, place: Path) -> None:
        super().__init__("localhost", timeout=30)
        self._place = place

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        self.sock.connect(str(self._place))


def ask(place: Path, path: str, **headers: str) -> tuple[int, Any]:
    connection = OverSocket(place)
    try:
        connection.request("GET", path, headers={"Authorization": f"token {TOKEN}", **headers})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.fixture(params=["pywsgi", "gunicorn"])
def command(request: pytest.FixtureRequest, place: Path, tmp_path: Path) -> Iterator[Running]:
    configured(tmp_path, f"c.ServerApp.sock = {str(place)!r}", "c.ServerApp.sock_mode = '0660'")
    arguments = flasknb() if request.param == "pywsgi" else GUNICORN
    with running(arguments, tmp_path, JUPYTER_TOKEN=TOKEN) as made:
        made.read_until("is running at|To access the server")
        yield made


def test_a_socket_serves_tells_its_place_and_goes(command: Running, place: Path) -> None:
    assert ask(place, "/api/contents")[0] == 200
    assert ask(place, "/api/contents", Host=quote(str(place), safe=""))[0] == 200
    assert ask(place, "/api/contents", Host="evil.example")[0] == 403
    assert stat.S_IMODE(place.stat().st_mode) == 0o660
    info = command.info
    assert (info["sock"], info["port"]) == (str(place), 0)
    assert info["url"] == f"http+unix://{quote(str(place), safe='')}/"
    assert "Traceback" not in command.output
    command.process.send_signal(signal.SIGTERM)
    assert command.wait() == 0
    assert eventually(lambda: not place.exists())
    assert not list((command.home / "runtime").glob("jpserver-*"))


def test_the_socket_is_the_users_alone_unless_told_otherwise(place: Path, tmp_path: Path) -> None:
    with running(flasknb(f"--sock={place}"), tmp_path) as command:
        command.read_until("is running at")
        assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_left_over_socket_is_replaced_and_a_used_one_is_not(place: Path, tmp_path: Path) -> None:
    left_over = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    left_over.bind(str(place))
    left_over.close()
    with running(flasknb(f"--sock={place}"), tmp_path, JUPYTER_TOKEN=TOKEN) as first:
        first.read_until("is running at")
        with running(flasknb(f"--sock={place}"), tmp_path / "second") as second:
            assert second.wait() == 1
            assert f"Another server listens on {place}" in second.output
        assert ask(place, "/api/contents")[0] == 200
