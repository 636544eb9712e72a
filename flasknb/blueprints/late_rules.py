"""URL rules that learn how to build their URLs when the first one is built. Only for apps that are ours alone.

Werkzeug compiles two functions for each rule when it is added, a twentieth of the work before the first answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """As ``Rule``. Any thread may build: what two of them compile at once is the same."""

    def _compile_builder(self, append_unknown: bool = True) -> Build:
        compile_now = super()._compile_builder
        compiled: list[Build] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build
