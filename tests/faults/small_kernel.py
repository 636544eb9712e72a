"""The smallest kernel there is: says what it is, and ends when told to. For tests that start thousands.

python small_kernel.py CONNECTION_FILE
"""

from __future__ import annotations

import hmac
import json
import sys
import uuid
from pathlib import Path
from typing import Any

import zmq

DELIMITER = b"<IDS|MSG>"
INFO: dict[str, Any] = {
    "status": "ok",
    "protocol_version": "5.3",
    "implementation": "small",
    "implementation_version": "1",
    "language_info": {"name": "none", "version": "1", "mimetype": "text/plain", "file_extension": ".txt"},
    "banner": "",
}


class SmallKernel:
    """Answers on shell and control, tells its state on iopub, until it is told to end."""

    def __init__(self, connection: dict[str, Any]) -> None:
        self._key = connection["key"].encode()
        self._iopub = self._bound(connection, "iopub", zmq.PUB)
        self._bound(connection, "stdin", zmq.ROUTER)
        self._bound(connection, "hb", zmq.REP)
        self._asked = [self._bound(connection, name, zmq.ROUTER) for name in ("shell", "control")]

    def run(self) -> None:
        poller = zmq.Poller()
        for socket in self._asked:
            poller.register(socket, zmq.POLLIN)
        while True:
            for socket, _ in poller.poll():
                if self._answer(socket) == "shutdown_request":
                    return

    def _bound(self, connection: dict[str, Any], name: str, kind: int) -> zmq.Socket[bytes]:
        socket = zmq.Context.instance().socket(kind)
        port, ip = connection[f"{name}_port"], connection["ip"]
        socket.bind(f"ipc://{ip}-{port}" if connection["transport"] == "ipc" else f"tcp://{ip}:{port}")
        socket.linger = 1000
        return socket

    def _answer(self, socket: zmq.Socket[bytes]) -> str:
        frames = socket.recv_multipart()
        at = frames.index(DELIMITER)
        parent = frames[at + 2]
        asked = str(json.loads(parent)["msg_type"])
        self._send(self._iopub, [b"status"], parent, "status", {"execution_state": "busy"})
        reply = INFO if asked == "kernel_info_request" else {"status": "ok", "restart": False}
        self._send(socket, frames[:at], parent, asked.replace("_request", "_reply"), reply)
        self._send(self._iopub, [b"status"], parent, "status", {"execution_state": "idle"})
        return asked

    def _send(
        self, socket: zmq.Socket[bytes], to: list[bytes], parent: bytes, msg_type: str, content: dict[str, Any]
    ) -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": msg_type, "session": "small", "version": "5.3"}
        header |= {"username": "kernel", "date": "2030-01-01T00:00:00Z"}
        parts = [json.dumps(header).encode(), parent, b"{}", json.dumps(content).encode()]
        signature = hmac.digest(self._key, b"".join(parts), "sha256").hex().encode()
        socket.send_multipart([*to, DELIMITER, signature, *parts])


if __name__ == "__main__":
    SmallKernel(json.loads(Path(sys.argv[1]).read_text())).run()
