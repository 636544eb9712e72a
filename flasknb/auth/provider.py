"""Who asks: token and login cookie. Knows no web framework; a blueprint hands in what the request carried."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from traitlets import Bool, Dict, Enum, Int, List, TraitError, Unicode, default, validate
from traitlets.config import Configurable

from flasknb.auth.attempts import LoginAttempts
from flasknb.auth.credentials import Credentials, IdentityContext, Login
from flasknb.auth.launch import LaunchTickets
from flasknb.auth.revocation import Revocations
from flasknb.auth.secret_files import generated_token
from flasknb.auth.signing import LOGIN_SALT, BadSignature, Signer
from flasknb.auth.user import UPDATABLE_FIELDS, User, anonymous_user
from flasknb.errors import BadRequest, NotSupportedHere

DAY_S = 24 * 3600
LOGIN_LIFETIME_DAYS = 30
COOKIE_ATTRIBUTES = frozenset({"secure", "httponly", "samesite", "domain", "path", "expires_days"})


class IdentityProvider(Configurable):
    """Token and cookie. Any thread; nothing but the password changes after construction."""

    token = Unicode(
        help="Token that logs in; empty: no token. Default: JUPYTER_TOKEN, the file JUPYTER_TOKEN_FILE names, none when"
        " a password is set, else a random one kept in the instance's private folder."
    ).tag(config=True)
    cookie_name = Unicode("", help="Name of the login cookie; empty: username-<host>-<port>.").tag(config=True)
    cookie_options = Dict(
        help="Further attributes of the login cookie: secure, httponly, samesite, domain, path, expires_days."
    ).tag(config=True)
    get_secure_cookie_kwargs = Dict(
        help="How login cookies are read: max_age_days, the age at which one has ended. Other keys mean nothing here."
    ).tag(config=True)
    secure_cookie = Bool(
        None, allow_none=True, help="Send the cookie over https only. Default: when the request came by https."
    ).tag(config=True)

    updatable_fields = List(
        Enum(UPDATABLE_FIELDS),
        ["color"],
        help="What users may change of themselves: name, display_name, initials, avatar_url, color.",
    ).tag(config=True)

    administrators = List(
        Unicode(),
        help="Names of the users who see and use the kernels, sessions and terminals of all; '' is whoever shows the"
        " token. Means something where identity_provider_class tells users apart.",
    ).tag(config=True)

    login_attempts_per_minute = Int(
        10, help="Wrong passwords that one address may send in a minute; 0: any number. The token is never held back."
    ).tag(config=True)

    def __init__(self, context: IdentityContext, **options: Any) -> None:
        self.context = context
        self.has_generated_token = False
        super().__init__(**options)
        self._signer, self._epoch = Signer(context.secrets, epoch := self.credential_epoch()), epoch
        self.revocations = Revocations(context.instance_dir)
        self.launch_tickets = LaunchTickets(context.instance_dir)
        self.attempts = LoginAttempts(context.instance_dir, self.login_attempts_per_minute)

    @default("token")
    def _default_token(self) -> str:
        environ = self.context.environ
        if "JUPYTER_TOKEN" in environ:
            return environ["JUPYTER_TOKEN"]
        if environ.get("JUPYTER_TOKEN_FILE"):
            return _token_in(Path(environ["JUPYTER_TOKEN_FILE"]))
        if self.has_password():
            return ""
        self.has_generated_token = True
        return generated_token(self.context.instance_dir)

    @property
    def signer(self) -> Signer:
        """Signs and reads what hangs on the credentials of now."""
        if (epoch := self.credential_epoch()) != self._epoch:
            self._signer, self._epoch = Signer(self.context.secrets, epoch), epoch
        return self._signer

    @property
    def login_lifetime_s(self) -> int:
        """The age at which a login cookie has ended."""
        return round(float(self.get_secure_cookie_kwargs.get("max_age_days", LOGIN_LIFETIME_DAYS)) * DAY_S)

    @validate("cookie_options")
    def _known_attributes(self, proposal: dict[str, Any]) -> dict[str, Any]:
        unknown = set(proposal["value"]) - COOKIE_ATTRIBUTES
        if unknown:
            raise TraitError(f"cookie_options has {sorted(unknown)}; known are {sorted(COOKIE_ATTRIBUTES)}")
        return dict(proposal["value"])

    def cookie_attributes(self, base_url: str, *, is_https: bool) -> dict[str, Any]:
        """Attributes of the login cookie, as Flask names them; ``max_age`` in seconds."""
        is_secure = is_https if self.secure_cookie is None else self.secure_cookie
        options = dict(self.cookie_options)
        days = options.pop("expires_days", None)
        age_s = self.login_lifetime_s if days is None else round(float(days) * DAY_S)
        known = {"path": base_url, "httponly": True, "samesite": "Lax", "secure": is_secure, "max_age": age_s}
        return {**known, **options}

    def has_password(self) -> bool:
        """Whether a password can log in."""
        return False

    def can_change_password(self) -> bool:
        """Whether somebody who knows the token may choose a password."""
        return False

    def change_password(self, password: str) -> None:
        """Make ``password`` the one, and end every login. Raises NotSupportedHere, SaveFailed."""
        raise NotSupportedHere("This server's passwords are not kept here")

    def update_user(self, login: Login, changes: Mapping[str, Any]) -> Login:
        """``login`` with other fields of its user. Raises BadRequest, NotSupportedHere."""
        unknown = [name for name in changes if name not in self.updatable_fields]
        if unknown:
            raise BadRequest(f"Field {unknown[0][:60]} is not updatable")
        raise NotSupportedHere("This server's identity provider keeps no changes of users")

    def is_enabled(self) -> bool:
        """Whether anything has to be proven; without token and password everybody is let in."""
        return bool(self.token) or self.has_password()

    def credential_epoch(self) -> str:
        """Text that changes with the credentials; what was signed under another epoch has ended."""
        return f"{self.context.mount}\0{self.token}"

    def cookie_name_for(self, host: str) -> str:
        """The login cookie's name on ``host`` (the Host header), so that servers on other ports keep theirs."""
        return self.cookie_name or _cookie_name(host)

    def identify(self, credentials: Credentials) -> Login | None:
        """The login these credentials prove, or ``None``."""
        known = self._from_cookies(credentials.cookies)
        if any(self.token_matches(token) for token in credentials.tokens()):
            login = known or self.new_login()
            return Login(login.user, login.session_id, by_token=True, is_new=known is None)
        if known is None and not self.is_enabled():
            return self.new_login()
        return known

    def log_in(self, secret: str) -> Login | None:
        """A new login for whoever knows the token or the password; ``None`` when ``secret`` is neither."""
        return self.new_login() if self.token_matches(secret) or self.password_is(secret) else None

    def log_in_from(self, address: str, secret: str) -> Login | None:
        """As ``log_in``, for somebody at ``address`` (the peer's IP address). Raises TooManyAttempts."""
        if self.token_matches(secret):
            return self.log_in(secret)
        self.attempts.begin(address)
        login = self.log_in(secret)
        if login is not None:
            self.attempts.forget(address)
        return login

    def log_in_once(self, ticket: str) -> Login | None:
        """A new login for whoever brings a launch ticket first; ``None`` for everybody after, and for old ones."""
        return self.new_login() if ticket and self.launch_tickets.redeem(ticket) else None

    def new_login(self) -> Login:
        """A login nobody had before."""
        return Login(anonymous_user(), secrets.token_urlsafe(18), is_new=True)

    def owner_of(self, login: Login) -> str:
        """Name of the user whom ``login``'s kernels count for. Who knows the token or password is one and the same."""
        return ""

    def viewer_of(self, login: Login) -> str | None:
        """Whose kernels and terminals ``login`` may know of, see ``owner_of``; ``None``: everybody's."""
        return None

    def token_for_pages(self) -> str:
        """The token that pages carry for scripts in them: everybody who sees a page knows it anyway."""
        return self.token

    def log_out(self, login: Login) -> None:
        """End ``login`` for every copy of its cookie, at every worker."""
        self.revocations.revoke(login.session_id)

    def has_ended(self, login: Login) -> bool:
        """Whether ``login`` was logged out, here or at another worker."""
        return self.revocations.is_revoked(login.session_id)

    def cookie_for(self, login: Login) -> str:
        """The signed cookie value that brings ``login`` back."""
        return self.signer.sign(LOGIN_SALT, {"user": login.user.to_json(), "session": login.session_id})

    def token_matches(self, token: str) -> bool:
        """Constant-time comparison with the token; false when there is none."""
        return bool(self.token) and hmac.compare_digest(_bytes(token), _bytes(self.token))

    def password_is(self, password: str) -> bool:
        """Whether ``password`` is the password; false when there is none."""
        return False

    def _from_cookies(self, cookies: tuple[str, ...]) -> Login | None:
        logins = (self._from_cookie(cookie) for cookie in cookies)
        return next((login for login in logins if login is not None), None)

    def _from_cookie(self, cookie: str) -> Login | None:
        try:
            content = self.signer.read(LOGIN_SALT, cookie, self.login_lifetime_s)
            login = Login(User.from_json(content["user"]), str(content["session"]))
        except (BadSignature, ValueError, TypeError, KeyError):
            return None
        return None if self.revocations.is_revoked(login.session_id) else login


@lru_cache(maxsize=64)  # asked for three times per request, nearly always for the same host
def _cookie_name(host: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "-", f"username-{host}")


def _token_in(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"JUPYTER_TOKEN_FILE names {file}, which cannot be read: {error}") from error


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
