"""Models of entries as they cross the network. Knows JSON and the short cuts for large notebooks, not HTTP."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from flasknb.contents import operations
from flasknb.contents.atomic import in_blocks
from flasknb.contents.folding import KnownText
from flasknb.contents.latest import Latest
from flasknb.contents.manager import ContentsManager
from flasknb.contents.models import ContentsModel, to_json
from flasknb.contents.operations import Wanted
from flasknb.contents.quick_notebooks import FOLDED_FROM_BYTES, fold_body, take_quickly
from flasknb.contents.served_notebooks import ServedNotebook
from flasknb.contents.shipped import stores_as_shipped


@dataclass(frozen=True)
class JsonBody:
    """JSON in pieces. ``version``: another one for every other JSON; ``None`` where hashing the pieces is no effort."""

    pieces: list[bytes]
    version: str | None = None


def read_as_json(contents: ContentsManager, api_path: str, wanted: Wanted) -> tuple[ContentsModel, JsonBody]:
    """The model of an entry, and its JSON; the content of a notebook may be in the JSON only."""
    model = operations.read(contents, api_path, replace(wanted, only_json=True))
    notebook = model["content"]
    if not isinstance(notebook, ServedNotebook):
        return model, JsonBody([to_json(model)])
    mark = secrets.token_hex(12)
    model["content"] = mark
    before, after = to_json(model).split(b'"%s"' % mark.encode())
    pieces = [before, *notebook.pieces, after]
    blocks = list(in_blocks(pieces))
    if notebook.version is None:
        return model, JsonBody(blocks)
    return model, JsonBody(blocks, hashlib.sha256(b"\0".join([before, notebook.version, after])).hexdigest())


def quick_model(contents: ContentsManager, body: bytes, api_path: str = "") -> ContentsModel | None:
    """The model in a large body, its notebook a ``QuickNotebook``; ``None`` where it has to be parsed as usual.

    A page that saves again and again sends nearly the same outputs: what is known of ``api_path`` is not parsed anew.
    """
    if len(body) < FOLDED_FROM_BYTES or not stores_as_shipped(contents):
        return None
    latest: Latest[Sequence[KnownText]] | None = getattr(contents, "last_saved", None)
    if latest is not None and 3 * len(body) > latest.limit_bytes:
        latest = None
    folded = fold_body(body, None if latest is None else latest.find(api_path) or ())
    sent = folded.document if folded is not None else None
    if folded is None or not isinstance(sent, dict) or sent.get("type") != "notebook":
        return None
    if latest is not None and folded.known is not None:
        latest.keep(api_path, folded.known, sum(one.size_bytes for one in folded.known))
    notebook = take_quickly(sent.get("content"), folded)
    return None if notebook is None else cast(ContentsModel, {**sent, "content": notebook})
