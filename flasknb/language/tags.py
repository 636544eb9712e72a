"""Language tags as browsers send them (``pt-BR``) against catalogues as gettext names them (``pt_BR``). Pure."""

from __future__ import annotations

from collections.abc import Iterable

SOURCE = "en"
"""The language that our texts are written in. It needs no catalogue; whoever asked for none of the others gets it."""
MOST_WISHES = 30
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "syr", "ug", "ur", "yi"})
"""As ``frontend/src/page/language.ts`` has them."""


def choose_language(wished: Iterable[str], available: Iterable[str]) -> str:
    """The catalogue for somebody who reads ``wished``, best first; ``en`` where none is there.

    A wish for ``de-AT`` is content with ``de``, a wish for ``pt`` with ``pt_BR``; a wish for ``pt-PT`` is not.
    """
    by_tag = {SOURCE: SOURCE} | {as_tag(name).lower(): name for name in sorted(available, reverse=True)}
    for wish in list(wished)[:MOST_WISHES]:
        found = _closest(wish.replace("_", "-").lower(), by_tag)
        if found:
            return found
    return SOURCE


def _closest(tag: str, by_tag: dict[str, str]) -> str:
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        found = by_tag.get("-".join(parts[:length]))
        if found:
            return found
    related = [name for other, name in by_tag.items() if other.startswith(f"{tag}-")]
    return related[-1] if related else ""


def as_tag(name: str) -> str:
    """``pt_BR`` as the value of a ``lang`` attribute: ``pt-BR``."""
    return name.replace("_", "-")


def direction(name: str) -> str:
    """``rtl`` or ``ltr``: how ``name`` is written."""
    return "rtl" if as_tag(name).split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
