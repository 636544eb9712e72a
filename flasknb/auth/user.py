"""Who asks, as a value. Knows the identity model of the REST API; not how somebody proves who they are."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from flasknb.errors import BadRequest

MOONS = (
    "Adrastea", "Aitne", "Amalthea", "Ananke", "Aoede", "Arche", "Autonoe", "Callirrhoe", "Callisto", "Carme",
    "Carpo", "Chaldene", "Cyllene", "Dia", "Eirene", "Elara", "Erinome", "Ersa", "Euanthe", "Eukelade", "Eupheme",
    "Euporie", "Europa", "Eurydome", "Ganymede", "Harpalyke", "Hegemone", "Helike", "Hermippe", "Herse", "Himalia",
    "Io", "Iocaste", "Isonoe", "Kale", "Kallichore", "Kalyke", "Kore", "Leda", "Lysithea", "Megaclite", "Metis",
    "Mneme", "Orthosie", "Pandia", "Pasiphae", "Pasithee", "Philophrosyne", "Praxidike", "Sinope", "Sponde",
    "Taygete", "Thebe", "Thelxinoe", "Themisto", "Thyone", "Valetudo",
)  # fmt: skip

USER_VARIABLE = "flasknb.user"
"""Of the WSGI environ, set by the door of a mount: the name of who asks, ``""`` for strangers. Request logs read it."""

TEXT_FIELDS = ("username", "name", "display_name", "initials", "avatar_url", "color")
UPDATABLE_FIELDS = ("name", "display_name", "initials", "avatar_url", "color")
MAX_FIELD_CHARS = 1_000
AVATAR = re.compile(r"https?://|data:image/|/(?!/)")


@dataclass(frozen=True)
class User:
    """One person, or one anonymous browser. ``username`` is the stable id; the rest is for showing."""

    username: str
    name: str = ""
    display_name: str = ""
    initials: str | None = None
    avatar_url: str | None = None
    color: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """The ``identity`` member of ``/api/me``."""
        return {name: getattr(self, name) for name in _FIELDS}

    def changed(self, changes: Mapping[str, Any]) -> User:
        """The same person with other fields; a change of nothing else is judged. Raises BadRequest."""
        for name, value in changes.items():
            if not isinstance(value, str) or len(value) > MAX_FIELD_CHARS or not _is_shown_safely(name, value):
                raise BadRequest(
                    f"{name[:60]} must be a short printable text; an avatar_url is http(s) or an image's data"
                )
        return replace(self, **changes)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> User:
        """The user a signed cookie holds.

        Raises:
            ValueError: a field has an impossible type or length, or there is no username.
        """
        fields = {name: values.get(name) for name in TEXT_FIELDS}
        for name, value in fields.items():
            if value is not None and (not isinstance(value, str) or len(value) > MAX_FIELD_CHARS):
                raise ValueError(f"{name} of a user must be a short text")
        if not fields["username"]:
            raise ValueError("a user needs a username")
        return cls(
            username=str(fields["username"]),
            name=str(fields["name"] or ""),
            display_name=str(fields["display_name"] or ""),
            initials=fields["initials"],
            avatar_url=fields["avatar_url"],
            color=fields["color"],
        )


_FIELDS = tuple(field.name for field in fields(User))


def _is_shown_safely(name: str, value: str) -> bool:
    """No address that a page would run, no character that is none."""
    is_safe_address = name != "avatar_url" or value == "" or AVATAR.match(value) is not None
    return is_safe_address and value.isprintable()


def anonymous_user() -> User:
    """A new visitor without a name: a random id, named after a moon of Jupiter."""
    moon = secrets.choice(MOONS)
    name = f"Anonymous {moon}"
    return User(username=secrets.token_hex(16), name=name, display_name=name, initials=f"A{moon[0]}")
