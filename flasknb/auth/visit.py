"""A request under the names that classes written for jupyter_server read it by. Values, and nothing to answer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Settle = Callable[[Any], Any]


@dataclass(frozen=True)
class AskedRequest:
    """The request, under tornado's names."""

    method: str
    uri: str
    path: str
    protocol: str
    host: str
    remote_ip: str
    headers: Mapping[str, str]


@dataclass
class Visit:
    """What a ``handler`` is asked for. ``settle`` waits for the result of an async method."""

    request: AskedRequest
    base_url: str
    arguments: Mapping[str, str]
    cookies: Mapping[str, str]
    settle: Settle
    current_user: Any = None
    settings: dict[str, Any] = field(default_factory=dict)

    def get_argument(self, name: str, default: str | None = None, strip: bool = True) -> str | None:
        """An argument of the address, as text."""
        value = self.arguments.get(name, default)
        return value.strip() if strip and isinstance(value, str) else value

    get_query_argument = get_argument

    def get_cookie(self, name: str, default: str | None = None) -> str | None:
        """A cookie as the browser sent it."""
        return self.cookies.get(name, default)
