"""Sessions follow their documents: whoever opens a notebook at its new path finds its kernel there."""

from __future__ import annotations

import logging
import threading

from flask import copy_current_request_context

from flasknb.blueprints.context import services
from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.models import SessionChange

log = logging.getLogger(__name__)

PATIENCE_S = 1.0


def follow(before: str, after: str) -> None:
    """Give the sessions of ``before``, and of all in it, their new paths. Never raises: the rename is done.

    Kernels that do not answer hold no rename up for longer than PATIENCE_S.
    """
    following = threading.Thread(target=copy_current_request_context(_follow), args=(before, after), daemon=True)
    following.start()
    following.join(PATIENCE_S)


def _follow(before: str, after: str) -> None:
    bridge = services().bridge
    try:
        if before == after or bridge.status_of_none():
            return
        for session in bridge.list_sessions():
            path = moved(session.path, before, after)
            if path is not None:
                bridge.update_session(session.id, SessionChange(path=path))
    except FlasknbError as error:
        log.warning("sessions keep the path before a rename path=%s reason=%s", before, error)


def moved(path: str, before: str, after: str) -> str | None:
    """Where ``path`` is after ``before`` became ``after``; ``None`` where it is neither that nor in it."""
    if path == before:
        return after
    return after + path[len(before) :] if path.startswith(f"{before}/") else None
