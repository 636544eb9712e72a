"""What a view may reach: the services of its own mount, who asks, and URLs within the mount."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import current_app, request, url_for

if TYPE_CHECKING:
    from flasknb.contents.manager import ContentsManager
    from flasknb.kernel_bridge.bridge import Bridge

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC_MARK = "_flasknb_public"
PERMISSION_MARK = "_flasknb_permission"


@dataclass(frozen=True)
class Services:
    """The service objects of one mount. Built once by ``FlaskNB.init_app``; safe to use from any thread."""

    name: str
    contents: ContentsManager
    bridge: Bridge


def mount_name() -> str:
    """Name of the parent blueprint that serves this request (``flasknb``, or the mount's own name)."""
    return (request.blueprint or "").split(".", 1)[0]


def services() -> Services:
    """The services of the mount that serves this request."""
    return cast(Services, current_app.extensions["flasknb"][mount_name()])


def mount_url(endpoint: str, **values: Any) -> str:
    """``url_for`` inside this mount: ``mount_url("pages.tree", api_path="a")``."""
    return url_for(f"{mount_name()}.{endpoint}", **values)


def public(view: View) -> View:
    """Mark a view as open to everybody. Everything else needs a login."""
    setattr(view, PUBLIC_MARK, True)
    return view


def requires(resource: str, action: str) -> Callable[[View], View]:
    """Mark a view with what the authorizer is asked: ``requires("contents", "write")`` (rest-api §1.7)."""

    def mark(view: View) -> View:
        setattr(view, PERMISSION_MARK, (resource, action))
        return view

    return mark
