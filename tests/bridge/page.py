"""A page's side of a kernel stream, for tests: run code, collect what comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.stream import SidecarStream
from flasknb.kernel_bridge.ws_codec import join_parts, split_parts

RUN_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Received:
    """One message, taken apart."""

    sequence: int
    channel: str
    msg_type: str
    parent_id: str
    content: dict[str, Any]


@dataclass
class Outcome:
    """What one execution brought."""

    messages: list[Received] = field(default_factory=list)

    def of(self, msg_type: str) -> list[dict[str, Any]]:
        """Contents of one type, in order."""
        return [message.content for message in self.messages if message.msg_type == msg_type]

    @property
    def text(self) -> str:
        """All stream text."""
        return "".join(content["text"] for content in self.of("stream"))

    @property
    def reply(self) -> dict[str, Any]:
        """The execute_reply."""
        return self.of("execute_reply")[0]


class Page:
    """A session that joined a kernel."""

    def __init__(self, bridge: BridgeClient, kernel_id: str, session: str = "page", **options: Any) -> None:
        self.session = session
        self.stream: SidecarStream = bridge.open_channels(kernel_id, session, **options)

    def send(self, msg_type: str, content: dict[str, Any], *, channel: str = "shell", parent: bytes = b"{}") -> str:
        """Send one message; returns its id."""
        message = messages.build(msg_type, content, session=self.session, parent_header=parent)
        self.stream.send(join_parts([channel.encode(), *message.signed_parts]))
        return messages.peek(message.header).msg_id

    def execute(self, code: str, **more: Any) -> str:
        """Ask for an execution; returns the request's id."""
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": True, "stop_on_error": True}
        return self.send("execute_request", {**content, "user_expressions": {}, **more})

    def run_for_long(self) -> str:
        """Start a cell that sleeps for a minute; returns its id once its code runs, so that an interrupt reaches it."""
        asked = self.execute("print('runs', flush=True)\nimport time; time.sleep(60)")
        self.text_up_to("runs\n", parent_id=asked)
        return asked

    def packed_execution(self, code: str) -> bytes:
        """A request to run ``code``, to be sent as often as one likes."""
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "user_expressions": {}}
        return join_parts([b"shell", *messages.build("execute_request", content, session=self.session).signed_parts])

    def run(self, code: str, *, answer: str | None = None) -> Outcome:
        """Execute and wait for reply and idle; ``answer`` is given to every ``input()``."""
        msg_id, outcome, missing = self.execute(code), Outcome(), {"execute_reply", "idle"}
        for message in self.received():
            if message.parent_id != msg_id:
                continue
            outcome.messages.append(message)
            if message.msg_type == "input_request":
                self.send("input_reply", {"value": answer}, channel="stdin")
            missing -= {message.msg_type, message.content.get("execution_state")}
            if not missing:
                return outcome
        raise AssertionError("the stream ended")

    def wait_for(self, is_wanted: Callable[[Received], bool], *, within_s: float = 20.0) -> Received:
        """The next message that is wanted; others are dropped."""
        return next(message for message in self.received(within_s) if is_wanted(message))

    def text_up_to(self, end: str, *, parent_id: str = "", within_s: float = 20.0) -> str:
        """What is printed (for one request) until it ends so; a line may come in pieces, lines may come together."""
        text = ""
        while not text.endswith(end):
            message = self.wait_for(
                lambda one: one.msg_type == "stream" and parent_id in ("", one.parent_id), within_s=within_s
            )
            text += message.content["text"]
        return text

    def received(self, within_s: float = RUN_TIMEOUT_S) -> Iterator[Received]:
        """Everything that comes, until the stream ends. Raises TimeoutError."""
        end_s = time.monotonic() + within_s
        while (found := self.stream.receive(max(0.01, end_s - time.monotonic()))) is not None:
            sequence, payload = found
            channel, header, parent, _, content = split_parts(payload)[:5]
            yield Received(
                sequence,
                channel.decode(),
                messages.peek(header).msg_type,
                messages.peek(parent).msg_id,
                orjson.loads(content),
            )

    def leave(self) -> None:
        """Close the stream."""
        self.stream.release()


def state(name: str) -> Callable[[Received], bool]:
    """Picks the status messages with this execution state."""
    return lambda message: message.msg_type == "status" and message.content["execution_state"] == name
