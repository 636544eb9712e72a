"""How long a thread of ours may keep the interpreter while the one that serves requests waits for it."""

from __future__ import annotations

import sys

SWITCH_INTERVAL_S = 0.0005


def serve_first() -> None:
    """Let the serving thread in soon while another parses a large notebook.

    A kernel message passes it several times, and each time would wait the interpreter's usual 5 ms. For processes that
    are ours alone: a host site keeps its own setting.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
