"""jupyter_server with its kernels here (``--gateway-url``), and nbclient through the same gateway client."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import websocket

from tests.servers import Server, end_sidecars, free_port, start_server, wait_until_up

LIMIT_S = 60
NO_LOGIN = "c.IdentityProvider.token = ''\nc.ServerApp.disable_check_xsrf = True"


def gateway_environment(server: Server) -> dict[str, str]:
    """What a user sets to have the kernels run on ``server``."""
    return {
        "JUPYTER_GATEWAY_URL": server.base_url.rstrip("/"),
        "JUPYTER_GATEWAY_AUTH_TOKEN": server.token,
        "JUPYTER_GATEWAY_AUTH_SCHEME": "token",
    }


@pytest.fixture(scope="module")
def front(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A jupyter_server that keeps no kernels of its own."""
    home, token, port = tmp_path_factory.mktemp("front"), secrets.token_hex(16), free_port()
    (home / "root").mkdir()
    options = [f"--port={port}", "--no-browser", "--allow-root", f"--IdentityProvider.token={token}"]
    folders = {f"JUPYTER_{name.upper()}_DIR": str(home / name) for name in ("config", "data", "runtime")}
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options],
            cwd=home / "root",
            env={**os.environ, **folders, **gateway_environment(server)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    running = Server("jupyter_server", f"http://127.0.0.1:{port}/", token, port, home / "root", home, process)
    wait_until_up(running)
    yield running
    process.terminate()
    process.wait(20)
    end_sidecars(running.runtime_dir)


def ask(server: Server, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(server.base_url + path, method=method)
    request.add_header("Authorization", f"token {server.token}")
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(request, data, timeout=LIMIT_S) as answer:
        content = answer.read()
    return json.loads(content) if content else None


def test_its_kernelspecs_are_ours_and_their_files_come_through(server: Server, front: Server) -> None:
    specs = ask(front, "GET", "api/kernelspecs")
    assert specs["default"] == "python3"
    logo = specs["kernelspecs"]["python3"]["resources"]["logo-64x64"]
    request = urllib.request.Request(front.base_url.rstrip("/") + logo)
    request.add_header("Authorization", f"token {front.token}")
    with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:
        assert answer.read(4) == b"\x89PNG"


def test_a_session_runs_code_through_both_servers(server: Server, front: Server) -> None:
    wanted = {"path": "a.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}}
    session = ask(front, "POST", "api/sessions", wanted)
    kernel_id = session["kernel"]["id"]
    assert kernel_id in [kernel["id"] for kernel in ask(server, "GET", "api/kernels")]
    assert printed(front, kernel_id, "print(6 * 7)") == "42\n"
    ask(front, "POST", f"api/kernels/{kernel_id}/interrupt")
    assert ask(front, "POST", f"api/kernels/{kernel_id}/restart")["id"] == kernel_id
    ask(front, "DELETE", f"api/sessions/{session['id']}")
    assert kernel_id not in [kernel["id"] for kernel in ask(server, "GET", "api/kernels")]


def printed(server: Server, kernel_id: str, code: str) -> str:
    """What ``code`` prints, over a legacy websocket of ``server``."""
    address = server.base_url.replace("http", "ws", 1) + f"api/kernels/{kernel_id}/channels?session_id=front"
    socket = websocket.create_connection(address, timeout=LIMIT_S, header=[f"Authorization: token {server.token}"])
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "front", "username": "", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    socket.send(
        json.dumps({"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content})
    )
    text, is_idle, has_reply = "", False, False
    while not (is_idle and has_reply):
        message = json.loads(socket.recv())
        if message["parent_header"].get("msg_id") != "1":
            continue
        has_reply = has_reply or message["msg_type"] == "execute_reply"
        is_idle = is_idle or message["content"].get("execution_state") == "idle"
        text += message["content"]["text"] if message["msg_type"] == "stream" else ""
    socket.close()
    return text


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without token: jupyter_server's gateway kernel client sends none with its websocket."""
    running = start_server("gunicorn", Path(tmp_path_factory.mktemp("open")), NO_LOGIN)
    yield running
    running.stop()


def test_nbclient_executes_a_notebook_here(open_server: Server, tmp_path: Path) -> None:
    """As papermill and Elyra do: nbclient with jupyter_server's gateway kernel manager."""
    v4 = nbformat.v4
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x = 40"), v4.new_code_cell("print('got', x + 2)")])
    place = tmp_path / "a.ipynb"
    nbformat.write(notebook, place)
    script = f"""
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read({str(place)!r}, 4)
NotebookClient(
    notebook, timeout={LIMIT_S}, kernel_name="python3",
    kernel_manager_class="jupyter_server.gateway.managers.GatewayKernelManager",
).execute()
print(notebook.cells[1].outputs[0].text)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **gateway_environment(open_server)},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.stdout.strip() == "got 42", done.stderr[-3000:]
    assert ask(open_server, "GET", "api/kernels") == []


def test_the_gateway_client_lists_our_kernels(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in gateway_environment(server).items():
        monkeypatch.setenv(name, value)
    from jupyter_server.gateway.gateway_client import GatewayClient, gateway_request

    client = GatewayClient()
    client.init_connection_args()
    monkeypatch.setattr(GatewayClient, "_instance", client)
    answer = asyncio.run(gateway_request(f"{client.url}{client.kernels_endpoint}", method="GET"))
    assert json.loads(answer.body) == []
