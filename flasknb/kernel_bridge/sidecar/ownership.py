"""Whose kernels, sessions and terminals somebody may know of. Another user's are, for them, as if they were not there.

A call says for whom it is made (``viewer``): the name that owners have too, or ``None`` for whoever may see all. What a
call names (``kernel_id``, ``session_id``, ``terminal``) is looked at before the call is: so none can forget it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flasknb.errors import BadRequest, KernelMissing, SessionMissing, TerminalMissing
from flasknb.kernel_bridge.sidecar.kernels import Kernels
from flasknb.kernel_bridge.sidecar.sessions import SessionManager
from flasknb.kernel_bridge.sidecar.terminals import TerminalManager

Params = dict[str, Any]


class Ownership:
    """Asks the three for the owner. Event loop only."""

    def __init__(self, kernels: Kernels, sessions: SessionManager, terminals: TerminalManager) -> None:
        self._kernels, self._sessions, self._terminals = kernels, sessions, terminals

    def check(self, named: Mapping[str, Any], viewer: str | None) -> None:
        """Raises KernelMissing, SessionMissing, TerminalMissing: one of what ``named`` names is another user's."""
        if viewer is None:
            return
        if "kernel_id" in named and self.is_others_kernel(kernel_id := str(named["kernel_id"]), viewer):
            raise KernelMissing(f"Kernel does not exist: {kernel_id}")
        if "session_id" in named and self._sessions.owner_of(session_id := str(named["session_id"])) not in (
            None,
            viewer,
        ):
            raise SessionMissing(f"Session not found: session_id={session_id!r}")
        if "terminal" in named and self._terminals.owner_of(name := str(named["terminal"])) not in (None, viewer):
            raise TerminalMissing(f"Terminal not found: {name[:100]}")

    def is_others_kernel(self, kernel_id: str, viewer: str | None) -> bool:
        """Whether there is such a kernel, and ``viewer`` is not to know of it."""
        return viewer is not None and self._kernels.owner_of(kernel_id) not in (None, viewer)

    def check_wishes(self, method: str, params: Params, viewer: str | None) -> None:
        """The same for what a session or terminal that is to be made, or changed, is to have.

        A new session gets a kernel of its own where it names another user's, as where it names none that is there.

        Raises:
            BadRequest: as for a kernel that is not there. TerminalMissing: another user's has that name.
        """
        if method == "create_terminal" and params["request"]["name"]:
            self.check({"terminal": params["request"]["name"]}, viewer)
        elif method == "create_session" and self.is_others_kernel(str(params["request"]["kernel_id"]), viewer):
            params["request"]["kernel_id"] = None
        elif method == "update_session" and self.is_others_kernel(str(params["change"]["kernel_id"]), viewer):
            raise BadRequest(f"No such kernel: {params['change']['kernel_id']}")
