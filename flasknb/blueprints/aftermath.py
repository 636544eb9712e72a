"""What is done once an answer is ready: its duration counted, the events that its making raised sent."""

from __future__ import annotations

from time import monotonic

from flask import Response, request

from flasknb.blueprints.context import is_websocket_request, request_state, services


def record(answer: Response) -> Response:
    """Count the request and send its events. Websockets are not counted: they last as long as they last."""
    known = services()
    known.events.send_waiting()
    known.relay.start()
    began_s = request_state().began_s
    if began_s is not None and not (is_websocket_request() and answer.status_code < 400):
        _, _, handler = (request.endpoint or "").partition(".")
        known.request_times.observe(request.method, handler, answer.status_code, monotonic() - began_s)
    return answer
