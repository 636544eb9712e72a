"""What the tests of the doctor say of findings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flasknb.cli.commands.checks.finding import Finding, Level, Patient
from flasknb.config.options import ServerApp


def patient(root_dir: Path, **options: Any) -> Patient:
    return Patient(root_dir, ServerApp(**options))


def the_one(findings: Iterable[Finding], level: Level, text: str) -> Finding:
    """The only finding of a level; it names ``text`` and says what to do."""
    found = [finding for finding in findings if finding.level is level]
    assert len(found) == 1, found
    assert text in found[0].text
    assert found[0].advice or level in (Level.OK, Level.NOTE)
    return found[0]


def bad(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level in (Level.WARNING, Level.PROBLEM)]
