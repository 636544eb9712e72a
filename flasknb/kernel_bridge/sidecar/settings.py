"""What the sidecar is told when it starts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from traitlets.config import Config

from flasknb.kernel_bridge.option_values import unpacked


@dataclass(frozen=True)
class Settings:
    """Private folder of the instance, folder of the notebooks, and the user's options."""

    instance_dir: Path
    root_dir: Path
    config: Config

    @classmethod
    def from_json(cls, text: bytes) -> Settings:
        """Read ``{"instance_dir", "root_dir", "config"}``, packed by ``option_values``. Raises ValueError."""
        given = json.loads(text)
        return cls(Path(given["instance_dir"]), Path(given["root_dir"]), unpacked(given.get("config") or {}))
