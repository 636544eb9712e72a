"""Replies that were sent while no sidecar was there: the kernel had nobody to send them to, and pages wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.messages import Header, WireMessage
from flasknb.kernel_bridge.sidecar.activity import object_of

PATIENCE_S = 1.0  # after the idle status: the reply comes on another socket


class InheritedReplies:
    """Answers executions that a dead sidecar passed on, once the kernel is done with them. Event loop only.

    Args:
        answer: passes on a reply to the execution that ``Header`` names.
    """

    def __init__(self, answer: Callable[[WireMessage, Header], None]) -> None:
        self._answer = answer
        self._taken_over: set[str] = set()
        self._contents: dict[str, dict[str, Any]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def take_over(self, msg_id: str) -> None:
        """The dead sidecar may have passed on this one."""
        self._taken_over.add(msg_id)

    def has(self, msg_id: str) -> bool:
        """Whether ``take_over`` was told of it."""
        return msg_id in self._taken_over

    def hear(self, channel: str, header: Header, parent: Header, message: WireMessage) -> None:
        """Note one message of an execution that we did not pass on ourselves."""
        msg_id = parent.msg_id
        if channel == "shell":
            self._contents.pop(msg_id, None)
            timer = self._timers.pop(msg_id, None)
            if timer is not None:
                timer.cancel()
            return
        content = self._contents.setdefault(msg_id, {"status": "ok", "payload": [], "user_expressions": {}})
        if header.msg_type == "execute_input":
            content["execution_count"] = object_of(message.content).get("execution_count")
        elif header.msg_type == "error":
            content.update(object_of(message.content), status="error")
        elif header.msg_type == "status" and b'"idle"' in message.content:
            loop = asyncio.get_running_loop()
            self._timers[msg_id] = loop.call_later(PATIENCE_S, self._give_up, parent, message.parent_header)

    def _give_up(self, parent: Header, parent_header: bytes) -> None:
        self._timers.pop(parent.msg_id, None)
        content = self._contents.pop(parent.msg_id, None)
        if content is not None:
            reply = messages.build("execute_reply", content, session=parent.session, parent_header=parent_header)
            self._answer(reply, parent)
