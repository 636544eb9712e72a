"""Takes secrets out of text that will be logged. Free of imports: loggers of every server use it."""

from __future__ import annotations

import re
from collections.abc import Iterable

SECRET_WORDS = ("token", "auth", "key", "code", "state", "xsrf", "password")


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """A query argument whose name contains one of ``words``, also inside an escaped address."""
    alternatives = "|".join(re.escape(word) for word in words)
    return re.compile(
        rf"(?P<name>[?&;]|%3F|%26|%253F|%2526)(?P<key>[\w.-]*(?:{alternatives})[\w.-]*)"
        r"(?P<equals>=|%3D|%253D)(?P<value>(?:(?!%26|%2526)[^&\s\"'#;])*)",
        re.IGNORECASE,
    )


_hidden = set(SECRET_WORDS)
_argument = _pattern(SECRET_WORDS)


def hide_also(words: Iterable[str]) -> None:
    """From now on hide arguments whose name contains one of ``words`` too, in every log of this process."""
    global _argument  # noqa: PLW0603 - a process has one log, and its loggers know no mount
    _hidden.update(word for word in words if word)
    _argument = _pattern(sorted(_hidden))


def scrub(text: str) -> str:
    """``text`` with the values of secret query arguments replaced, also inside an escaped ``next=``."""
    return _argument.sub(r"\g<name>\g<key>\g<equals>[secret]", text)
