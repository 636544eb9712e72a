"""The login form and the way out."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from flasknb.auth.credentials import Login
from flasknb.auth.origins import is_same_origin
from flasknb.auth.passwords import password_complaint
from flasknb.auth.redirects import safe_next
from flasknb.blueprints.context import base_url, public, services
from flasknb.blueprints.guard import FOREIGN_SITES
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.rendering import render_page
from flasknb.blueprints.request_body import form_field
from flasknb.blueprints.visitor import begin_login, current_login, end_login
from flasknb.blueprints.wording import say, say_finished
from flasknb.errors import NotAllowed, TooManyAttempts, sentence, status_of

bp = Blueprint("login", __name__)

WRONG_SECRET = sentence("Invalid credentials")
WRONG_TOKEN = sentence("The token in the address is not this server's token. Log in with the right one.")
LAUNCH_ARGUMENT = "launch_token"
MAX_SECRET_CHARS = 4_096


@bp.errorhandler(TooManyAttempts)
def answer_too_many_attempts(error: TooManyAttempts) -> ResponseReturnValue:
    """The form again, saying how long to wait."""
    return _form_page(error.message), status_of(error), {"Retry-After": error.fields["retry_after"]}


@bp.get("/login")
@public
def form() -> ResponseReturnValue:
    """The form; visitors who are in already go on, and so do those whom the command has sent with a ticket."""
    launched = services().identity.log_in_once(request.args.get(LAUNCH_ARGUMENT, ""))
    if launched is not None:
        begin_login(launched)
    if current_login():
        return redirect(_next_url())
    return _form_page(WRONG_TOKEN if _came_with_token() else "")


@bp.post("/login")
@public
def submit() -> ResponseReturnValue:
    """Log in with token or password; with the token, perhaps choose a password. A new session id every time."""
    _refuse_foreign_form()
    secret, new_password = form_field("password")[:MAX_SECRET_CHARS], form_field("new_password")
    identity = services().identity
    login = identity.log_in_from(request.remote_addr or "", secret)
    is_change = bool(new_password) and identity.can_change_password()
    if login is None or (is_change and not identity.token_matches(secret)):
        return _form_page(WRONG_SECRET), 401
    if is_change and (complaint := password_complaint(new_password)):
        return _form_page(complaint), 400
    if is_change:
        off_the_loop(lambda: identity.change_password(new_password), opens_notebooks=False)
    return _welcome(login)


@bp.get("/logout")
@public
def leave() -> ResponseReturnValue:
    """Log out, unless another site sent the visitor here: then ask first."""
    login = current_login()
    if login is not None and request.headers.get("Sec-Fetch-Site") in FOREIGN_SITES:
        return _logout_page(sentence("Do you want to log out?"), level="info", asks=True)
    return _log_out()


@bp.post("/logout")
@public
def leave_confirmed() -> ResponseReturnValue:
    """Log out, asked from our own page."""
    return _log_out()


def _welcome(login: Login) -> ResponseReturnValue:
    begin_login(login)
    return redirect(_next_url())


def _log_out() -> ResponseReturnValue:
    identity, login = services().identity, current_login()
    if not identity.is_enabled():
        return _logout_page(sentence("Cannot log out: authentication is disabled."), level="warning")
    if login is not None:
        identity.log_out(login)
    end_login()
    answer = _logout_page(sentence("Successfully logged out."), level="info")
    answer.headers["Clear-Site-Data"] = '"cache"'  # not "storage": it would empty a host site's storage too
    return answer


def _logout_page(message: str, *, level: str, asks: bool = False) -> Response:
    return render_page(
        "logout.html",
        page_title=say("Logout"),
        page_entry="login",
        message=say(message),
        message_level=level,
        asks=asks,
    )


def _form_page(error: str = "") -> Response:
    identity = services().identity
    answer = render_page(
        "login.html",
        page_title=say("Login"),
        page_entry="login",
        next_url=_next_url(),
        error=say_finished(error),
        has_token=bool(identity.token),
        has_password=identity.has_password(),
        can_change_password=identity.can_change_password(),
    )
    # "no-referrer" would make browsers send the form with "Origin: null", as a foreign page's sandbox does
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _came_with_token() -> bool:
    """Whether the visitor is here because of an address with ``?token=``, which did not open the page."""
    return "token" in request.args or "token" in parse_qs(urlsplit(_next_url()).query)


def _next_url() -> str:
    return safe_next(request.args.get("next", ""), base_url())


def _refuse_foreign_form() -> None:
    """A form on another site must not log visitors in as somebody else. Raises NotAllowed."""
    origin = request.headers.get("Origin")
    is_ours = origin is None or is_same_origin(origin, request.environ.get("HTTP_HOST", ""), request.scheme)
    if not is_ours and not services().origins.lists(origin or ""):
        raise NotAllowed("The login form must be sent from this server's own page")
