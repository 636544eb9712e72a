"""Attack 70, for what commands print: a secret inside an option's value is one too."""

from __future__ import annotations

from typing import Any

import pytest

from flasknb.config.secrecy import without_secrets
from flasknb.config.validation import shown

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("option", "value", "printed"),
    [
        ("token", SECRET, "(not shown)"),
        ("ssl_options", {"password": SECRET, "certfile": "a.pem"}, {"password": "(not shown)", "certfile": "a.pem"}),
        ("tornado_settings", {"headers": {"Authorization": SECRET}}, {"headers": {"Authorization": "(not shown)"}}),
        ("headers", f'{{"Authorization": "{SECRET}"}}', '{"Authorization": "(not shown)"}'),
        ("url", f"https://me:{SECRET}@host/a", "https://(not shown)@host/a"),
        ("handlers", [{"credentials": ["me", SECRET]}], [{"credentials": "(not shown)"}]),
        ("cookie_options", {"path": "/a"}, {"path": "/a"}),
        ("root_dir", "/home/me@work", "/home/me@work"),
        ("keyfile", "a.key", "a.key"),
        ("anything", "{" * 100_000, "{" * 100_000),
    ],
)
def test_row_70_secrets_in_values_are_not_printed(option: str, value: Any, printed: Any) -> None:
    assert without_secrets(option, value) == printed
    assert SECRET not in shown(option, value)
