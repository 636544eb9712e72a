"""Where kernels' standard output and error go."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def open_log(log_path: Path | None) -> Any:
    """A file to append to, private; nowhere without a path."""
    target = os.devnull if log_path is None else log_path
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return os.fdopen(os.open(target, flags, 0o600), "ab")
