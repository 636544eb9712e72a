"""jsonschema comes without its slowest part, and checks what it always checks."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

IMPORT_TIMEOUT_S = 60
PROGRAM = """
import sys
import flasknb.app
assert not {'nbformat', 'jsonschema', 'asyncio'} & set(sys.modules), 'imported before anybody needs it'
import flasknb.contents.late_nbformat
assert "rfc3987_syntax" not in sys.modules, "the grammar was compiled"
from jsonschema import Draft202012Validator, FormatChecker
check = Draft202012Validator({"format": "iri"}, format_checker=Draft202012Validator.FORMAT_CHECKER)
print(check.is_valid("http://a.example/ä"), check.is_valid("no address"), sys.modules["rfc3987_syntax"].__file__)
"""


@pytest.mark.skipif(find_spec("rfc3987_syntax") is None, reason="only where that package is installed")
def test_the_grammar_of_addresses_waits_for_the_first_check_of_one() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=IMPORT_TIMEOUT_S, check=True
    )
    assert answer.stdout.split()[:2] == ["True", "False"]


@pytest.mark.skipif(find_spec("rfc3987_syntax") is None, reason="only where that package is installed")
def test_the_first_page_compiles_no_grammar_either() -> None:
    program = "import sys, flasknb.contents.signatures; print('rfc3987_syntax' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=IMPORT_TIMEOUT_S
    )
    assert answer.stdout.strip() == "False"
