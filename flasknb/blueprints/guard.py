"""The door of a mount: every request passes ``check_request`` before any view and before any websocket upgrade.

Order: Host, identity, XSRF, login, Origin, permission. A refusal is an ordinary HTTP answer.
"""

from __future__ import annotations

import logging
from time import monotonic

from flask import Response, current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound

from flasknb.auth.headers import PREFLIGHT_HEADERS, PREFLIGHT_METHODS
from flasknb.auth.origins import is_local_host, is_same_origin, names_socket
from flasknb.auth.user import USER_VARIABLE
from flasknb.auth.xsrf import COOKIE_NAME, is_valid
from flasknb.blueprints.context import (
    is_api_request,
    is_public,
    is_websocket_request,
    mount_url,
    permission_of,
    request_state,
    services,
)
from flasknb.blueprints.other_methods import METHODS, answered_methods, refusal
from flasknb.blueprints.request_body import form_field, has_form
from flasknb.blueprints.visitor import current_login, session_id
from flasknb.blueprints.visits import this_visit
from flasknb.config.options import ServerApp
from flasknb.errors import BadRequest, EntryMissing, NotAllowed, NotLoggedIn

log = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FOREIGN_SITES = frozenset({"cross-site", "same-site"})
XSRF_EXEMPT_ENDPOINTS = frozenset({"security.csp_report"})
SHOWN_CHARS = 200
MAX_FORM_BYTES = 256 * 1024  # all our forms are small, and anybody may send one


def check_request() -> ResponseReturnValue | None:
    """Refuse, redirect, or let the request through to its view (``None``)."""
    request_state().began_s = monotonic()
    check_host(services().settings.server)
    check_path()
    request.max_content_length = services().settings.server.max_body_size
    if request.method == "OPTIONS":
        return preflight_answer() if is_api_request() else options_answer()
    if request.method not in METHODS:  # no view takes it
        raise refusal()
    view = current_app.view_functions[request.endpoint or ""]
    if request.method not in SAFE_METHODS:
        check_xsrf()
    if is_public(view):
        request.max_content_length = MAX_FORM_BYTES
        return None
    if current_login() is None:
        return refuse_stranger()
    check_origin()
    check_fetch_site()
    check_permission(permission_of(view))
    if is_api_request() and request.method == "HEAD":
        raise MethodNotAllowed(valid_methods=["GET"])
    return None


def check_host(server: ServerApp) -> None:
    """Refuse names that a foreign page could have pointed at this machine. Raises NotAllowed."""
    request.environ.setdefault(USER_VARIABLE, "")  # from here on the request log is ours
    host = request.environ.get("HTTP_HOST", "")
    if is_host_allowed(server, host):
        return
    log.warning("host refused host=%r", host[:SHOWN_CHARS])
    raise NotAllowed(
        f"The Host {host[:SHOWN_CHARS]!r} is not allowed here. Add it to ServerApp.local_hostnames, or set"
        " ServerApp.allow_remote_access"
    )


def check_path() -> None:
    """Refuse addresses that name no file: line breaks, and what is no UTF-8, which would name another. BadRequest."""
    if "\n" in request.path:
        raise BadRequest("The address holds a line break, which no name may have")
    if "\ufffd" not in request.path:
        return
    try:
        request.environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8")
    except UnicodeError:
        raise BadRequest("The address is not UTF-8") from None


def is_host_allowed(server: ServerApp, host: str) -> bool:
    """Whether requests with this Host header are answered."""
    return server.allow_remote_access or is_local_host(host, server.local_hostnames) or names_socket(host, server.sock)


def check_xsrf() -> None:
    """Refuse writes that none of our own pages made. Raises NotAllowed."""
    login = current_login()
    endpoint = (request.endpoint or "").split(".", 1)[-1]
    is_by_token = login is not None and login.by_token
    if is_by_token or services().settings.server.disable_check_xsrf or endpoint in XSRF_EXEMPT_ENDPOINTS:
        return
    check_fetch_site()
    sent = request.headers.get("X-XSRFToken") or request.headers.get("X-CSRFToken") or request.args.get("_xsrf") or ""
    sent = sent or _form_value()
    if not sent:
        raise NotAllowed(f"'_xsrf' argument missing from {request.method}")
    if not is_valid(services().identity.signer, session_id(), sent, request.cookies.getlist(COOKIE_NAME)):
        raise NotAllowed("XSRF cookie does not match: reload the page and try again")


def check_fetch_site() -> None:
    """Refuse what the browser says another site asked for, unless that is a plain visit. Raises NotAllowed."""
    login = current_login()
    site = request.environ.get("HTTP_SEC_FETCH_SITE", "")
    if site not in FOREIGN_SITES or (login is not None and login.by_token):
        return
    is_visit = request.method in SAFE_METHODS and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if is_visit or services().origins.lists(request.headers.get("Origin", "")):
        return
    raise NotAllowed("Another site may not do this")


def check_origin() -> None:
    """Refuse API calls and websockets of foreign pages. Raises NotAllowed (websocket) or EntryMissing (API)."""
    login = current_login()
    if (login is not None and login.by_token) or not (is_api_request() or is_websocket_request()):
        return
    origin = request.environ.get("HTTP_ORIGIN")
    if origin is None:
        if is_websocket_request():  # every browser sends one; without it a cookie proves nothing
            raise NotAllowed("A websocket needs an Origin header, or a token")
        return
    host = request.environ.get("HTTP_HOST", "")
    if is_same_origin(origin, host, request.scheme) or services().origins.lists(origin):
        return
    log.warning("origin refused origin=%r path=%r", origin[:SHOWN_CHARS], request.path[:SHOWN_CHARS])
    if is_websocket_request():
        raise NotAllowed("This Origin may not open a websocket here")
    raise EntryMissing("Not Found")


def check_permission(permission: tuple[str, str] | None) -> None:
    """Ask the authorizer. Raises NotAllowed."""
    login = current_login()
    if permission is None or login is None:
        return
    resource, action = permission
    if not services().authorizer.is_allowed(this_visit, login.user, action, resource):
        raise NotAllowed(f"User is not authorized to {action} on resource: {resource}.")


def refuse_stranger() -> ResponseReturnValue:
    """The login form for pages; raises NotLoggedIn for everything else."""
    if is_api_request() or is_websocket_request() or request.method not in ("GET", "HEAD"):
        raise NotLoggedIn("Forbidden")
    query = request.query_string.decode("latin-1")
    wanted = f"{request.script_root}{request.path}" + (f"?{query}" if query else "")
    return redirect(mount_url("login.form", next=wanted))


def preflight_answer() -> Response:
    """What OPTIONS answers on every API path; the CORS headers come with every answer.

    Where other sites were let in at all, a page that is going to show a token may ask: the token decides.
    """
    answer = current_app.response_class(status=200)
    origin, origins = request.environ.get("HTTP_ORIGIN", ""), services().origins
    announced = request.environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "").lower().split(",")
    shows_token = "authorization" in {name.strip() for name in announced}
    if origin and shows_token and origins.is_configured() and services().identity.is_enabled():
        answer.headers["Access-Control-Allow-Origin"] = origin
    answer.headers["Access-Control-Allow-Headers"] = PREFLIGHT_HEADERS
    answer.headers["Access-Control-Allow-Methods"] = PREFLIGHT_METHODS
    return answer


def options_answer() -> Response:
    """What OPTIONS answers elsewhere. Raises NotFound where nothing is."""
    if not (methods := answered_methods()):
        raise NotFound()
    answer = current_app.response_class(status=200)
    answer.allow.update(methods)
    return answer


def _form_value() -> str:
    """``_xsrf`` of a form. Read before anybody has proven anything, so no long one is."""
    if not has_form():
        return ""
    request.max_content_length = MAX_FORM_BYTES
    return form_field("_xsrf")
