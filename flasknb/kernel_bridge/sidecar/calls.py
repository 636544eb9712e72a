"""The table of calls a worker can make: JSON in, JSON out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from flasknb.errors import BadRequest
from flasknb.kernel_bridge import crossing
from flasknb.kernel_bridge.crossing import to_json
from flasknb.kernel_bridge.sidecar.away import Away
from flasknb.kernel_bridge.sidecar.execution_calls import ExecutionCalls
from flasknb.kernel_bridge.sidecar.kernels import Kernels
from flasknb.kernel_bridge.sidecar.ownership import Ownership
from flasknb.kernel_bridge.sidecar.sessions import SessionManager
from flasknb.kernel_bridge.sidecar.terminal_calls import TerminalCalls
from flasknb.kernel_bridge.sidecar.terminals import TerminalManager

Params = dict[str, Any]
UNNOTICED = frozenset({"status", "publish_event", "shutdown"})  # no sign that somebody may want a kernel


class Calls:
    """Answers calls by name. Event loop only.

    Args:
        shutdown: ends kernels and sidecar after the answer has gone out.
    """

    def __init__(
        self,
        kernels: Kernels,
        sessions: SessionManager,
        terminals: TerminalManager,
        away: Away,
        shutdown: Callable[[], Awaitable[None]],
    ) -> None:
        self._kernels, self._sessions, self._terminals, self._shutdown = kernels, sessions, terminals, shutdown
        self._ownership = Ownership(kernels, sessions, terminals)
        self._lists: Mapping[str, Callable[[str | None], list[Any]]] = {
            "list_kernels": lambda viewer: [to_json(kernel) for kernel in kernels.models(viewer)],
            "list_sessions": lambda viewer: [to_json(session) for session in sessions.models(viewer)],
            "list_terminals": lambda viewer: [terminal.to_json() for terminal in terminals.models(viewer)],
        }
        self._table: Mapping[str, Callable[[Params], Awaitable[Any]]] = {
            "start_kernel": self._start_kernel,
            "get_kernel": self._get_kernel,
            "interrupt_kernel": self._interrupt_kernel,
            "restart_kernel": self._restart_kernel,
            "shutdown_kernel": self._shutdown_kernel,
            "create_session": self._create_session,
            "get_session": self._get_session,
            "update_session": self._update_session,
            "delete_session": self._delete_session,
            "kernel_specs": self._kernel_specs,
            "kernel_spec": self._kernel_spec,
            "status": self._status,
            "publish_event": self._publish_event,
            "shutdown": self._end,
            **TerminalCalls(terminals).table,
            **ExecutionCalls(kernels, sessions, away).table,
        }

    async def answer(self, method: str, params: Params, viewer: str | None = None) -> Any:
        """The result of one call, made for ``viewer`` (see ``ownership``). Raises FlasknbError."""
        if method not in UNNOTICED:
            self._kernels.spares.note_use()
        if method in self._lists:
            return self._lists[method](viewer)
        self.check(params, viewer)
        self._ownership.check_wishes(method, params, viewer)
        action = self._table.get(method)
        if action is None:
            raise BadRequest(f"The sidecar knows no call {method!r}; it may be of an older version of flasknb.")
        return await action(params)

    def check(self, named: Mapping[str, Any], viewer: str | None) -> None:
        """Raises what a kernel, session or terminal that is not there raises, where ``named`` names another user's."""
        self._ownership.check(named, viewer)

    async def _start_kernel(self, params: Params) -> Any:
        return to_json(await self._kernels.start(crossing.kernel_request_of(params["request"])))

    async def _get_kernel(self, params: Params) -> Any:
        return to_json(self._kernels.get(params["kernel_id"]).model)

    async def _interrupt_kernel(self, params: Params) -> Any:
        await self._kernels.interrupt(params["kernel_id"])

    async def _restart_kernel(self, params: Params) -> Any:
        return to_json(await self._kernels.restart(params["kernel_id"]))

    async def _shutdown_kernel(self, params: Params) -> Any:
        await self._kernels.shutdown(params["kernel_id"])

    async def _create_session(self, params: Params) -> Any:
        return to_json(await self._sessions.create(crossing.session_request_of(params["request"])))

    async def _get_session(self, params: Params) -> Any:
        return to_json(self._sessions.get(params["session_id"]))

    async def _update_session(self, params: Params) -> Any:
        change = crossing.session_change_of(params["change"])
        return to_json(await self._sessions.update(params["session_id"], change))

    async def _delete_session(self, params: Params) -> Any:
        await self._sessions.delete(params["session_id"])

    async def _kernel_specs(self, _: Params) -> Any:
        return to_json(await self._kernels.kernel_specs())

    async def _kernel_spec(self, params: Params) -> Any:
        return to_json(await self._kernels.kernel_spec(str(params["name"])))

    async def _status(self, _: Params) -> Any:
        status, terminals_activity = self._kernels.status(), self._terminals.last_activity
        if not terminals_activity:  # terminals are used without anybody being told
            self._kernels.board.put_up(status)
        return to_json(replace(status, last_activity=max(status.last_activity, terminals_activity)))

    async def _publish_event(self, params: Params) -> Any:
        self._kernels.events.publish(crossing.raised_event_of(params["event"]))

    async def _end(self, _: Params) -> Any:
        await self._shutdown()
