"""The one address of a page: without slashes at its end, so that what is made of it is the same each time."""

from __future__ import annotations

from urllib.parse import quote

from flask import redirect, request
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import base_url, path_in_mount


def lead_to_plain_address() -> ResponseReturnValue | None:
    """Before a view of an entry: to the same address without slashes at its end, query kept."""
    path = (request.view_args or {}).get("api_path", "")
    return redirect(plain_address()) if path.endswith("/") else None


def plain_address() -> str:
    """The requested address without them; exactly one slash in front, so that it stays on this host."""
    target = base_url() + quote(path_in_mount().strip("/"), safe="/@:~!$&()*+,;=")
    query = request.query_string.decode("latin-1")
    return f"{target}?{query}" if query else target
