"""What a view may reach: the services of its own mount, who asks, and URLs within the mount."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import current_app, request, url_for

if TYPE_CHECKING:
    from pathlib import Path

    from flasknb.auth.authorizer import Authorizer
    from flasknb.auth.identity import IdentityProvider, Login
    from flasknb.auth.origins import OriginRules
    from flasknb.auth.visit import Visit
    from flasknb.away.listener import AwayOutputs
    from flasknb.config.sections import ConfigManager
    from flasknb.config.settings import Settings
    from flasknb.contents.manager import ContentsManager
    from flasknb.conversion.service import Converter
    from flasknb.events.events import Events
    from flasknb.events.relay import Relay
    from flasknb.extensions.assets import AssetFiles
    from flasknb.kernel_bridge.bridge import Bridge
    from flasknb.kernel_bridge.kept_outputs import KeptOutputs
    from flasknb.metrics.request_times import RequestTimes

View = TypeVar("View", bound=Callable[..., Any])

STANDALONE = "flasknb.standalone"
"""Key in ``app.extensions`` of an app that is nothing but the notebook: its server is ours to end."""
STATE_NAME = "_flasknb_state"
PUBLIC_MARK = "_flasknb_public"
PERMISSION_MARK = "_flasknb_permission"


@dataclass(frozen=True)
class Services:
    """The service objects of one mount. Built once by ``FlaskNB.init_app``; safe to use from any thread."""

    name: str
    settings: Settings
    contents: ContentsManager
    bridge: Bridge
    events: Events
    relay: Relay
    away: AwayOutputs
    kept_outputs: KeptOutputs
    request_times: RequestTimes
    identity: IdentityProvider
    authorizer: Authorizer
    origins: OriginRules
    sections: ConfigManager
    assets: AssetFiles
    converter: Converter
    nbextension_folders: Callable[[], Sequence[Path]]
    """Where nbextensions are looked for, most important first."""
    custom_folder: Path
    working_directory: Callable[[str], str]
    """API path of a document or folder → absolute folder its kernel starts in."""
    stop_server: Callable[[], None] | None = None
    """Ends the whole server; ``None`` where it is not ours to end."""


@dataclass
class RequestState:
    """What the guard learned about this request."""

    services: Services | None = None
    is_api: bool | None = None
    began_s: float | None = None
    """When the guard saw it first, on the monotonic clock."""
    visit: Visit | None = None
    login: Login | None = None
    is_identified: bool = False
    sends_login_cookie: bool = False
    drops_login_cookie: bool = False
    has_page_cookie: bool = False
    """The answer is a page: it carries the ``_xsrf`` cookie."""
    sees_all_kernels: bool = False
    """The answer has figures about all users' kernels."""
    xsrf: str | None = None
    """The ``_xsrf`` value of this request's forms; ``None`` until somebody asks for it."""
    has_read_body: bool = False
    """Somebody has read the body to its end."""
    language: str | None = None
    """Name of the catalogue this visitor reads; ``None`` until something is said to them."""


def mount_name() -> str:
    """Name of the parent blueprint that serves this request (``flasknb``, or the mount's own name)."""
    return (request.blueprint or "").split(".", 1)[0]


def services() -> Services:
    """The services of the mount that serves this request."""
    state = request_state()
    if state.services is None:  # asked for twenty times per request
        state.services = current_app.extensions["flasknb"][mount_name()]
    return state.services


def request_state() -> RequestState:
    """What is known of this request; made on first use."""
    held: dict[str, Any] = request._get_current_object().__dict__  # type: ignore[attr-defined]
    state: RequestState | None = held.get(STATE_NAME)
    if state is None:
        state = held[STATE_NAME] = RequestState()
    return state


def mount_url(endpoint: str, **values: Any) -> str:
    """``url_for`` inside this mount: ``mount_url("pages.tree", api_path="a")``."""
    return url_for(f"{mount_name()}.{endpoint}", **values)


def base_url() -> str:
    """Path of this mount as the browser sees it, with a slash at both ends."""
    return f"{request.script_root}{services().settings.url_prefix}/"


def path_in_mount() -> str:
    """The requested path without the mount's prefix and without the first slash."""
    return request.path[len(services().settings.url_prefix) :].lstrip("/")


def is_api_request() -> bool:
    """Whether the answer, errors too, is JSON."""
    state = request_state()
    if state.is_api is None:
        path = path_in_mount()
        state.is_api = path == "api" or path.startswith("api/")
    return state.is_api


def is_websocket_request() -> bool:
    """Whether the matched rule is a websocket's."""
    rule = request.url_rule
    return rule is not None and rule.websocket


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


def is_public(view: Callable[..., Any]) -> bool:
    """Whether ``view`` was marked with ``@public``."""
    return bool(getattr(view, PUBLIC_MARK, False))


def permission_of(view: Callable[..., Any]) -> tuple[str, str] | None:
    """``(resource, action)`` of a view marked with ``@requires``."""
    return cast("tuple[str, str] | None", getattr(view, PERMISSION_MARK, None))
