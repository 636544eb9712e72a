"""Where a login may send the browser: only inside the mount. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

FORBIDDEN = re.compile("[\x00-\x1f\x7f\\\\\uff0f\u2044\u2215\uff3c]")  # controls, backslashes, slashes in disguise
DOT_SEGMENT = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")
KEPT = "/%:@!$&'()*+,;=~-._?"
DECODINGS = 3
MAX_CHARS = 4_000


def safe_next(target: str, base_url: str) -> str:
    """``target`` when it is a path below ``base_url`` (which has both slashes), else ``base_url``.

    The path is judged undecoded and decoded several times over, as some proxy or browser on the way might read it.
    """
    path = target.partition("#")[0].partition("?")[0]
    if len(target) > MAX_CHARS or FORBIDDEN.search(unquote(target)):
        return base_url
    for _ in range(DECODINGS):
        if not _is_below(path, base_url):
            return base_url
        path = unquote(path)
    return quote(target, safe=KEPT)


def _is_below(path: str, base_url: str) -> bool:
    if not path.startswith("/") or path.startswith("//") or DOT_SEGMENT.search(path) or FORBIDDEN.search(path):
        return False
    return (unquote(path) + "/").startswith(unquote(base_url))
