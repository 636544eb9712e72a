"""Who makes this request, asked once and remembered; and the cookies that bring them back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from time import time
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, has_request_context, request
from werkzeug.http import dump_cookie

from flasknb.auth.credentials import Credentials, Login
from flasknb.auth.user import USER_VARIABLE
from flasknb.auth.xsrf import COOKIE_NAME, new_value, usable_value
from flasknb.blueprints.context import base_url, is_api_request, mount_name, request_state, services
from flasknb.blueprints.request_body import form_field, has_form
from flasknb.blueprints.visits import this_visit

if TYPE_CHECKING:
    from flasknb.auth.identity import IdentityProvider

log = logging.getLogger(__name__)

MAX_TOKEN_FORM_BYTES = 64 * 1024
NOBODY = "\0"  # no user's name
PLACE_OF_VALUE = "value-of-the-cookie"


def current_login() -> Login | None:
    """The login of this request; ``None`` for strangers."""
    state = request_state()
    if not state.is_identified:
        state.login = services().identity.identify(_credentials())
        state.is_identified = True
        request.environ[USER_VARIABLE] = state.login.user.username if state.login else ""
        has_bad_cookie = state.login is None or state.login.is_new
        state.drops_login_cookie = has_bad_cookie and bool(request.cookies.get(login_cookie_name()))
        state.sends_login_cookie = state.login is not None and state.login.is_new
        if state.drops_login_cookie:
            log.warning("login cookie cleared, it is not one of ours or has ended name=%s", login_cookie_name()[:100])
    return state.login


def session_id() -> str | None:
    """Id of the login that this request's cookies and ``_xsrf`` value belong to."""
    login = current_login()
    return None if login is None else login.session_id


def owner_name() -> str:
    """Whom kernels and terminals that are started now count for."""
    login = current_login()
    return "" if login is None else services().identity.owner_of(login)


def viewer_name() -> str | None:
    """Whose kernels and terminals this request may know of, see ``Bridge.viewer``; everybody's where it is not ours."""
    if not has_request_context() or mount_name() not in current_app.extensions["flasknb"]:
        return None
    if request_state().sees_all_kernels:
        return None
    login = request_state().login
    return NOBODY if login is None else services().identity.viewer_of(login)


def stays_welcome() -> Callable[[], bool]:
    """A question for later, outside of any request: has the login that opened this websocket not ended?"""
    identity, login = services().identity, current_login()
    return lambda: login is not None and not identity.has_ended(login)


def begin_login(login: Login) -> None:
    """Make ``login`` the visitor's: the answer carries its cookie."""
    state = request_state()
    state.login, state.is_identified = login, True
    state.sends_login_cookie, state.drops_login_cookie, state.has_page_cookie = True, False, True


def end_login() -> None:
    """Forget the visitor: the answer clears the cookies."""
    state = request_state()
    state.login, state.is_identified = None, True
    state.sends_login_cookie, state.drops_login_cookie = False, True


def login_cookie_name() -> str:
    """Name of the login cookie on this host and port."""
    return services().identity.cookie_name_for(request.environ.get("HTTP_HOST", ""))


def xsrf_value() -> str:
    """The ``_xsrf`` value for this visitor's forms; the answer carries it as a cookie too."""
    state = request_state()
    state.has_page_cookie = True
    if state.xsrf is None:
        signer = services().identity.signer
        known = usable_value(signer, session_id(), request.cookies.getlist(COOKIE_NAME))
        state.xsrf = known or new_value(signer, session_id())
    return state.xsrf


def set_cookies(answer: Response) -> None:
    """Put the login and ``_xsrf`` cookies on ``answer`` where this request changed them."""
    state = request_state()
    if state.sends_login_cookie and state.login is not None:
        # A program that shows the token needs no ``_xsrf`` value, and no page is open yet that could know one.
        state.has_page_cookie = state.has_page_cookie or not (state.login.by_token and is_api_request())
        _set_login_cookie(answer, state.login)
    elif state.drops_login_cookie:
        _clear_login_cookie(answer)
    if state.has_page_cookie and xsrf_value() not in request.cookies.getlist(COOKIE_NAME):
        answer.set_cookie(COOKIE_NAME, xsrf_value(), path=base_url(), samesite="Lax", secure=request.is_secure)


def _clear_login_cookie(answer: Response) -> None:
    """With the attributes it was set with: browsers know a cookie by its domain and path."""
    attributes = services().identity.cookie_attributes(base_url(), is_https=request.is_secure)
    attributes.pop("max_age")
    answer.delete_cookie(login_cookie_name(), **attributes)


def _set_login_cookie(answer: Response, login: Login) -> None:
    host = request.environ.get("HTTP_HOST", "")
    cookie = login_cookie(services().identity, login, host, base_url(), is_https=request.is_secure)
    answer.headers.add("Set-Cookie", cookie)


def login_cookie(identity: IdentityProvider, login: Login, host: str, base_url: str, *, is_https: bool) -> str:
    """The ``Set-Cookie`` header that brings ``login`` back."""
    attributes = identity.cookie_attributes(base_url, is_https=is_https)
    shape = _cookie_shape(identity.cookie_name_for(host), tuple(attributes.items()), int(time()))
    return shape.replace(PLACE_OF_VALUE, identity.cookie_for(login), 1)


@lru_cache(maxsize=16)  # for a second: it says when the cookie ends
def _cookie_shape(name: str, attributes: tuple[tuple[str, Any], ...], _second: int) -> str:
    """A ``Set-Cookie`` header with ``PLACE_OF_VALUE`` for a value. Signed values have no character that is quoted."""
    return dump_cookie(name, PLACE_OF_VALUE, **dict(attributes))


def _form_token() -> str:
    """The token in a form where nothing else says who sends it. Nobody has proven anything yet: small ones only."""
    if not request.environ.get("CONTENT_LENGTH"):  # nearly every request: the rest asks about a form
        return ""
    is_small = request.content_length is not None and request.content_length <= MAX_TOKEN_FORM_BYTES
    says_more = "HTTP_AUTHORIZATION" in request.environ or bool(request.cookies.get(login_cookie_name()))
    if not is_small or says_more or not services().identity.token or not has_form():
        return ""
    return form_field("token")


def _credentials() -> Credentials:
    return Credentials(
        authorization=request.environ.get("HTTP_AUTHORIZATION", ""),
        query_token=request.args.get("token", "") or _form_token(),
        cookies=tuple(request.cookies.getlist(login_cookie_name())),
        visit=this_visit,
    )
