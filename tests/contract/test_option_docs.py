"""The documentation lists every option."""

from __future__ import annotations

from pathlib import Path

import pytest
from traitlets.config import Configurable

from tests.contract.option_classes import option_classes, own_options

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"


@pytest.mark.parametrize("cls", option_classes(), ids=lambda cls: cls.__name__)
def test_every_option_is_documented_with_a_meaning(cls: type[Configurable]) -> None:
    options = own_options(cls)
    section = DOCUMENT.read_text("utf-8").partition(f"### {cls.__name__}\n")[2].partition("\n### ")[0]
    missing = [name for name in options if f"| `{name}` |" not in section]
    assert missing == []
    assert [name for name, trait in options.items() if not trait.help] == []
