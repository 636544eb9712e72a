"""How much memory a process has taken."""

from __future__ import annotations

import os
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def own_bytes(pid: int | None = None) -> int:
    """What a process (``None``: this one) has of its own, without what it shares; 0 where the system does not tell."""
    try:
        resident, shared = Path(f"/proc/{pid or 'self'}/statm").read_text().split()[1:3]
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * PAGE_BYTES
