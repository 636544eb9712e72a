"""How many files the process may have open: every websocket, kernel connection and file is one."""

from __future__ import annotations

import logging
import resource

log = logging.getLogger(__name__)


def raise_open_files(wanted: int) -> None:
    """Raise the soft limit to ``wanted`` where it is lower, as far as the system lets us; 0 leaves it alone."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if not wanted or soft in (unlimited, -1) or soft >= wanted:
        return
    reachable = wanted if hard == unlimited else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
    except (OSError, ValueError) as error:
        log.warning("The limit of open files stays at %d: %s.", soft, error)
        return
    log.debug("Raised the limit of open files from %d to %d.", soft, reachable)
    if reachable < wanted:
        log.warning("Only %d files can be open at once, not %d: the system's own limit is lower.", reachable, wanted)
