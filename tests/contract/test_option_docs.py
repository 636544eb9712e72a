"""The documentation lists every option, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from traitlets.config import Configurable

from tests.contract.option_classes import option_classes, own_options

REPO = Path(__file__).resolve().parents[2]
DOCUMENT = REPO / "docs" / "configuration.md"
THE_COMMANDS_OWN = {"flasknb.cli.arguments.FlasknbCommand"}  # `flasknb --help` tells these


def documented(cls: type[Configurable]) -> set[str]:
    section = DOCUMENT.read_text("utf-8").partition(f"### {cls.__name__}\n")[2].partition("\n### ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


@pytest.mark.parametrize("cls", option_classes(), ids=lambda cls: cls.__name__)
def test_the_documented_options_are_those_that_exist_and_each_has_a_meaning(cls: type[Configurable]) -> None:
    options = own_options(cls)
    assert documented(cls) == set(options)
    assert [name for name, trait in options.items() if not trait.help] == []


def classes_with_options() -> Iterator[str]:
    """Every class of ours whose body makes something ``config=True``, by the name it is shown under."""
    for path in sorted((REPO / "flasknb").rglob("*.py")):
        module = ".".join(path.relative_to(REPO).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any(_makes_options(line) for line in node.body):
                found = getattr(import_module(module), node.name)
                yield f"{found.__module__}.{found.__qualname__}"


def _makes_options(line: ast.stmt) -> bool:
    keywords = (one for node in ast.walk(line) if isinstance(node, ast.Call) for one in node.keywords)
    return isinstance(line, ast.Assign) and any(one.arg == "config" for one in keywords)


def test_no_class_with_options_is_forgotten() -> None:
    listed = {f"{base.__module__}.{base.__qualname__}" for cls in option_classes() for base in cls.__mro__}
    assert set(classes_with_options()) - THE_COMMANDS_OWN <= listed
