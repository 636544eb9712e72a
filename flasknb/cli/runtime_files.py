"""What a running ``flasknb`` tells other programs: a 0600 file in the runtime folder, and a page that logs in."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flasknb.kernel_bridge.instance import write_private

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


def info_path(runtime_dir: Path) -> Path:
    """The description of this process, read by ``jupyter server list``."""
    return runtime_dir / f"jpserver-{os.getpid()}.json"


def open_page_path(runtime_dir: Path) -> Path:
    """A page on disk that leads to the server and carries the token, so that no command line has to."""
    return runtime_dir / f"jpserver-{os.getpid()}-open.html"


@contextmanager
def published(runtime_dir: Path, info: dict[str, Any], url_with_token: str) -> Iterator[Path]:
    """Both files while the server runs; yields the path of the page. Raises OSError."""
    runtime_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = [info_path(runtime_dir), open_page_path(runtime_dir)]
    write_private(written[0], json.dumps(info, indent=2, sort_keys=True))
    write_private(written[1], OPEN_PAGE.format(url=html.escape(url_with_token)))
    try:
        yield written[1]
    finally:
        for path in written:
            path.unlink(missing_ok=True)
