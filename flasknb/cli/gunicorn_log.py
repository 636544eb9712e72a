"""gunicorn's logger without secrets. The master loads it before any worker patches: it imports only ``scrub``."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from flasknb.auth.scrub import scrub


class ScrubbedLog(Logger):  # type: ignore[misc]
    """Access lines with the values of secret arguments replaced."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """The variables of the access log format."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {name: scrub(value) if isinstance(value, str) else value for name, value in atoms.items()}
