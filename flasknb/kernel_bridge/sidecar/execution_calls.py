"""The calls about executions that a worker can make: JSON in, JSON out."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from flasknb.errors import ExecutionBegun, ExecutionMissing, KernelDead
from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.execution_queue import EXECUTE
from flasknb.kernel_bridge.executions import CellsWanted, ExecuteRequest, KnownDocument, OutputsWanted
from flasknb.kernel_bridge.lifecycle import State
from flasknb.kernel_bridge.messages import WireMessage
from flasknb.kernel_bridge.sidecar.away import Away
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernels import Kernels
from flasknb.kernel_bridge.sidecar.page_requests import PageRequest
from flasknb.kernel_bridge.sidecar.queued_request import DOCUMENT
from flasknb.kernel_bridge.sidecar.reading import read_cells, read_outputs
from flasknb.kernel_bridge.sidecar.sessions import SessionManager

Params = dict[str, Any]
FINISHED_SHOWN = 200


class ExecutionCalls:
    """Answers calls about executions; ``table`` goes into the table of all calls. Event loop only."""

    def __init__(self, kernels: Kernels, sessions: SessionManager, away: Away) -> None:
        self._kernels, self._sessions, self._away = kernels, sessions, away
        self.table: Mapping[str, Callable[[Params], Awaitable[Any]]] = {
            "execution_queue": self._queue,
            "remove_execution": self._remove,
            "execute": self._execute,
            "outputs": self._outputs,
            "cells": self._cells,
            "note_document": self._note_document,
            "claim_away": self._claim_away,
            "settle_away": self._settle_away,
        }

    async def _queue(self, params: Params) -> Any:
        kernel = self._kernel(params)
        position = {"epoch": kernel.journal.epoch, "seq": kernel.journal.newest}
        return {**position, **kernel.turns.state(finished=FINISHED_SHOWN)}

    async def _remove(self, params: Params) -> Any:
        kernel, msg_id = self._kernel(params), str(params["msg_id"])
        try:
            kernel.turns.remove(msg_id)
        except KeyError:
            if any(run.ask.msg_id == msg_id for run in kernel.turns.runs()):
                raise ExecutionBegun("This cell runs already or is over. Interrupt the kernel to stop it.") from None
            raise ExecutionMissing(f"No execution waits that is called {msg_id[:80]!r}") from None

    async def _execute(self, params: Params) -> Any:
        kernel, wanted = self._kernel(params), ExecuteRequest(**params["request"])
        if kernel.state is State.DEAD:
            raise KernelDead(f"The kernel is dead: {kernel.reason or 'it ended'}. Restart it first.")
        session = f"http-{uuid.uuid4().hex}"
        message = execute_message(
            wanted.code,
            session=session,
            silent=wanted.silent,
            store_history=wanted.store_history,
            stop_on_error=wanted.stop_on_error,
            metadata=self._metadata(wanted),
        )
        msg_id = messages.peek(message.header).msg_id
        size_bytes = len(message.content) + len(message.header)
        request = PageRequest("shell", "execute_request", message, size_bytes, msg_id=msg_id, session=session)
        seq = kernel.journal.newest
        kernel.turns.take(request, origin="http")
        return {"msg_id": msg_id, "epoch": kernel.journal.epoch, "seq": seq}

    def _metadata(self, wanted: ExecuteRequest) -> Params:
        if wanted.cell_id is None:
            return {}
        document = {} if wanted.session_id is None else {DOCUMENT: {"session": wanted.session_id}}
        return {"cellId": wanted.cell_id, **document}

    async def _outputs(self, params: Params) -> Any:
        return await read_outputs(self._kernel(params), OutputsWanted(**params["wanted"]))

    async def _cells(self, params: Params) -> Any:
        return await read_cells(self._kernel(params), CellsWanted(**params["wanted"]))

    async def _note_document(self, params: Params) -> Any:
        kernel, known = self._kernel(params), KnownDocument(**params["known"])
        self._sessions.get(str(params["session_id"]))
        kernel.documents.note(str(params["session_id"]), known.content_hash, seq=known.seq, saved_ms=known.saved_ms)

    async def _claim_away(self, _: Params) -> Any:
        return await self._away.claim()

    async def _settle_away(self, params: Params) -> Any:
        content_hash = params["content_hash"]
        self._away.settle(params["claim"], None if content_hash is None else str(content_hash))

    def _kernel(self, params: Params) -> Kernel:
        return self._kernels.get(str(params["kernel_id"]))


def execute_message(
    code: str, *, session: str, silent: bool, store_history: bool, stop_on_error: bool, metadata: dict[str, Any]
) -> WireMessage:
    """An ``execute_request`` of our own."""
    content = {
        "code": code,
        "silent": silent,
        "store_history": store_history and not silent,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": stop_on_error,
    }
    message = messages.build(EXECUTE, content, session=session)
    return WireMessage(message.header, message.parent_header, orjson.dumps(metadata), message.content)
