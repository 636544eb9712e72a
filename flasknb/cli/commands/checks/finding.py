"""The values that checks take and give."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from traitlets.config import Config

from flasknb.config.options import ServerApp


class Level(str, Enum):
    """How bad it is. Only a problem makes the doctor's exit status 1."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One sentence about what is, and one about what to do; every warning and problem has both."""

    level: Level
    text: str
    advice: str = ""


@dataclass(frozen=True)
class Patient:
    """What is examined.

    ``server`` is ``None`` where the options make no sense, and ``complaint`` says why. ``url``: the address behind a
    proxy that people use; ``starts_kernels``: whether a kernel may be started to see whether it answers.
    """

    root_dir: Path
    server: ServerApp | None
    config: Config = field(default_factory=Config)
    complaint: str = ""
    url: str = ""
    starts_kernels: bool = True


Check = Callable[[Patient], Iterable[Finding]]


def ok(text: str) -> Finding:
    """Nothing is wrong."""
    return Finding(Level.OK, text)


def note(text: str, advice: str = "") -> Finding:
    """Worth knowing; may well be meant so."""
    return Finding(Level.NOTE, text, advice)


def warning(text: str, advice: str) -> Finding:
    """Works, and will surprise somebody."""
    return Finding(Level.WARNING, text, advice)


def problem(text: str, advice: str) -> Finding:
    """Does not work."""
    return Finding(Level.PROBLEM, text, advice)
