"""``/api/config/<section>``: what the pages remember between visits and which nbextensions they load."""

from __future__ import annotations

import re

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import requires, services
from flasknb.blueprints.request_body import json_body
from flasknb.errors import EntryMissing

bp = Blueprint("frontend_config", __name__, url_prefix="/api/config")

SECTION_NAME = re.compile(r"\w{1,100}", re.ASCII)


@bp.get("/<section>")
@requires("config", "read")
def get_section(section: str) -> ResponseReturnValue:
    """Everything that is set, merged."""
    return jsonify(services().sections.get(_name(section)))


@bp.put("/<section>")
@requires("config", "write")
def replace_section(section: str) -> ResponseReturnValue:
    """Replace what the user has set."""
    services().sections.replace(_name(section), json_body(required=True) or {})
    return "", 204


@bp.patch("/<section>")
@requires("config", "write")
def update_section(section: str) -> ResponseReturnValue:
    """Merge into what the user has set; ``null`` deletes."""
    return jsonify(services().sections.update(_name(section), json_body(required=True) or {}))


def _name(section: str) -> str:
    if not SECTION_NAME.fullmatch(section):
        raise EntryMissing(f"{section[:100]!r} is no name of a section: letters, digits and _ only")
    return section
