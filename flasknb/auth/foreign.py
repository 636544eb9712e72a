"""Identity providers and authorizers written for jupyter_server, as far as they can be honoured here.

Their ``get_user(handler)`` and ``is_authorized(handler, user, action, resource)`` are called with a ``Visit``, which
has what such classes read of tornado's handler. Neither may answer the request itself: there is no tornado for that.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from flasknb.auth.authorizer import Authorizer
from flasknb.auth.identity import Credentials, IdentityProvider, Login, PasswordIdentityProvider
from flasknb.auth.user import TEXT_FIELDS, User
from flasknb.auth.visit import Visit
from flasknb.errors import NotSupportedHere


class ForeignIdentityProvider(PasswordIdentityProvider):
    """Asks ``provider.get_user`` who it is. Logging in and out is then that class's matter, not ours."""

    def bind(self, provider: Any) -> ForeignIdentityProvider:
        """Use ``provider``."""
        self._provider = provider
        return self

    def is_enabled(self) -> bool:
        """Somebody else decides, so nobody is let in unseen."""
        return True

    def identify(self, credentials: Credentials) -> Login | None:
        """The user that ``get_user`` names; the token of programs works beside it."""
        by_token = super().identify(credentials)
        if by_token is not None and by_token.by_token:
            return by_token
        if credentials.visit is None:
            return None
        visit = credentials.visit()
        found = visit.settle(self._provider.get_user(visit))
        if not found:
            return None
        user = _as_user(found)
        mark = hashlib.sha256(user.username.encode()).hexdigest()[:24]
        return Login(user, f"user:{mark}")

    def owner_of(self, login: Login) -> str:
        """The user that ``get_user`` named; programs with the token are one user without a name."""
        return "" if login.by_token else login.user.username

    def viewer_of(self, login: Login) -> str | None:
        """The same user, unless an administrator."""
        owner = self.owner_of(login)
        return None if owner in self.administrators else owner

    def token_for_pages(self) -> str:
        """None: who has it is not the user that ``get_user`` names."""
        return ""

    def log_in(self, secret: str) -> Login | None:
        """Nobody: this server's form decides nothing."""
        return None

    def can_change_password(self) -> bool:
        """No password counts here."""
        return False

    def update_user(self, login: Login, changes: Mapping[str, Any]) -> Login:
        """Raises NotSupportedHere: the next request would bring the old fields again."""
        raise NotSupportedHere("Your identity comes from outside this server: change it there")

    def has_ended(self, login: Login) -> bool:
        """Not known before the next request."""
        return False

    def log_out(self, login: Login) -> None:
        """Raises NotSupportedHere: whoever logged them in must do it."""
        raise NotSupportedHere("You were logged in from outside this server: log out there")


class ForeignAuthorizer(Authorizer):
    """Asks an authorizer that wants a handler too."""

    def bind(self, authorizer: Any) -> ForeignAuthorizer:
        """Use ``authorizer``."""
        self._authorizer = authorizer
        return self

    def is_allowed(self, this_visit: Callable[[], Visit], user: User, action: str, resource: str) -> bool:
        """What it says, awaited where it is async."""
        visit = this_visit()
        visit.current_user = user
        return bool(visit.settle(self._authorizer.is_authorized(visit, user, action, resource)))


def identity_provider(provider_class: Any, context: Any, config: Any) -> IdentityProvider:
    """One of ``provider_class``, which may be written for jupyter_server. Raises TypeError for what is neither."""
    if issubclass(provider_class, IdentityProvider) and not hasattr(provider_class, "get_user"):
        made: IdentityProvider = provider_class(context, config=config)
        return made
    if not callable(getattr(provider_class, "get_user", None)):
        raise TypeError(f"identity_provider_class {provider_class.__name__} has no get_user")
    is_ours = issubclass(provider_class, IdentityProvider)
    foreign = provider_class(context, config=config) if is_ours else provider_class(config=config)
    return ForeignIdentityProvider(context, config=config).bind(foreign)


def authorizer(authorizer_class: Any, config: Any) -> Authorizer:
    """One of ``authorizer_class``, whose method may be asked with or without a handler. Raises TypeError."""
    method = getattr(authorizer_class, "is_authorized", None)
    if not callable(method):
        raise TypeError(f"authorizer_class {authorizer_class.__name__} has no is_authorized")
    made = authorizer_class(config=config)
    wants_handler = len(inspect.signature(method).parameters) > len(("self", "user", "action", "resource"))
    if isinstance(made, Authorizer) and not wants_handler:
        return made
    return ForeignAuthorizer(config=config).bind(made)


def _as_user(found: Any) -> User:
    """Our value of a user: theirs is a dataclass with the same fields, a name, or a mapping. Raises ValueError."""
    if isinstance(found, User):
        return found
    if isinstance(found, str):
        return User.from_json({"username": found, "name": found, "display_name": found})
    fields = found if isinstance(found, Mapping) else {name: getattr(found, name, None) for name in TEXT_FIELDS}
    user = User.from_json(fields)
    name = user.name or user.username
    return User(user.username, name, user.display_name or name, user.initials, user.avatar_url, user.color)
