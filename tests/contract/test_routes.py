"""The URL space of a mount, whole: a new rule has to be entered here, with who may use it."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from flasknb.auth.authorizer import Authorizer
from flasknb.auth.user import User
from flasknb.blueprints.context import is_public, permission_of
from tests.conftest import MakeSite, Site

OPEN = "open"
LOGIN = "login"

ANY_PATH = ("path", "flasknb_with_line_break")
ROUTES: dict[tuple[str, str], str] = {
    ("GET", "/"): OPEN,
    ("GET", "/tree/"): LOGIN,
    ("GET", "/tree/<path:api_path>"): LOGIN,
    ("GET", "/notebooks/"): LOGIN,
    ("GET", "/notebooks/<path:api_path>"): LOGIN,
    ("GET", "/edit/<path:api_path>"): LOGIN,
    ("GET", "/view/<path:api_path>"): "contents read",
    ("GET", "/files/<path:api_path>"): "contents read",
    ("GET", "/nbconvert/<format>/<path:api_path>"): "nbconvert read",
    ("POST", "/nbconvert/<format>"): "nbconvert write",
    ("GET", "/api/nbconvert"): "nbconvert read",
    ("GET", "/bundle/<path:api_path>"): "contents read",
    ("GET", "/login"): OPEN,
    ("POST", "/login"): OPEN,
    ("GET", "/logout"): OPEN,
    ("POST", "/logout"): OPEN,
    ("GET", "/static/build/<path:path>"): OPEN,
    ("GET", "/static/<path:path>"): OPEN,
    ("GET", "/nbextensions/<path:path>"): OPEN,
    ("GET", "/custom/<path:path>"): OPEN,
    ("GET", "/favicon.ico"): OPEN,
    ("GET", "/robots.txt"): OPEN,
    ("GET", "/metrics"): OPEN,
    ("GET", "/api"): OPEN,
    ("GET", "/api/spec.yaml"): "api read",
    ("GET", "/api/status"): "api read",
    ("GET", "/api/me"): LOGIN,
    ("PATCH", "/api/me"): LOGIN,
    ("GET", "/api/resolvePath"): "api read",
    ("POST", "/api/shutdown"): "server write",
    ("POST", "/api/security/csp-report"): "csp write",
    ("GET", "/api/notebooks"): OPEN,
    ("GET", "/api/notebooks/<path:api_path>"): OPEN,
    ("GET", "/api/contents"): "contents read",
    ("POST", "/api/contents"): "contents write",
    ("PUT", "/api/contents"): "contents write",
    ("PATCH", "/api/contents"): "contents write",
    ("DELETE", "/api/contents"): "contents write",
    ("GET", "/api/contents/"): "contents read",
    ("POST", "/api/contents/"): "contents write",
    ("PUT", "/api/contents/"): "contents write",
    ("PATCH", "/api/contents/"): "contents write",
    ("DELETE", "/api/contents/"): "contents write",
    ("GET", "/api/contents/<path:api_path>"): "contents read",
    ("POST", "/api/contents/<path:api_path>"): "contents write",
    ("PUT", "/api/contents/<path:api_path>"): "contents write",
    ("PATCH", "/api/contents/<path:api_path>"): "contents write",
    ("DELETE", "/api/contents/<path:api_path>"): "contents write",
    ("GET", "/api/contents/<path:api_path>/checkpoints"): "contents read",
    ("POST", "/api/contents/<path:api_path>/checkpoints"): "contents write",
    ("POST", "/api/contents/<path:api_path>/checkpoints/<checkpoint_id>"): "contents write",
    ("DELETE", "/api/contents/<path:api_path>/checkpoints/<checkpoint_id>"): "contents write",
    ("POST", "/api/contents/<path:api_path>/trust"): "contents write",
    ("POST", "/api/contents/<path:api_path>/merge"): "contents read",
    ("GET", "/api/kernels"): "kernels read",
    ("POST", "/api/kernels"): "kernels write",
    ("GET", "/api/kernels/<uuid:kernel_id>"): "kernels read",
    ("DELETE", "/api/kernels/<uuid:kernel_id>"): "kernels write",
    ("POST", "/api/kernels/<uuid:kernel_id>/interrupt"): "kernels write",
    ("POST", "/api/kernels/<uuid:kernel_id>/restart"): "kernels write",
    ("GET", "/api/kernels/<uuid:kernel_id>/channels"): "kernels execute",
    ("WEBSOCKET", "/api/kernels/<uuid:kernel_id>/channels"): "kernels execute",
    ("GET", "/api/kernels/<uuid:kernel_id>/queue"): "kernels read",
    ("DELETE", "/api/kernels/<uuid:kernel_id>/queue/<msg_id>"): "kernels execute",
    ("POST", "/api/kernels/<uuid:kernel_id>/execute"): "kernels execute",
    ("GET", "/api/kernels/<uuid:kernel_id>/outputs"): "kernels execute",
    ("GET", "/api/kernels/<uuid:kernel_id>/cells"): "kernels execute",
    ("PUT", "/api/kernels/<uuid:kernel_id>/document"): "contents write",
    ("GET", "/api/kept-outputs/<path:api_path>"): "contents read",
    ("DELETE", "/api/kept-outputs/<path:api_path>"): "contents write",
    ("GET", "/api/sessions"): "sessions read",
    ("POST", "/api/sessions"): "sessions write",
    ("GET", "/api/sessions/<session_id>"): "sessions read",
    ("PATCH", "/api/sessions/<session_id>"): "sessions write",
    ("DELETE", "/api/sessions/<session_id>"): "sessions write",
    ("GET", "/api/terminals"): "terminals read",
    ("POST", "/api/terminals"): "terminals write",
    ("GET", "/api/terminals/<name>"): "terminals read",
    ("DELETE", "/api/terminals/<name>"): "terminals write",
    ("GET", "/terminals/<name>"): "terminals execute",
    ("GET", "/terminals/websocket/<name>"): "terminals execute",
    ("WEBSOCKET", "/terminals/websocket/<name>"): "terminals execute",
    ("GET", "/api/kernelspecs"): "kernelspecs read",
    ("GET", "/api/kernelspecs/<name>"): "kernelspecs read",
    ("GET", "/kernelspecs/<name>/<path:path>"): "kernelspecs read",
    ("POST", "/api/events"): "events write",
    ("GET", "/api/events/subscribe"): "events execute",
    ("WEBSOCKET", "/api/events/subscribe"): "events execute",
    ("GET", "/api/config/<section>"): "config read",
    ("PUT", "/api/config/<section>"): "config write",
    ("PATCH", "/api/config/<section>"): "config write",
    **{(method, "/"): OPEN for method in ("POST", "PUT", "PATCH", "DELETE")},
    **{(method, f"/<{some}:path>"): OPEN for some in ANY_PATH for method in ("GET", "POST", "PUT", "PATCH", "DELETE")},
    ("WEBSOCKET", "/<path:path>"): LOGIN,
    ("WEBSOCKET", "/<flasknb_with_line_break:path>"): OPEN,
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PLACEHOLDERS = {
    "<path:api_path>": "a.ipynb",
    "<path:path>": "x",
    "<flasknb_with_line_break:path>": "x%0Ay",
    "<uuid:kernel_id>": "00000000-0000-4000-8000-000000000000",
    "<session_id>": "s",
    "<msg_id>": "m",
    "<checkpoint_id>": "checkpoint",
    "<section>": "notebook",
    "<format>": "html",
    "<name>": "python3",
}
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    "Origin": "http://localhost",
}


def pairs(rule: Rule) -> list[tuple[str, str]]:
    if rule.websocket:
        return [("WEBSOCKET", rule.rule)]
    return [(method, rule.rule) for method in METHODS if method in (rule.methods or ())]


def access_of(app: Flask, rule: Rule) -> str:
    view = app.view_functions[rule.endpoint]
    permission = permission_of(view)
    if is_public(view):
        return OPEN
    return " ".join(permission) if permission else LOGIN


def test_every_rule_is_listed_with_who_may_use_it(make_site: MakeSite) -> None:
    app = make_site().app
    found = {pair: access_of(app, rule) for rule in app.url_map.iter_rules() for pair in pairs(rule)}
    assert found == ROUTES


def concrete(rule: str) -> str:
    for name, value in PLACEHOLDERS.items():
        rule = rule.replace(name, value)
    return rule.lstrip("/")


PRIVATE = sorted(pair for pair, access in ROUTES.items() if access != OPEN)


@pytest.mark.parametrize(("method", "rule"), PRIVATE, ids=lambda value: value)
def test_row_27_strangers_are_refused_everywhere(site: Site, method: str, rule: str) -> None:
    """Rows 27 and 28: every private rule and method, websockets before their upgrade."""
    (site.root_dir / "a.ipynb").write_text("{}")
    headers = UPGRADE if method == "WEBSOCKET" else {}
    answer = site.stranger("GET" if method == "WEBSOCKET" else method, concrete(rule), headers=headers)
    is_page = answer.status_code == 302
    assert answer.status_code in (302, 401, 403)
    assert not is_page or answer.location.startswith(f"{site.base_url}login?next=")
    assert is_page is (method == "GET" and not rule.startswith("/api"))
    assert site.bridge.kernels == {}


@pytest.mark.parametrize(
    ("method", "rule"), [pair for pair in PRIVATE if pair[0] != "WEBSOCKET"], ids=lambda value: value
)
def test_row_27_a_refused_permission_is_a_403(make_site: MakeSite, method: str, rule: str) -> None:
    site = make_site(authorizer_class="tests.contract.test_routes.NobodyMay")
    answer = site.api(method, concrete(rule), json={})
    if ROUTES[method, rule] == LOGIN:
        assert answer.status_code != 403 or rule == "/api/me"
        return
    resource, action = ROUTES[method, rule].split()
    assert answer.status_code == 403
    assert f"not authorized to {action} on resource: {resource}." in answer.text


class NobodyMay(Authorizer):
    """Refuses everything."""

    def is_authorized(self, user: User, action: str, resource: str) -> bool:
        return False
