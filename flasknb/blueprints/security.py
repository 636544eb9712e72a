"""Where browsers report what the content security policy stopped."""

from __future__ import annotations

import logging

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from flasknb.auth.scrub import scrub
from flasknb.blueprints.context import requires

bp = Blueprint("security", __name__, url_prefix="/api/security")
log = logging.getLogger(__name__)

SHOWN_CHARS = 2_000
MAX_REPORT_BYTES = 64 * 1024


@bp.post("/csp-report")
@requires("csp", "write")
def csp_report() -> ResponseReturnValue:
    """Log one report. Browsers send it on their own, without our ``_xsrf`` value."""
    request.max_content_length = MAX_REPORT_BYTES
    report = request.get_data(cache=False)[:SHOWN_CHARS].decode("utf-8", "replace")
    log.warning("content security report=%r", scrub(report))
    return "", 200
