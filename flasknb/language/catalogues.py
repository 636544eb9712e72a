"""Reads compiled catalogues. A file that is missing or broken costs its translations, never the page."""

from __future__ import annotations

import json
import logging
import struct
from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from flasknb.language.finished import Pattern, pattern_of

log = logging.getLogger(__name__)

PAGES = "nbui"
"""Domain of the page templates, ``nbui.mo``."""
SENTENCES = "notebook"
"""Domain of what the server itself says, ``notebook.json``: text → translation."""
SCRIPTS = "nbjs"
"""Domain of what the pages' scripts say, ``nbjs.js``: the browser reads that one."""
KEPT_CATALOGUES = 64


@lru_cache(maxsize=KEPT_CATALOGUES)
def read_catalogue(path: Path) -> NullTranslations:
    """The translations in the ``.mo`` file at ``path``, whose name changes with its content. None on trouble."""
    try:
        with path.open("rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError, struct.error) as error:
        log.warning("a catalogue cannot be read path=%s reason=%s", path, error)
        return NullTranslations()


@lru_cache(maxsize=KEPT_CATALOGUES)
def read_sentences(path: Path) -> Mapping[str, str]:
    """Text → translation of the server's own sentences, from a file whose name changes with its content."""
    try:
        return {str(text): str(translation) for text, translation in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError) as error:
        log.warning("a catalogue cannot be read path=%s reason=%s", path, error)
        return {}


@lru_cache(maxsize=KEPT_CATALOGUES)
def read_patterns(path: Path) -> tuple[Pattern, ...]:
    """The sentences in the file at ``path``, those that say most first, for finding a finished one among them."""
    return tuple(sorted(map(pattern_of, read_sentences(path)), key=lambda one: -one.said_chars))
