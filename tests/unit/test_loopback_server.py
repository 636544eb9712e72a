"""The socket of the ``flasknb`` command's own server."""

from __future__ import annotations

import socket

from flask import Flask

from flasknb.cli.loopback_server import LoopbackServer


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        LoopbackServer(Flask("empty"), [listener])
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
