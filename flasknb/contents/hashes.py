"""Hashes of files, and what they are for: no save goes over bytes that its editor has not seen."""

from __future__ import annotations

import hashlib

from flasknb.contents.atomic import Content
from flasknb.contents.disk import Disk
from flasknb.contents.paths import shown
from flasknb.errors import BadRequest, EntryChangedOnDisk, EntryMissing


def hash_of(content: Content, algorithm: str) -> str:
    """Hexadecimal."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    for piece in [content] if isinstance(content, bytes) else content:
        digest.update(piece)
    return digest.hexdigest()


def check_unchanged(disk: Disk, path: str, seen_hash: str | None, new_content: Content, algorithm: str) -> None:
    """Let a save of ``new_content`` pass when the file is the one its editor knows; any file without a hash.

    Raises:
        EntryChangedOnDisk: it has other bytes by now, or is gone.
    """
    if not seen_hash:
        return
    if not isinstance(seen_hash, str):
        raise BadRequest("hash must be a string: the hash of the file as the editor knows it")
    try:
        found_hash = hash_of(disk.read(path), algorithm)
    except EntryMissing:
        raise EntryChangedOnDisk(
            f"{shown(path)} was deleted on disk after it was opened. Save it again, or under another name.",
            reason="deleted on disk",
        ) from None
    # A save whose answer got lost is repeated with the old hash; the disk then holds these very bytes.
    if found_hash not in (seen_hash.lower(), hash_of(new_content, algorithm)):
        raise EntryChangedOnDisk(
            f"{shown(path)} changed on disk after it was opened. "
            "Compare the two, overwrite it, or save under another name.",
            reason="changed on disk",
            fields={"hash": found_hash},
        )
