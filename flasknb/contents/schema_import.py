"""The import of jsonschema, which nbformat needs, without a second and a half for what no notebook needs.

Where ``rfc3987_syntax`` is installed (jupyter_events asks for it), jsonschema imports it to check internationalised
addresses, and that compiles a grammar at import. Here the grammar waits for the first such check, which then works as
ever. Nothing stays changed for other code.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

SLOW_MODULE = "rfc3987_syntax"


def import_jsonschema() -> None:
    """Import jsonschema; does nothing where somebody has done so already."""
    if "jsonschema" in sys.modules or SLOW_MODULE in sys.modules or find_spec(SLOW_MODULE) is None:
        return
    stand_in: Any = ModuleType(SLOW_MODULE)
    stand_in.is_valid_syntax = _is_valid_syntax
    sys.modules[SLOW_MODULE] = stand_in
    try:
        import jsonschema  # noqa: F401 - for whoever imports it next
    finally:
        if sys.modules.get(SLOW_MODULE) is stand_in:
            del sys.modules[SLOW_MODULE]


def _is_valid_syntax(term: str, value: str) -> bool:
    return bool(import_module(SLOW_MODULE).is_valid_syntax(term, value))
