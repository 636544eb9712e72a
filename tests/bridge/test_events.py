"""Events reach the subscribers of every worker, whoever raised them; handlers get those of kernels once."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket

from tests.servers import Server, start_server
from tests.waiting import eventually

CORE = "https://events.jupyter.org/jupyter_server/"
SUBSCRIBERS = 6  # enough that both workers have some
WITHIN_S = 20
HANDLER = """
import logging
c.EventLogger.handlers = [logging.FileHandler({path!r})]
"""


@pytest.fixture(scope="module", params=["gunicorn", "mounted", "flask", "flasknb"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    config = home / "config"
    config.mkdir()
    (config / "jupyter_config.py").write_text(HANDLER.format(path=str(home / "events.log")))
    running = start_server(request.param, home)
    yield running
    running.stop()


def ask(server: Server, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(server.base_url + path, method=method)
    request.add_header("Authorization", f"token {server.token}")
    sent = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(request, sent, timeout=60) as answer:
        content = answer.read()
    return json.loads(content) if content else None


def subscribe(server: Server) -> websocket.WebSocket:
    address = server.base_url.replace("http", "ws", 1) + f"api/events/subscribe?token={server.token}"
    return websocket.create_connection(address, timeout=WITHIN_S)


@pytest.fixture
def subscribers(server: Server) -> Iterator[list[websocket.WebSocket]]:
    opened = [subscribe(server) for _ in range(SUBSCRIBERS)]
    yield opened
    for one in opened:
        one.close()


def next_of(subscriber: websocket.WebSocket, schema: str, *actions: str) -> list[dict[str, Any]]:
    """The next event of each action, in this order; others of that schema in between are passed over."""
    found: list[dict[str, Any]] = []
    while len(found) < len(actions):
        event = json.loads(subscriber.recv())
        if event["schema_id"].endswith(schema) and event["action"] == actions[len(found)]:
            found.append(event)
    return found


@pytest.mark.row("4.8 subscribe", "4.3 events")
def test_an_event_of_any_worker_reaches_the_subscribers_of_all(
    server: Server, subscribers: list[websocket.WebSocket]
) -> None:
    body = {"schema_id": f"{CORE}contents_service/v1", "version": "1", "data": {"action": "get", "path": "posted"}}
    ask(server, "POST", "api/events", body)
    made = ask(server, "POST", "api/contents", {"type": "file"})
    for subscriber in subscribers:
        subscriber.send("what a client says is ignored")
        posted, created = next_of(subscriber, "contents_service/v1", "get", "create")
        assert posted["path"] == "posted"
        assert created["path"] == made["path"]
        assert {"__timestamp__", "__schema__", "__schema_version__", "__metadata_version__"} <= set(created)


@pytest.mark.row("4.8 schemas")
def test_what_is_done_to_a_kernel_is_told_with_its_name_and_recorded_once(
    server: Server, subscribers: list[websocket.WebSocket]
) -> None:
    kernel = ask(server, "POST", "api/kernels")["id"]
    ask(server, "POST", f"api/kernels/{kernel}/interrupt")
    ask(server, "POST", f"api/kernels/{kernel}/restart")
    ask(server, "DELETE", f"api/kernels/{kernel}")
    with pytest.raises(urllib.error.HTTPError):
        ask(server, "POST", "api/kernels", {"name": "no-such-kernel"})
    for subscriber in subscribers:
        done = next_of(subscriber, "kernel_actions/v1", "start", "interrupt", "restart", "shutdown")
        assert {event["kernel_id"] for event in done} == {kernel}
        assert {(event["kernel_name"], event["status"]) for event in done} == {("python3", "success")}
        (failed,) = next_of(subscriber, "kernel_actions/v1", "start")
        assert (failed["status"], failed["kernel_name"]) == ("error", "no-such-kernel")
    log = server.home_dir / "events.log"
    assert eventually(lambda: recorded(log, kernel) == ["start", "interrupt", "restart", "shutdown"], within_s=WITHIN_S)


def recorded(log: Path, kernel: str) -> list[str]:
    events = [json.loads(line) for line in log.read_text().splitlines()]
    return [event["action"] for event in events if event.get("kernel_id") == kernel]


def test_a_subscriber_who_is_gone_leaves_no_trace(server: Server) -> None:
    for _ in range(5):
        subscribe(server).close()
    subscriber = subscribe(server)
    ask(server, "POST", "api/contents", {"type": "file"})
    assert next_of(subscriber, "contents_service/v1", "create")
    subscriber.close()
    assert "Traceback" not in server.log


@pytest.mark.row("1.5 websocket")
def test_a_websockets_handshake_carries_none_of_the_pages_headers(server: Server) -> None:
    kernel = ask(server, "POST", "api/kernels")["id"]
    address = server.base_url.replace("http", "ws", 1) + f"api/kernels/{kernel}/channels?token={server.token}"
    channels = websocket.create_connection(address, timeout=WITHIN_S)
    names = {name.lower() for name in channels.getheaders()}
    channels.close()
    ask(server, "DELETE", f"api/kernels/{kernel}")
    assert names <= {"upgrade", "connection", "sec-websocket-accept", "date", "server"}
