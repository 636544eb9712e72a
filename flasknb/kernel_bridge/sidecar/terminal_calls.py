"""The calls about terminals that a worker can make: JSON in, JSON out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from flasknb.kernel_bridge.sidecar.terminals import TerminalManager
from flasknb.kernel_bridge.terminals import TerminalRequest

Params = dict[str, Any]


class TerminalCalls:
    """Answers calls about terminals; ``table`` goes into the table of all calls. Event loop only."""

    def __init__(self, terminals: TerminalManager) -> None:
        self._terminals = terminals
        self.table: Mapping[str, Callable[[Params], Awaitable[Any]]] = {
            "create_terminal": self._create,
            "get_terminal": self._get,
            "delete_terminal": self._delete,
        }

    async def _create(self, params: Params) -> Any:
        return (await self._terminals.create(TerminalRequest(**params["request"]))).to_json()

    async def _get(self, params: Params) -> Any:
        return self._terminals.get(params["terminal"]).model.to_json()

    async def _delete(self, params: Params) -> Any:
        await self._terminals.delete(params["terminal"])
