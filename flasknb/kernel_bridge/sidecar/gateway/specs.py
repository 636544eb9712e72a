"""The gateway's kernel specifications, and a copy of the small files that come with them."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from flasknb.errors import FlasknbError, GatewayRefused, KernelSpecMissing
from flasknb.kernel_bridge.instance import private_dir
from flasknb.kernel_bridge.models import KernelSpecModel, KernelSpecs
from flasknb.kernel_bridge.sidecar.gateway.rest import GatewayRest

log = logging.getLogger(__name__)

FILE_SHAPE = re.compile(r"kernel\.js|kernel\.css|logo-[\w.-]{1,80}")
MAX_FILE_BYTES = 4 * 1024 * 1024
FILE_LIFETIME_S = 3600.0


class GatewaySpecs:
    """What the gateway can start. Event loop only.

    Args:
        folder: where copies of logos and scripts are kept.
    """

    def __init__(self, rest: GatewayRest, folder: Path) -> None:
        self._rest, self._folder = rest, folder

    async def all(self) -> KernelSpecs:
        """Every specification. Raises as ``GatewayRest.json``."""
        answer = await self._rest.json("GET", self._rest.options.kernelspecs_endpoint)
        found = answer.get("kernelspecs") if isinstance(answer, dict) else None
        if not isinstance(found, dict):
            raise GatewayRefused(f"The gateway {self._rest.address} tells of no kernel specifications")
        specs = {name: self._model(name, entry) for name, entry in found.items() if _is_spec(entry)}
        default = answer.get("default")
        return KernelSpecs(default if isinstance(default, str) and default in specs else next(iter(specs), ""), specs)

    async def one(self, name: str) -> KernelSpecModel:
        """One of them, with its files fetched. Raises KernelSpecMissing, and as ``GatewayRest.json``."""
        spec = await self.require(name)
        for file in spec.resources:
            await self._fetch(name, file, Path(spec.resource_dir) / file)
        return spec

    async def require(self, name: str) -> KernelSpecModel:
        """One of them. Raises KernelSpecMissing."""
        specs = (await self.all()).specs
        if name not in specs:
            raise KernelSpecMissing(
                f"The gateway has no kernel {name[:100]!r}. Choose another one.",
                fields={"short_message": f"{name[:100]} not found"},
            )
        return specs[name]

    def _model(self, name: str, entry: Mapping[str, Any]) -> KernelSpecModel:
        addresses = entry.get("resources") or {}
        files = [_file_name(one) for one in addresses.values()] if isinstance(addresses, dict) else []
        folder = self._folder / sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        usable = tuple(sorted({file for file in files if FILE_SHAPE.fullmatch(file)}))
        return KernelSpecModel(name, dict(entry["spec"]), str(folder), usable)

    async def _fetch(self, name: str, file: str, path: Path) -> None:
        """Keep a copy for a while; without one the page shows none."""
        if path.exists() and time.time() - path.stat().st_mtime < FILE_LIFETIME_S:
            return
        address = f"{self._rest.options.kernelspecs_resource_endpoint}/{quote(name, safe='')}/{quote(file, safe='')}"
        try:
            content = await self._rest.content("GET", address, limit=MAX_FILE_BYTES)
            private_dir(self._folder)
            private_dir(path.parent)
            unfinished = path.with_name(f".{file}.tmp")
            unfinished.write_bytes(content)
            unfinished.replace(path)
        except (FlasknbError, OSError) as error:
            log.warning("file of a gateway's kernel specification left out name=%s file=%s error=%s", name, file, error)


def _is_spec(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("spec"), dict)


def _file_name(address: object) -> str:
    """The last part of an address. Only that: whatever else it says, the file is fetched from the gateway itself."""
    try:
        return PurePosixPath(urlsplit(str(address)).path).name
    except ValueError:
        return ""
