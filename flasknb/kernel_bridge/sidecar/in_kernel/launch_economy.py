"""Has ipykernel do the same for less with each request. ``launch_ipykernel`` runs this in the kernel's own Python.

Standard library, and for what a kernel brings: Python may be older than ours, and there is no flasknb.

Each part stands for itself, and is left out where what it replaces looks other than expected.
"""

from __future__ import annotations

import importlib
import logging
import signal
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

NO_SLEEP_S, USUAL_SLEEP_S = 0.0, 0.0005
EMPTY = b"{}"
PACKING_MODULE = "flasknb_launch_packing"


def ask_signatures_once(ipkernel: Any) -> None:
    """Which arguments ``run_cell`` takes does not change from cell to cell."""
    ask = getattr(ipkernel, "_accepts_parameters", None)
    if ask is None:
        return
    known: dict[Any, dict[str, bool]] = {}

    def _accepts_parameters(meth: Any, param_names: Sequence[str]) -> dict[str, bool]:
        function = getattr(meth, "__func__", None)
        key = (function, getattr(function, "__code__", None), tuple(param_names))
        if key[1] is None:
            return ask(meth, param_names)  # type: ignore[no-any-return]
        if key not in known:
            known.clear()
            known[key] = ask(meth, param_names)
        return dict(known[key])

    ipkernel._accepts_parameters = _accepts_parameters


def set_signals_plainly(kernelbase: Any) -> None:
    """Around each request a handler is set and set back; the plain function does it without looking names up."""
    if getattr(kernelbase, "signal", None) is signal.signal:
        kernelbase.signal = importlib.import_module("_signal").signal


class CandidLogger(logging.Logger):
    """Says no to what none of its handlers would take: else a record is made of each, several in each execution."""

    def isEnabledFor(self, level: int) -> bool:
        if not self.propagate and all(level < handler.level for handler in self.handlers):
            return False
        return super().isEnabledFor(level)


def log_candidly(log: Any) -> None:
    """Let the application's logger look at its handlers first."""
    if type(log) is logging.Logger:
        log.__class__ = CandidLogger


def pack_quickly(session: Any, jupyter_session: Any) -> None:
    """Write the same JSON: the header of a request, which is in each message about it, is written once."""
    usual = getattr(jupyter_session, "json_packer", None)
    if usual is not None and (session.pack is usual or session.pack.__module__ == PACKING_MODULE):
        session.pack = packer(session.pack)


def packer(usual: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """The same as ``usual``, which need not do again what it has just done."""
    last: tuple[Any, dict[str, Any], bytes] = ({}, {}, EMPTY)

    @wraps(usual)
    def pack(value: Any) -> bytes:
        nonlocal last
        if type(value) is not dict:
            return usual(value)
        if not value:
            return EMPTY
        if "msg_id" not in value:
            return usual(value)
        seen, as_it_was, packed = last  # one read: another thread may set it meanwhile
        if value is not seen or value != as_it_was:
            packed = usual(value)
            last = (value, value.copy(), packed)
        return packed

    return pack


def need_no_sleep(kernel: Any) -> None:
    """Before a reply ipykernel sleeps, for outputs to get ahead: in ``launch_shell`` they are on their way by then."""
    if getattr(kernel, "_execute_sleep", None) == USUAL_SLEEP_S:
        kernel._execute_sleep = NO_SLEEP_S
