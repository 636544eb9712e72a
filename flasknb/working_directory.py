"""Where the kernel of a document starts: the document's folder, or the nearest one above it that exists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flasknb.contents.awaiting import call
from flasknb.contents.manager import ContentsManager
from flasknb.contents.paths import clean_path, split_path


def working_directory(contents: ContentsManager, root_dir: Path) -> Callable[[str], str]:
    """A function from API path to absolute folder; it raises BadPath for paths outside the root."""

    def find(api_path: str) -> str:
        folder = clean_path(api_path)
        while folder and not call(contents.dir_exists, folder):
            folder, _ = split_path(folder)
        return str(root_dir / folder)

    return find
