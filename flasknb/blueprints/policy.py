"""The content security policy of an answer, with what the user has set for this mount."""

from __future__ import annotations

from flasknb.auth.headers import content_security_policy
from flasknb.blueprints.context import base_url, services

NAME = "content-security-policy"


def own_policy(*, is_api: bool = False, is_sandboxed: bool = False) -> str:
    """The policy of a page, of an API answer, or of a file that must not act as our own page."""
    chosen = next((value for name, value in services().settings.server.headers.items() if name.lower() == NAME), None)
    return content_security_policy(base_url(), is_api=is_api, is_sandboxed=is_sandboxed, chosen=chosen)
