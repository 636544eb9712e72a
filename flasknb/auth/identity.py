"""The default identity provider: a password beside the token. Options name the providers by this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from traitlets import Bool, Unicode, default

from flasknb.auth.chosen_password import ChosenPassword
from flasknb.auth.credentials import Credentials, IdentityContext, Login
from flasknb.auth.passwords import hash_password, password_matches
from flasknb.auth.provider import IdentityProvider
from flasknb.auth.user import UPDATABLE_FIELDS
from flasknb.errors import BadRequest, NotSupportedHere

__all__ = ["Credentials", "IdentityContext", "IdentityProvider", "Login", "PasswordIdentityProvider"]

IdentityProvider.__module__ = __name__  # the name by which options give it, and by which they are shown again

MAX_COOKIE_CHARS = 3_500  # browsers keep 4,096 bytes with name and attributes


class PasswordIdentityProvider(IdentityProvider):
    """The default: a password, when one is set, beside the token."""

    hashed_password = Unicode("", help="Hash of the password: argon2:... or <algorithm>:<salt>:<digest>.").tag(
        config=True
    )
    password_required = Bool(False, help="Refuse to start without a password.").tag(config=True)
    allow_password_change = Bool(True, help="Let whoever knows the token choose a password in the login form.").tag(
        config=True
    )

    def __init__(self, context: IdentityContext, **options: Any) -> None:
        """Raises ValueError where a password is required and none is set."""
        self._chosen: ChosenPassword | None = None
        super().__init__(context, **options)
        if self.password_required and not self.has_password():
            raise ValueError(
                "Jupyter servers are configured to only be run with a password, and none is set (password_required)."
                " Set one: flasknb password"
            )

    @default("updatable_fields")
    def _default_updatable_fields(self) -> list[str]:
        return list(UPDATABLE_FIELDS)

    def has_password(self) -> bool:
        """Whether there is a hash, configured or chosen."""
        return bool(self._hashed())

    def credential_epoch(self) -> str:
        """Token and password hash."""
        return f"{super().credential_epoch()}\0{self._hashed()}"

    def password_is(self, password: str) -> bool:
        """Whether ``password`` fits the hash; slow on purpose (argon2)."""
        return self.has_password() and password_matches(self._hashed(), password)

    def can_change_password(self) -> bool:
        """Whether the form offers it: there is a token to prove oneself with, and a folder to keep the password in."""
        return self.allow_password_change and bool(self.token) and self.context.config_dir is not None

    def change_password(self, password: str) -> None:
        """Keep the hash in the configuration folder, tell the other workers. Raises NotSupportedHere, SaveFailed."""
        if self.context.config_dir is None:
            raise NotSupportedHere("This server's password cannot be changed here")
        self._chosen_password().choose(hash_password(password), self.context.config_dir)

    def update_user(self, login: Login, changes: Mapping[str, Any]) -> Login:
        """``login`` with other fields of its user, to be kept in its cookie. Raises BadRequest."""
        unknown = [name for name in changes if name not in self.updatable_fields]
        if unknown:
            raise BadRequest(f"Field {unknown[0][:60]} is not updatable")
        changed = replace(login, user=login.user.changed(changes), is_new=True)
        if len(self.cookie_for(changed)) > MAX_COOKIE_CHARS:
            raise BadRequest("All this together is too long to be kept in a cookie")
        return changed

    def _hashed(self) -> str:
        return self._chosen_password().hashed()

    def _chosen_password(self) -> ChosenPassword:
        if self._chosen is None:  # asked for while the base class is being made, with options at hand
            self._chosen = ChosenPassword(self.context.instance_dir, self.hashed_password)
        return self._chosen
