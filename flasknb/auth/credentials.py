"""What a request shows to be let in, and what an identity provider makes of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flasknb.auth.user import User
from flasknb.auth.visit import Visit

AUTHORIZATION = re.compile(r"\s*(?:token|bearer)\s+(.+?)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Credentials:
    """What a request carried: the ``Authorization`` header, ``?token=``, every cookie of the login's name.

    ``visit``: the whole request, for classes that read it themselves.
    """

    authorization: str = ""
    query_token: str = ""
    cookies: tuple[str, ...] = ()
    visit: Callable[[], Visit] | None = None

    def tokens(self) -> list[str]:
        """Every token shown; a wrong one does no harm beside a right one."""
        found = AUTHORIZATION.fullmatch(self.authorization)
        return [token for token in (found.group(1) if found else "", self.query_token) if token]


@dataclass(frozen=True)
class Login:
    """A proven identity. ``is_new``: the browser has no cookie for it yet."""

    user: User
    session_id: str
    by_token: bool = False
    is_new: bool = False


@dataclass(frozen=True)
class IdentityContext:
    """What an identity provider needs beside options: where its instance keeps files, and the signing secrets."""

    instance_dir: Path
    secrets: tuple[bytes, ...]
    mount: str = "flasknb"
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    config_dir: Path | None = None
    """The user's own configuration folder, where a chosen password is kept."""
