"""``/api/me``: who asks, what they may do, and what they may change of themselves."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from flasknb.auth.credentials import Login
from flasknb.blueprints.context import services
from flasknb.blueprints.request_body import json_body
from flasknb.blueprints.visitor import begin_login, current_login
from flasknb.blueprints.visits import this_visit
from flasknb.errors import BadRequest, NotLoggedIn

bp = Blueprint("me", __name__, url_prefix="/api/me")

MAX_ASKED = 1_000


@bp.get("")
def me() -> ResponseReturnValue:
    """Who asks, and which of the asked-for permissions they have."""
    user, authorizer = _login().user, services().authorizer
    granted = {
        resource: [action for action in actions if authorizer.is_allowed(this_visit, user, action, resource)]
        for resource, actions in _asked_permissions().items()
    }
    permissions = {**granted, "updatable_fields": list(services().identity.updatable_fields)}
    return jsonify({"identity": user.to_json(), "permissions": permissions})


@bp.patch("")
def change_me() -> ResponseReturnValue:
    """Change the fields that the identity provider lets; the login cookie keeps them."""
    changes = json_body()
    if not changes:
        raise BadRequest("Invalid or missing JSON body")
    changed = services().identity.update_user(_login(), changes)
    begin_login(changed)
    return jsonify({"status": "success", "identity": changed.user.to_json()})


def _login() -> Login:
    login = current_login()
    if login is None:
        raise NotLoggedIn("Forbidden")
    return login


def _asked_permissions() -> dict[str, list[str]]:
    text = request.args.get("permissions", "")
    if not text:
        return {}
    try:
        asked: Any = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise BadRequest("permissions must be JSON: an object of lists of texts") from error
    is_well_formed = isinstance(asked, dict) and all(
        isinstance(actions, list) and all(isinstance(action, str) for action in actions) for actions in asked.values()
    )
    if not is_well_formed or sum(map(len, asked.values())) > MAX_ASKED:
        raise BadRequest(f"permissions should be an object of lists of texts, got {text[:200]}")
    return dict(asked)
