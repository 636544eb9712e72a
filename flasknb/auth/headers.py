"""Response headers that keep browsers in line. Values only; ``blueprints/answer_headers.py`` sets them."""

from __future__ import annotations

FOR_EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
}
PREFLIGHT_HEADERS = "accept, content-type, authorization, x-xsrftoken"
PREFLIGHT_METHODS = "GET, PUT, POST, PATCH, DELETE, OPTIONS"


def content_security_policy(
    base_url: str, *, is_api: bool = False, is_sandboxed: bool = False, chosen: str | None = None
) -> str:
    """The policy of a page, of an API answer, or of a file that must not act as our own page.

    Args:
        chosen: what the user wants for pages; what API answers and files add stays.
    """
    policy = f"frame-ancestors 'self'; report-uri {base_url}api/security/csp-report" if chosen is None else chosen
    if is_api:
        policy = _with(policy, "default-src 'none'")
    return _with(policy, "sandbox allow-scripts") if is_sandboxed else policy


def _with(policy: str, directive: str) -> str:
    """Of two directives of one name browsers obey the first, of two policies both."""
    name = directive.partition(" ")[0]
    return f"{policy}, {directive}" if name in policy.lower() else f"{policy}; {directive}"
