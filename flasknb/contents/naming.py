"""Names for new files and copies. Knows strings only; what is taken, the caller tells."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

COPY_SUFFIX = re.compile(r"-Copy\d*(?=\.|$)")


def split_extension(filename: str) -> tuple[str, str]:
    """Stem and extension where a number goes between: before the first dot, for notebooks before the last.

    ``"a.tar.gz"`` → ``("a", ".tar.gz")``; ``"a.b.ipynb"`` → ``("a.b", ".ipynb")``.
    """
    if filename.endswith(".ipynb"):
        return filename[: -len(".ipynb")], ".ipynb"
    stem, dot, extension = filename.partition(".")
    return stem, dot + extension


def first_free_name(filename: str, is_taken: Callable[[str], bool], insert: str = "") -> str:
    """``filename``, or it with the lowest number that makes it free.

    Args:
        insert: what stands between stem and number: ``" "`` gives ``Untitled Folder 1``, ``"-Copy"`` gives ``a-Copy1``.
    """
    stem, extension = split_extension(filename)
    numbered = (f"{stem}{insert}{number}{extension}" for number in count(1))
    if not is_taken(filename):
        return filename
    return next(name for name in numbered if not is_taken(name))


def without_copy_suffix(filename: str) -> str:
    """``"a-Copy2.ipynb"`` → ``"a.ipynb"``, so that a copy of a copy counts on from the original's name."""
    return COPY_SUFFIX.sub("", filename)
