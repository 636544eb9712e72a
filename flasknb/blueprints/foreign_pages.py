"""Keeps pages of other sites from fetching files and starting conversions with the visitor's cookie (rest-api §1.3)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from flasknb.auth.origins import is_local_host, is_same_origin
from flasknb.auth.xsrf import COOKIE_NAME, is_valid
from flasknb.blueprints.context import services
from flasknb.blueprints.visitor import current_login, session_id
from flasknb.errors import NotAllowed

OWN_SITES = frozenset({"same-origin", "none"})
SHOWN_CHARS = 200


def refuse_foreign_pages() -> None:
    """Let through what our own pages, the address bar and programs with a token ask for. Raises NotAllowed."""
    login = current_login()
    if login is None or login.by_token or services().settings.server.disable_check_xsrf:
        return
    if _has_xsrf_value() or request.headers.get("Sec-Fetch-Site") in OWN_SITES:
        return
    if referer := request.headers.get("Referer"):
        _check_referer(referer)
    elif "Sec-Fetch-Site" in request.headers or _would_name_site():
        raise NotAllowed("Blocking request from unknown origin")


def _has_xsrf_value() -> bool:
    sent = request.headers.get("X-XSRFToken") or request.headers.get("X-CSRFToken") or request.args.get("_xsrf")
    if not sent:
        return False
    return is_valid(services().identity.signer, session_id(), sent, request.cookies.getlist(COOKIE_NAME))


def _check_referer(referer: str) -> None:
    try:
        parts = urlsplit(referer)
    except ValueError:
        parts = urlsplit("")
    origin = f"{parts.scheme}://{parts.netloc}"
    if is_same_origin(origin, request.environ.get("HTTP_HOST", ""), request.scheme) or services().origins.lists(origin):
        return
    raise NotAllowed(f"Blocking Cross Origin request from {referer[:SHOWN_CHARS]}.")


def _would_name_site() -> bool:
    """Whether every browser says here who asks: it does so over https and to this machine, not over http to others.

    Our pages send no Referer, so over plain http a browser's request from them looks like one from nowhere. What keeps
    foreign pages out there is the cookie (SameSite) and that nothing in a file can act as our page (sandbox).
    """
    return request.scheme == "https" or is_local_host(request.environ.get("HTTP_HOST", ""), ["localhost"])
