"""nbformat, imported by the first notebook that needs it: it takes 12 MB and a quarter second.

Functions import it from here, not from nbformat itself: it comes without the slowest part of jsonschema. Under gevent
``off_the_loop`` has imported it before work on native threads could.
"""

from __future__ import annotations

from flasknb.contents.schema_import import import_jsonschema

import_jsonschema()

import nbformat  # noqa: E402 - it imports jsonschema, which would come whole
from nbformat import ValidationError  # noqa: E402
from nbformat.reader import get_version  # noqa: E402

__all__ = ["ValidationError", "get_version", "nbformat"]
