"""Are the packages there that flasknb needs, and new enough?"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata

from flasknb import __version__
from flasknb.cli.commands.checks.finding import Finding, Patient, ok, problem

REQUIREMENT = re.compile(r"([A-Za-z0-9_.-]+)(?:\s*\(?>=\s*([0-9.]+))?")
SHOWN = ("flask", "gevent", "gunicorn", "jupyter_client", "pyzmq")
REASONS = {"gunicorn": "earlier ones stop themselves when an orphaned process exits with status 3 or 4"}


def check_versions(_: Patient) -> Iterator[Finding]:
    """Compare what is installed with what flasknb asks for."""
    try:
        requirements = metadata.requires("flasknb") or []
    except metadata.PackageNotFoundError:
        requirements = []
    found = list(unmet(requirements, installed_version))
    yield from found
    if not found:
        shown = ", ".join(f"{name} {installed_version(name) or 'missing'}" for name in SHOWN)
        yield ok(f"flasknb {__version__}, Python {platform.python_version()}, {shown}")


def unmet(requirements: Sequence[str], installed: Callable[[str], str | None]) -> Iterator[Finding]:
    """Requirements (``name>=version``; extras are left out) that ``installed`` does not meet."""
    for requirement in requirements:
        wanted = REQUIREMENT.match(requirement)
        if wanted is None or "extra ==" in requirement:
            continue
        name, least = wanted[1], wanted[2]
        has = installed(name)
        advice = f"{sys.executable} -m pip install --upgrade '{name}{f'>={least}' if least else ''}'"
        if has is None:
            yield problem(f"The Python package {name} is not installed.", advice)
        elif least and _numbers(has) < _numbers(least):
            reason = f": {REASONS[name]}" if name in REASONS else ""
            yield problem(f"{name} {has} is too old; flasknb needs {least} or newer{reason}.", advice)


def installed_version(name: str) -> str | None:
    """Version of a Python package; ``None`` when it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def is_older(version: str, least: str) -> bool:
    """Whether ``version`` comes before ``least``."""
    return _numbers(version) < _numbers(least)


def _numbers(version: str) -> list[int]:
    """The release of a version, for comparing; what comes after it (``rc1``, ``.dev0``) does not count."""
    numbers = [int(part) for part in re.match(r"\d*(?:\.\d+)*", version)[0].split(".") if part]  # type: ignore[index]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers
