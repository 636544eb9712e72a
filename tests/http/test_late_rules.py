"""Rules that compile late build the same URLs as Werkzeug's own."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import BuildError, Map, Rule

from flasknb.blueprints.late_rules import LateRule

RULES: list[tuple[str, str, dict[str, Any]]] = [
    ("/", "home", {}),
    ("/tree/", "tree", {"defaults": {"api_path": ""}}),
    ("/tree/<path:api_path>", "tree", {}),
    ("/api/kernels/<uuid:kernel_id>", "kernel", {}),
    ("/things/<int:rule>", "thing", {}),
]
WANTED: list[tuple[str, dict[str, Any]]] = [
    ("home", {}),
    ("home", {"token": "a b", "n": 1}),
    ("tree", {"api_path": ""}),
    ("tree", {"api_path": "a/b c%.ipynb"}),
    ("kernel", {"kernel_id": "6e5a3b1c-0000-4000-8000-000000000001", "x": "y"}),
    ("thing", {"rule": 3}),
]


@pytest.mark.parametrize(("endpoint", "values"), WANTED)
@pytest.mark.parametrize("append_unknown", [True, False])
def test_a_late_rule_builds_the_same(endpoint: str, values: dict[str, Any], append_unknown: bool) -> None:
    built = [
        Map([kind(path, endpoint=name, **more) for path, name, more in RULES])
        .bind("host", "/base")
        .build(endpoint, values, append_unknown=append_unknown)
        for kind in (Rule, LateRule)
    ]
    assert built[0] == built[1]


def test_what_cannot_be_built_is_refused_as_ever() -> None:
    with pytest.raises(BuildError):
        Map([LateRule("/a/<x>", endpoint="a")]).bind("host").build("a", {})
