"""gunicorn's logger in our form and without secrets. The master loads it before any worker patches."""

from __future__ import annotations

import logging
import sys
from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from flasknb.auth.scrub import scrub
from flasknb.auth.user import USER_VARIABLE
from flasknb.cli.logs.form import LogFormat, wants_colors
from flasknb.cli.logs.requests import log_request


class ScrubbedLog(Logger):  # type: ignore[misc]
    """gunicorn's own lines look like ours; requests of a mount go to our request log, whatever the access log does."""

    def setup(self, cfg: Any) -> None:
        """Called at start and at every reload."""
        super().setup(cfg)
        options = getattr(sys.modules.get("flasknb.gunicorn_conf"), "OPTIONS", {})
        form = LogFormat(options.get("log_format"), options.get("log_datefmt"), is_colored=wants_colors())
        for handler in self.error_log.handlers:
            if type(handler) is logging.StreamHandler:  # files and syslog keep gunicorn's form
                handler.setFormatter(form)

    def access(self, resp: Any, req: Any, environ: Any, request_time: timedelta) -> None:
        """One answered request."""
        super().access(resp, req, environ, request_time)
        if USER_VARIABLE in environ:
            status = str(resp.status).split(" ", 1)[0]
            uri = str(environ.get("RAW_URI", ""))
            log_request(environ, uri, int(status) if status.isdigit() else 0, request_time.total_seconds() * 1000)

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """The variables of the access log format."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {name: scrub(value) if isinstance(value, str) else value for name, value in atoms.items()}
