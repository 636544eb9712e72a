"""Which entry a path of a traceback or a terminal means. Knows spellings, not whether something is there."""

from __future__ import annotations

import os

from flasknb.contents.paths import clean_path
from flasknb.errors import BadPath


def api_path_of(path: str, root_dir: str) -> str | None:
    """The API path of ``path``: absolute or with ``~`` on this machine, or relative to the root.

    Returns:
        ``None`` for what is outside of the root, or no path at all.
    """
    try:
        expanded = os.path.expanduser(path)
        if os.path.isabs(expanded):
            root = os.path.abspath(root_dir)
            expanded = os.path.relpath(os.path.abspath(expanded), root).replace(os.sep, "/")
        return clean_path(expanded)
    except (BadPath, ValueError):  # ".." at its begin, NUL, another drive
        return None
