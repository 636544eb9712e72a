"""Where the kernel of a document starts: the contents manager names a folder of its own, this makes it one on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flasknb.contents.awaiting import call
from flasknb.contents.manager import ContentsManager
from flasknb.contents.paths import clean_path


def working_directory(contents: ContentsManager, root_dir: Path) -> Callable[[str], str]:
    """A function from API path to absolute folder; it raises BadPath for paths outside the root."""

    def find(api_path: str) -> str:
        folder: str = call(contents.get_kernel_path, clean_path(api_path))
        return str(root_dir / clean_path(folder))

    return find
