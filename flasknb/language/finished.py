"""Finished sentences of the server, recognised by the pattern they were made from. Pure.

Errors cross layers and processes as finished English sentences, which clients of the API compare. Only where one is
shown to a reader of another language is it taken apart again: ``"a.txt is not a directory"`` fits
``"%(path)s is not a directory"``, whose translation gets the same values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
MOST_CHARS = 4_000
"""A longer sentence holds the output of a program; nobody translates that."""
QUOTING = frozenset({"error", "kind", "reason", "refusal", "told", "what", "whose", "why"})
"""Placeholders whose value may be a sentence of ours itself."""
MOST_QUOTES = 3


@dataclass(frozen=True)
class Pattern:
    """A text of the catalogue: what stands between the placeholders, and their names.

    Attributes:
        literals: one more than ``names``; the first and the last may be empty.
    """

    text: str
    literals: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def said_chars(self) -> int:
        """How much of it is fixed: of two that fit, the one that says more is meant."""
        return sum(map(len, self.literals))

    def values_in(self, sentence: str) -> dict[str, str] | None:
        """The values that make ``sentence`` of this pattern; ``None`` where none do. Takes linear time."""
        first, *middle, last = (*self.literals, "") if not self.names else self.literals
        if not self.names:
            return {} if sentence == first else None
        end = len(sentence) - len(last)
        if not sentence.startswith(first) or not sentence.endswith(last) or end < len(first):
            return None
        values, at = [], len(first)
        for literal in middle:
            found = sentence.find(literal, at, end)
            if found < 0:
                return None
            values.append(sentence[at:found])
            at = found + len(literal)
        return dict(zip(self.names, [*values, sentence[at:end]], strict=True))


def pattern_of(text: str) -> Pattern:
    """The pattern of a message with ``%(name)s`` placeholders; ``%%`` is a percent sign."""
    pieces = PLACEHOLDER.split(text)
    return Pattern(text, tuple(piece.replace("%%", "%") for piece in pieces[::2]), tuple(pieces[1::2]))


def translated(
    sentence: str, patterns: Sequence[Pattern], words: Mapping[str, str], *, most_quotes: int = MOST_QUOTES
) -> str:
    """``sentence`` in another language; unchanged where no pattern fits it.

    Args:
        patterns: those that say most first.
        words: a pattern's text → its translation.
        most_quotes: how deep sentences may stand within each other.
    """
    if len(sentence) > MOST_CHARS:
        return sentence
    for pattern in patterns:
        values = pattern.values_in(sentence)
        if values is None:
            continue
        for name in values.keys() & QUOTING if most_quotes else ():
            values[name] = translated(values[name], patterns, words, most_quotes=most_quotes - 1)
        return filled(words.get(pattern.text, pattern.text), values)
    return sentence


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders replaced. A name it should not have stays, so a bad catalogue breaks no answer."""
    pieces = text.split("%%")
    return "%".join(PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), piece) for piece in pieces)
