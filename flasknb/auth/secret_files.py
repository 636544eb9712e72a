"""Secrets on disk: 0600 files that several starting workers may want to create at the same moment."""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

COOKIE_SECRET_NAME = "jupyter_cookie_secret"  # noqa: S105 - a file name
TOKEN_NAME = "token"  # noqa: S105 - a file name
TOKEN_BYTES = 24
SECRET_BYTES = 32


def read_or_create(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of ``path``, which is created first, whole and 0600, when it is missing.

    Of several processes that come at once one wins, and all return what that one wrote.

    Raises:
        OSError: the folder cannot be written or the file cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        _publish(path, make())
        return path.read_bytes()


def cookie_secrets(path: Path) -> list[bytes]:
    """The signing secrets of ``path``, one per line, newest last; a missing file gets one."""
    content = read_or_create(path, _new_secret)
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    return lines or [content or b"\0"]


def generated_token(folder: Path) -> str:
    """The token of this instance: made once, shared by all workers, kept over restarts."""
    return read_or_create(folder / TOKEN_NAME, lambda: secrets.token_hex(TOKEN_BYTES).encode()).decode().strip()


def _new_secret() -> bytes:
    return base64.encodebytes(os.urandom(SECRET_BYTES))


def _publish(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` unless something is there: a hard link either appears whole or fails."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mkstemp makes it 0600
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass  # another worker was first: its secret is the one
    finally:
        temporary.unlink(missing_ok=True)
