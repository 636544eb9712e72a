"""Takes secrets out of text that will be logged. Pure, and free of imports: loggers of every server use it."""

from __future__ import annotations

import re

SECRET_ARGUMENT = re.compile(
    r"(?P<name>[?&;]|%3F|%26|%253F|%2526)(?P<key>[\w.-]*(?:token|auth|key|code|state|xsrf|password)[\w.-]*)"
    r"(?P<equals>=|%3D|%253D)(?P<value>(?:(?!%26|%2526)[^&\s\"'#;])*)",
    re.IGNORECASE,
)


def scrub(text: str) -> str:
    """``text`` with the values of secret query arguments replaced, also inside an escaped ``next=``."""
    return SECRET_ARGUMENT.sub(r"\g<name>\g<key>\g<equals>[secret]", text)
