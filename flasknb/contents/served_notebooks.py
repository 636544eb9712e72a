"""Notebooks as they were answered last, for the next time the same bytes are on the disk. Knows no disk.

A page that is loaded again, a second tab, a backup script: most reads find what the last one found. The bytes are read
and compared each time, so nothing that was changed is ever hidden.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flasknb.contents.atomic import in_blocks
from flasknb.contents.latest import KEPT_BYTES, Latest
from flasknb.contents.trust import Signature


@dataclass(frozen=True)
class ServedNotebook:
    """A notebook whose JSON is made.

    Attributes:
        pieces: its JSON.
        signature: nbformat's, ``None`` where it could not be made.
        is_trusted: how its cells are marked.
        version: another one for every other JSON; ``None`` where hashing that is no effort.
    """

    pieces: Sequence[bytes]
    signature: Signature | None
    is_trusted: bool
    version: bytes | None


def served(pieces: list[bytes], signature: Signature | None, *, is_trusted: bool) -> ServedNotebook:
    """The notebook with this JSON; every second piece of which is a text that was signed."""
    if len(pieces) == 1 or signature is None:
        return ServedNotebook(pieces, signature, is_trusted, None)
    lengths = ",".join(map(str, map(len, pieces)))
    unsigned = b"".join([lengths.encode(), signature.text.encode(), *pieces[::2]])
    return ServedNotebook(list(in_blocks(pieces)), signature, is_trusted, hashlib.sha256(unsigned).digest())


class LastServed:
    """What was served from which bytes. Any thread."""

    def __init__(self, limit_bytes: int = KEPT_BYTES) -> None:
        self._latest: Latest[tuple[bytes, ServedNotebook]] = Latest(limit_bytes)

    def find(self, name: str, content: bytes) -> ServedNotebook | None:
        """What was served under ``name`` from these bytes."""
        kept = self._latest.find(name)
        return kept[1] if kept is not None and kept[0] == content else None

    def keep(self, name: str, content: bytes, notebook: ServedNotebook) -> None:
        """Remember it, files and answers, and forget the oldest where that is too much."""
        if notebook.signature is None:
            self._latest.forget(name)
        else:
            self._latest.keep(name, (content, notebook), len(content) + sum(map(len, notebook.pieces)))
