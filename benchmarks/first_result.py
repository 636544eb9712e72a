"""From a new session to the first result of its kernel: warm spare, no spare, beside ``jupyter_server``, in turns.

Needs ``jupyter_server``. Each round makes a session over HTTP, opens the websocket, runs ``1+1`` to its idle status,
and ends the session. The spare of the next round is waited for, as a user who reads a page does.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import websocket

from benchmarks.measuring import TIMEOUT_S, execute, timed
from benchmarks.terminals import PEER, Address, peer
from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.ws_codec import V1_PROTOCOL, join_parts, split_parts
from tests.servers import start_server

ROUNDS = 5
CALM_S = 2.0
SPARES = "c.KernelSidecar.spare_kernels = {names}"


class Page:
    """A page that opens a new notebook."""

    name = "page"

    def __init__(self, address: Address) -> None:
        self._address = address
        body = {"path": f"{uuid.uuid4().hex}.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        self.session = self.ask("POST", "api/sessions", body)
        where = address.base_url.replace("http", "ws", 1)
        kernel_id = self.session["kernel"]["id"]
        self._socket = websocket.create_connection(
            f"{where}api/kernels/{kernel_id}/channels?session_id=bench&token={address.token}",
            timeout=TIMEOUT_S,
            subprotocols=[V1_PROTOCOL],
        )

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the REST API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address.base_url + path, method=method, data=data)
        request.add_header("Authorization", f"token {self._address.token}")
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return json.loads(answer.read() or b"null")

    def send(self, message: messages.WireMessage) -> None:
        """One request."""
        self._socket.send_binary(join_parts([b"shell", *message.signed_parts]))

    def receive(self) -> tuple[str, str, bytes]:
        """As ``measuring.Client``."""
        _, header, parent, _, content = split_parts(self._socket.recv())[:5]
        return messages.peek(header).msg_type, messages.peek(parent).msg_id, content

    def close(self) -> None:
        """End the session."""
        self._socket.close()
        self.ask("DELETE", f"api/sessions/{self.session['id']}")


@contextmanager
def flasknb(folder: Path, names: list[str]) -> Iterator[tuple[Address, Callable[[], None]]]:
    """The product's own command, and a function that waits for its spare."""
    server = start_server("flasknb", folder, SPARES.format(names=names))
    address = Address(server.base_url, server.token)

    def settle() -> None:
        end_s = time.monotonic() + TIMEOUT_S
        (log,) = server.runtime_dir.glob("flasknb-*/sidecar.log")
        while names and time.monotonic() < end_s:
            pids = re.findall(r"spare ready .*pid=(\d+)", log.read_text())
            if pids and Path(f"/proc/{pids[-1]}").exists():
                break
            time.sleep(0.1)
        time.sleep(CALM_S)

    try:
        Page(address).close()
        yield address, settle
    finally:
        server.stop()


def first_result_s(address: Address) -> float:
    """Seconds to the first result."""
    pages: list[Page] = []

    def open_and_run() -> None:
        pages.append(Page(address))
        execute(pages[0], "1+1")

    taken_s, _ = timed(open_and_run)
    pages[0].close()
    return taken_s


def main() -> None:
    """Measure all in turns, and print one table."""
    samples: dict[str, list[float]] = {PEER: [], "flasknb, cold": [], "flasknb, spare": []}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        there = stack.enter_context(peer(Path(folder) / "peer"))
        cold, _ = stack.enter_context(flasknb(Path(folder) / "cold", []))
        warm, settle = stack.enter_context(flasknb(Path(folder) / "warm", ["default"]))
        for _ in range(ROUNDS):
            settle()
            for name, address in zip(samples, (there, cold, warm), strict=True):
                samples[name].append(first_result_s(address))
                time.sleep(CALM_S)
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {ROUNDS} in turns, load {os.getloadavg()[0]:.1f}")
    for name, samples_s in samples.items():
        listed = " ".join(f"{sample_s * 1000:.0f}" for sample_s in samples_s)
        print(f"{name:>16}  median {statistics.median(samples_s) * 1000:>5.0f} ms   ({listed})")


if __name__ == "__main__":
    main()
