"""What a terminal showed lately, for a page that comes later or comes back. Pure: text in, text out.

The bound is kept by dropping the oldest text at a place where no escape sequence is cut; the modes that the dropped
text had switched on (alternate screen, bracketed paste, ...) are told first. Questions to the terminal are left out of
a replay: they were answered once, and the second answer would end up as input of whatever runs now.
"""

from __future__ import annotations

import re
from collections import deque

RESET = "\x1bc"
MODE_CHANGE = re.compile(r"\x1b\[\?(\d{1,5}(?:;\d{1,5}){0,15})([hl])|\x1bc|\x1b\[!p")
QUESTION = re.compile(
    r"\x05"  # answerback
    r"|\x1b\[[>=]?[\d;]{0,20}c"  # device attributes
    r"|\x1b\[\??[56]n|\x1b\[\?\d{1,4}n"  # status, cursor position
    r"|\x1b\[>[\d;]{0,10}q"  # version
    r"|\x1b\[\??[\d;]{1,20}\$p"  # is this mode on?
    r"|\x1b\[(?:1[13-9]|2[01])(?:;\d{1,4})?t"  # size, position, title of the window
    r"|\x1b\[[\d;]{0,10}x|\x1b\[\?u|\x1b\[\?[\d;]{1,20}S"  # parameters, keyboard, graphics
    r"|\x1b\](?:4;\d{1,3}|1[0-9]);\?(?:\x07|\x1b\\)"  # colours
    r"|\x1bP[$+]q[^\x1b\x07]{0,400}(?:\x1b\\|\x07)"  # settings, capabilities
    r"|\x1bZ"
)
MAX_MODES = 64
SLACK = 4  # text is dropped when it is a quarter over its bound, so that little is moved often


class Replay:
    """The newest output of one terminal. One thread.

    Args:
        limit_chars: how much is kept; at most a quarter more for a while.
    """

    def __init__(self, limit_chars: int) -> None:
        self._limit_chars = max(limit_chars, 1)
        self._pieces: deque[str] = deque()
        self._kept_chars = 0
        self._modes: dict[str, bool] = {}

    def append(self, text: str) -> None:
        """Keep ``text`` as the newest."""
        self._pieces.append(text)
        self._kept_chars += len(text)
        if self._kept_chars > self._limit_chars + self._limit_chars // SLACK:
            self._drop(self._kept_chars - self._limit_chars)

    def text(self) -> str:
        """What brings a fresh terminal to the state of this one, as far as it is kept; ``""`` if nothing was shown."""
        kept = "".join(self._pieces)
        switched_on = "".join(f"\x1b[?{mode}h" for mode, is_on in self._modes.items() if is_on)
        switched_off = "".join(f"\x1b[?{mode}l" for mode, is_on in self._modes.items() if not is_on)
        return switched_on + switched_off + QUESTION.sub("", kept)

    def _drop(self, excess_chars: int) -> None:
        whole = "".join(self._pieces)
        cut = _beginning(whole, excess_chars)
        self._note_modes(whole[:cut])
        kept = whole[cut:]
        self._pieces = deque([kept])
        self._kept_chars = len(kept)

    def _note_modes(self, dropped: str) -> None:
        if "\x1b" not in dropped:
            return
        for change in MODE_CHANGE.finditer(dropped):
            if change[1] is None:  # a reset
                self._modes.clear()
                continue
            for mode in change[1].split(";"):
                self._modes.pop(mode, None)  # the order of the last changes counts
                self._modes[mode] = change[2] == "h"
        while len(self._modes) > MAX_MODES:
            del self._modes[next(iter(self._modes))]


def _beginning(text: str, least: int) -> int:
    """Where ``text`` can begin, from ``least`` on: after a line, or with an escape sequence that ends no other one."""
    line, sequence = text.find("\n", least), text.find("\x1b", least)
    while text.startswith("\x1b\\", sequence):
        sequence = text.find("\x1b", sequence + 1)
    places = [line + 1 if line >= 0 else -1, sequence]
    return min((place for place in places if place >= 0), default=least)
