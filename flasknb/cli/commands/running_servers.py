"""The servers that run, by the files they leave in the runtime folder: ours and every other Jupyter server's.

The files are taken as what they are, files: one that is huge, a link, somebody else's, or of wrong shape is passed over
with a line on standard error. Those of ended servers are removed.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flasknb.cli.commands.output import printable, tell
from flasknb.cli.commands.process_identity import evidence

SCHEMES = ("http://", "https://", "http+unix://", "https+unix://")
INFO_NAME = re.compile(r"jpserver-(\d{1,10})\.json")
MAX_INFO_BYTES = 64 * 1024
URL_CHARS = "-._~:/?#[]@!$&'()*+,;=%"
SHAPE: dict[str, tuple[type, Any]] = {
    "base_url": (str, "/"),
    "hostname": (str, ""),
    "password": (bool, False),
    "pid": (int, None),
    "port": (int, None),
    "root_dir": (str, None),
    "secure": (bool, False),
    "sock": (str, ""),
    "token": (str, ""),
    "url": (str, None),
    "version": (str, ""),
}
"""Key → type and default; ``None``: the file must have it."""


class UnusableInfo(Exception):
    """A file that no server we may trust wrote; the message says why."""


@dataclass(frozen=True)
class RunningServer:
    """One server. ``fields`` are the documented ones; ``written_s`` is when its file was written, since 1970."""

    path: Path
    fields: dict[str, Any]
    written_s: float

    @property
    def pid(self) -> int:
        return int(self.fields["pid"])

    @property
    def endpoint(self) -> str:
        """What people call it by: its socket, or its port."""
        return str(self.fields["sock"] or self.fields["port"])

    @property
    def line(self) -> str:
        """Address with token, and folder; the token is text of a file, so it is quoted as a URL demands."""
        token = f"?token={quote(self.fields['token'])}" if self.fields["token"] else ""
        return f"{quote(self.fields['url'], safe=URL_CHARS)}{token} :: {printable(self.fields['root_dir'])}"

    def forget(self) -> None:
        """Remove its files: it has ended without doing so."""
        for path in (self.path, self.path.with_name(f"{self.path.stem}-open.html")):
            with suppress(OSError):
                path.unlink()


def runtime_dir() -> Path:
    """Where the files are."""
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir())


def running_servers(folder: Path) -> list[RunningServer]:
    """Every running server that has a file in ``folder``, by port; files of ended ones are removed."""
    servers = []
    for server in described_servers(folder):
        if evidence(server.pid, server.written_s).is_running:
            servers.append(server)
        else:
            server.forget()
    return sorted(servers, key=lambda server: (server.fields["port"], server.endpoint))


def described_servers(folder: Path) -> Iterator[RunningServer]:
    """Every usable file, of running and ended servers; says on standard error which are not usable."""
    for path in info_files(folder):
        try:
            yield read_info(path)
        except FileNotFoundError:
            continue  # it ended just now
        except UnusableInfo as error:
            tell(f"{printable(str(path))} is passed over: {error}")


def read_info(path: Path) -> RunningServer:
    """What the file of one server says.

    Raises:
        FileNotFoundError: it is gone.
        UnusableInfo: it is not such a file, or not ours.
    """
    try:
        text, status = _read_own_file(path)
        content = json.loads(text)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise UnusableInfo(f"it cannot be read ({type(error).__name__})") from error
    if not isinstance(content, dict):
        raise UnusableInfo("it holds no JSON object")
    fields = {name: _field(content, name) for name in SHAPE}
    if not fields["url"].startswith(SCHEMES):
        raise UnusableInfo(f"its url is {printable(fields['url'][:60])!r}")
    return RunningServer(path, fields, status.st_mtime)


def _field(content: dict[str, Any], name: str) -> Any:
    kind, default = SHAPE[name]
    value = content.get(name, default)
    is_bool = isinstance(value, bool)
    if not isinstance(value, kind) or is_bool != (kind is bool):
        raise UnusableInfo(f"its {name} is no {kind.__name__}")
    return value


def info_files(folder: Path) -> list[Path]:
    """Every file in ``folder`` that is called like a server's."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        return []
    return [folder / name for name in names if INFO_NAME.fullmatch(name)]


def _read_own_file(path: Path) -> tuple[bytes, os.stat_result]:
    """Content and status. Raises OSError, UnusableInfo."""
    if path.is_symlink():
        raise UnusableInfo("it is a link")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnusableInfo("it is no regular file")
        if status.st_uid != os.geteuid():
            raise UnusableInfo("it belongs to somebody else")
        if status.st_mode & 0o022:
            raise UnusableInfo("others can write to it")
        if status.st_size > MAX_INFO_BYTES:
            raise UnusableInfo(f"it is {status.st_size} bytes long")
        return file.read(MAX_INFO_BYTES + 1), status
