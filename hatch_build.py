"""Puts the built browser side into every wheel and sdist; ``frontend/toolchain.py`` does the building."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndBuildHook(BuildHookInterface[Any]):
    """Builds the front end before the package, unless the result is there and fresh."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node as a Python package, where it is needed and the machine has none."""
        toolchain = _toolchain(Path(self.root))
        if toolchain is None or toolchain.is_fresh() or toolchain.find_node() is not None:
            return []
        return [toolchain.NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build. A package without the result is never made.

        Raises:
            RuntimeError: it could not be built.
        """
        root = Path(self.root)
        toolchain = _toolchain(root)
        if toolchain is not None:
            try:
                toolchain.build()
            except toolchain.ToolchainError as error:
                raise RuntimeError(f"The front end could not be built: {error}") from error
        if not (root / "flasknb" / "static" / "build" / "manifest.json").is_file():
            raise RuntimeError("flasknb/static/build is missing, and frontend/ too, so it cannot be built")


def _toolchain(root: Path) -> ModuleType | None:
    """The module ``frontend/toolchain.py``; ``None`` where the sources are not there."""
    path = root / "frontend" / "toolchain.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("flasknb_toolchain", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
