"""Who may do what. Asked once per request, after identity; a deployment replaces the class by configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from traitlets.config import Configurable

from flasknb.auth.user import User

if TYPE_CHECKING:
    from flasknb.auth.visit import Visit


class Authorizer(Configurable):
    """Base class. ``is_authorized`` is called from any thread and must not block for long."""

    def is_authorized(self, user: User, action: str, resource: str) -> bool:
        """Whether ``user`` may ``read``, ``write`` or ``execute`` ``resource`` (``contents``, ``kernels``, ...)."""
        raise NotImplementedError

    def is_allowed(self, this_visit: Callable[[], Visit], user: User, action: str, resource: str) -> bool:
        """The same question, with the request at hand; what the server asks."""
        return self.is_authorized(user, action, resource)


class AllowAllAuthorizer(Authorizer):
    """Everybody who is logged in may do everything; the default."""

    def is_authorized(self, user: User, action: str, resource: str) -> bool:
        """Always true."""
        return True
