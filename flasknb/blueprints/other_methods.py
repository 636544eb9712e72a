"""Methods that an address does not answer, those included of which HTTP itself knows nothing: 405 with ``Allow``."""

from __future__ import annotations

from collections.abc import Iterable

from flask.globals import request_ctx
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NO_METHOD = "--"  # what the map is asked for to learn which methods there are
AREA, ENDPOINTS = "fallback", ("missing", "missing_root")


class EveryMethod(set[str]):
    """The methods of a rule that takes any other too, such as ``PROPFIND``; not those ``elsewhere``."""

    def __init__(self, methods: Iterable[str], elsewhere: Iterable[str]) -> None:
        super().__init__(methods)
        self._elsewhere = frozenset({NO_METHOD, *elsewhere})

    def __contains__(self, method: object) -> bool:
        return method not in self._elsewhere


def take_every_method(state: BlueprintSetupState) -> None:
    """Let the fallback's rules take every method: Flask's own answer to an unknown one is without our headers."""
    prefix = f"{state.name_prefix}.{AREA}".lstrip(".")
    for endpoint in ENDPOINTS:
        for rule in state.app.url_map.iter_rules(f"{prefix}.{endpoint}"):
            methods = rule.methods or set()
            rule.methods = EveryMethod(methods, elsewhere=set(METHODS) - methods)


def refusal() -> HTTPException:
    """405 where another method would be answered at the requested address, else 404."""
    others = answered_methods()
    return MethodNotAllowed(valid_methods=others) if others else NotFound()


def answered_methods() -> list[str]:
    """The methods that the requested address answers."""
    return [method for method in METHODS if _is_answered(method)]


def _is_answered(method: str) -> bool:
    """Whether a rule that is not the fallback's answers this address."""
    adapter = request_ctx.url_adapter
    try:
        endpoint, _ = adapter.match(method=method) if adapter else ("", {})
    except (RequestRedirect, HTTPException):
        return False
    return bool(endpoint) and not str(endpoint).endswith(tuple(f"{AREA}.{own}" for own in ENDPOINTS))
