"""One claim: read the notebook, put the outputs in, save it over the bytes that were read; or keep them beside it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, cast

from flasknb.away.placing import place_outputs
from flasknb.contents import operations
from flasknb.contents.manager import ContentsManager
from flasknb.contents.models import ContentsModel
from flasknb.contents.operations import Wanted
from flasknb.errors import EntryChangedOnDisk, FlasknbError
from flasknb.kernel_bridge.kept_outputs import KeptOutputs

log = logging.getLogger(__name__)

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Saver:
    """Any thread. ``save`` does disk and JSON work: call it off the loop."""

    contents: ContentsManager
    kept: KeptOutputs

    def save(self, claim: JsonObject) -> str | None:
        """Hash of the file that has the outputs now; ``None`` when they are kept beside it, as after any change of it
        that no page made."""
        path, cells = claim["path"], claim["cells"]
        try:
            content_hash, homeless = self._fold(path, claim["hash"], cells)
        except EntryChangedOnDisk:
            log.warning("notebook changed meanwhile, outputs are kept beside it path=%s cells=%d", path, len(cells))
            self.kept.keep(path, cells, claim["owner"])
            return None
        except FlasknbError as error:
            log.warning("outputs are kept beside the notebook path=%s reason=%s", path, error.message)
            self.kept.keep(path, cells, claim["owner"])
            return None
        if homeless:
            log.info("cells have changed, their outputs are kept beside path=%s cells=%d", path, len(homeless))
            self.kept.keep(path, homeless, claim["owner"])
        log.info("outputs saved path=%s cells=%d", path, len(cells) - len(homeless))
        return content_hash

    def _fold(self, path: str, known_hash: str, cells: list[JsonObject]) -> tuple[str, list[JsonObject]]:
        model = operations.read(self.contents, path, Wanted(type="notebook", hash=True))
        if model.get("hash") != known_hash:
            raise EntryChangedOnDisk(f"{path} is not the file that its page knew")
        content = model["content"]
        homeless = place_outputs(content, cells)
        if len(homeless) == len(cells):
            return known_hash, homeless
        body = {"type": "notebook", "format": "json", "content": content, "hash": known_hash}
        stored, _ = operations.store(self.contents, path, cast(ContentsModel, body))
        return str(stored.get("hash") or ""), homeless
