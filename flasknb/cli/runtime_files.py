"""What a running server tells other programs: a 0600 file in the runtime folder, and pages that log in."""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flasknb import __version__
from flasknb.blueprints.context import Services
from flasknb.cli.messages import Addresses
from flasknb.cli.sockets.endpoint import Endpoint
from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.instance import process_start, unusable_runtime_dir, write_private

log = logging.getLogger(__name__)

INFO_NAME = "jpserver-{pid}.json"
OPEN_NAME = "jpserver-{pid}-open.html"
FILE_TO_RUN_NAME = "jpserver-file-to-run-{pid}-open.html"
OF_A_SERVER = re.compile(r"jpserver-(?:file-to-run-)?(\d+)(?:\.json|-open\.html)")

OPEN_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="referrer" content="no-referrer">
  <meta http-equiv="refresh" content="0; url={url}">
  <title>Opening the notebook</title>
</head>
<body><p>If nothing happens, <a href="{url}">open the notebook</a> yourself.</p></body>
</html>
"""


class RuntimeFiles:
    """The files of the server whose process is ``pid``; in one server, every worker may write them."""

    def __init__(self, folder: Path, pid: int) -> None:
        self._folder = folder
        self._pid = pid

    def publish(self, services: Services, endpoint: Endpoint) -> None:
        """Describe the server for ``jupyter server list``, and forget those that ended without a word.

        Raises:
            SidecarUnavailable: the folder refuses.
        """
        remove_leftovers(self._folder)
        described = json.dumps(server_info(services, endpoint, self._pid), indent=2, sort_keys=True)
        self._write(INFO_NAME, described)

    def write_open_page(self, url: str, *, opens_file: bool) -> Path:
        """A page on disk that leads to ``url``, so that no command line has to carry a token.

        Raises:
            SidecarUnavailable: the folder refuses.
        """
        page = OPEN_PAGE.format(url=html.escape(url))
        return self._write(FILE_TO_RUN_NAME if opens_file else OPEN_NAME, page)

    def remove(self) -> None:
        """Take all of them away."""
        for name in (INFO_NAME, OPEN_NAME, FILE_TO_RUN_NAME):
            (self._folder / name.format(pid=self._pid)).unlink(missing_ok=True)

    def _write(self, name: str, text: str) -> Path:
        path = self._folder / name.format(pid=self._pid)
        try:
            write_private(path, text)
        except OSError as error:
            raise SidecarUnavailable(unusable_runtime_dir(self._folder, error)) from error
        return path


def server_info(services: Services, endpoint: Endpoint, pid: int) -> dict[str, Any]:
    """The description, with the keys that Jupyter's own programs read."""
    settings, identity = services.settings, services.identity
    return {
        "base_url": f"{settings.url_prefix}/",
        "hostname": endpoint.host or "localhost",
        "password": identity.has_password(),
        "pid": pid,
        "port": endpoint.port,
        "root_dir": str(settings.root_dir),
        "secure": endpoint.is_secure,
        "sock": endpoint.sock,
        "token": identity.token,
        "url": Addresses(services, endpoint).server(),
        "version": __version__,
    }


def remove_leftovers(folder: Path) -> None:
    """Take away the files of servers whose process has ended."""
    for path in folder.glob("jpserver-*"):
        found = OF_A_SERVER.fullmatch(path.name)
        if found and process_start(int(found[1])) is None:
            path.unlink(missing_ok=True)


def other_servers(folder: Path, root_dir: Path, own_pid: int) -> list[int]:
    """Processes of other servers that serve ``root_dir``, and so share its kernels."""
    return [
        pid
        for pid, described in _described(folder)
        if pid != own_pid and described.get("root_dir") == str(root_dir) and process_start(pid) is not None
    ]


def _described(folder: Path) -> list[tuple[int, Mapping[str, Any]]]:
    found = []
    for path in folder.glob("jpserver-*.json"):
        try:
            content = json.loads(path.read_text("utf-8"))
            found.append((int(content["pid"]), content))
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return found
