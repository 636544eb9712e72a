"""One module per area of the URL space; a view parses, calls one service method, answers.

``mount_blueprint`` nests all of them under one parent, with the guard before and the headers after every view.
"""

from __future__ import annotations

from importlib import import_module

from flask import Blueprint
from werkzeug.exceptions import HTTPException, default_exceptions

from flasknb.blueprints import aftermath, answer_headers, errors, guard, unread_bodies
from flasknb.errors import FlasknbError

AREAS = (
    "pages",
    "login",
    "assets",
    "contents",
    "merging",
    "files",
    "nbconvert",
    "bundle",
    "kernels",
    "executions",
    "kept_outputs",
    "channels",
    "sessions",
    "kernelspecs",
    "terminals",
    "events",
    "frontend_config",
    "metrics",
    "openapi",
    "status",
    "me",
    "resolving",
    "security",
    "fallback",
)


def mount_blueprint(name: str) -> Blueprint:
    """The parent blueprint of a mount called ``name``, with everything in it."""
    parent = Blueprint(name, __name__)
    parent.before_request(guard.check_request)
    parent.after_request(aftermath.record)  # the last to run: Flask goes backwards
    parent.after_request(unread_bodies.end_after_refusal)
    parent.after_request(answer_headers.finish)
    parent.register_error_handler(FlasknbError, errors.answer_domain_error)
    parent.register_error_handler(HTTPException, errors.answer_http_error)
    for code in default_exceptions:  # a host's handler of one code would come before ours of all codes
        parent.register_error_handler(code, errors.answer_http_error)
    parent.register_error_handler(Exception, errors.answer_unexpected_error)
    for area in AREAS:
        parent.register_blueprint(import_module(f"{__name__}.{area}").bp)
    return parent
