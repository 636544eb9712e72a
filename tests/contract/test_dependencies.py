"""What flasknb imports is what it declares: no package that merely happens to be there, none that nothing needs."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
NAMED_OTHERWISE = {"argon2": "argon2-cffi", "yaml": "PyYAML", "zmq": "pyzmq"}
EXTRAS = {"nbconvert": "nbconvert", "nbdime": "merge", "aiohttp": "gateway"}  # package → optional extra
FOR_HOSTS = {"flask-sock"}  # which also brings the websocket that ours builds on
FLASKS_OWN = {"click", "jinja2", "werkzeug"}  # their versions are Flask's to choose


def imported() -> Iterator[str]:
    """Top-level names of everything our modules import, also inside functions."""
    for path in (REPO / "flasknb").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_declared_and_imported_packages_are_the_same() -> None:
    foreign = set(imported()) - sys.stdlib_module_names - {"flasknb"}
    needed = {normal(NAMED_OTHERWISE.get(name, name)) for name in foreign}
    listed = (REPO / "pyproject.toml").read_text("utf-8").partition("\ndependencies = [\n")[2].partition("\n]")[0]
    declared = {normal(name) for name in re.findall(r'^  "([\w.-]+)', listed, re.MULTILINE)}
    assert declared == (needed - FLASKS_OWN - EXTRAS.keys()) | FOR_HOSTS


def test_what_is_optional_is_declared_as_an_extra() -> None:
    extras = (REPO / "pyproject.toml").read_text("utf-8").partition("[project.optional-dependencies]\n")[2]
    assert all(re.search(rf'^{extra} = \["{name}[>=]', extras, re.MULTILINE) for name, extra in EXTRAS.items())
