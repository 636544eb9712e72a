"""Which bundlers a user has: the ``bundlerextensions`` of the notebook's settings. Knows names, imports nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flasknb.errors import BadRequest, ConversionFailed

MODULE_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
CLASSIC_MODULES = {
    "notebook.bundler.zip_bundler": "flasknb.extensions.bundlers.zip_bundler",
    "notebook.bundler.tarball_bundler": "flasknb.extensions.bundlers.tarball_bundler",
}
"""Names that settings written for the classic notebook have for the bundlers we bring."""


def bundler_module(section: Mapping[str, Any], bundler_id: str | None) -> str:
    """Name of the module whose ``bundle`` function does it.

    Args:
        section: the settings called ``notebook``.

    Raises:
        BadRequest: no bundler is named, or one that is not enabled.
        ConversionFailed: the settings name no module for it.
    """
    if not bundler_id:
        raise BadRequest("The address must name a bundler: ?bundler=<id>")
    known = section.get("bundlerextensions")
    entry = known.get(bundler_id) if isinstance(known, Mapping) else None
    if not isinstance(entry, Mapping):
        raise BadRequest(f"Bundler {bundler_id[:100]!r} is not enabled")
    module = entry.get("module_name")
    if not isinstance(module, str) or not MODULE_NAME.fullmatch(module):
        raise ConversionFailed(f"The settings of bundler {bundler_id[:100]!r} name no module: {module!r:.100}")
    return CLASSIC_MODULES.get(module, module)
