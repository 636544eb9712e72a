"""The ``_xsrf`` value: signed, and bound to the login it was handed to.

A logged-in request proves itself with any value signed for its own login. Before login there is nothing to bind to, so
there the value must also equal the cookie.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from flasknb.auth.signing import XSRF_SALT, BadSignature, Signer

COOKIE_NAME = "_xsrf"
NOBODY = ""


def new_value(signer: Signer, session_id: str | None) -> str:
    """A value for the login ``session_id``, or for the login form when that is ``None``."""
    return signer.sign_timeless(XSRF_SALT, [_mark(session_id), secrets.token_urlsafe(9)])


def usable_value(signer: Signer, session_id: str | None, cookies: Sequence[str]) -> str | None:
    """The first of the request's ``_xsrf`` cookies that was made for this login."""
    return next((cookie for cookie in cookies if _is_for(signer, session_id, cookie)), None)


def is_valid(signer: Signer, session_id: str | None, sent: str, cookies: Sequence[str]) -> bool:
    """Whether ``sent`` (header or form field) proves that our own page made the request."""
    if not _is_for(signer, session_id, sent):
        return False
    return session_id is not None or any(hmac.compare_digest(sent.encode(), one.encode()) for one in cookies)


def _is_for(signer: Signer, session_id: str | None, value: str) -> bool:
    try:
        mark, _nonce = signer.read_timeless(XSRF_SALT, value)
    except (BadSignature, ValueError, TypeError):
        return False
    return isinstance(mark, str) and hmac.compare_digest(mark, _mark(session_id))


def _mark(session_id: str | None) -> str:
    """Stands for the login without giving its id to page scripts."""
    return NOBODY if session_id is None else hashlib.sha256(session_id.encode()).hexdigest()[:24]
