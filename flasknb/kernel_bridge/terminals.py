"""Terminals as a worker sees them: values and the interface. No sockets, no clock.

``terminal_client.TerminalClient`` is the real one, ``flasknb.testing.FakeTerminals`` the one of the HTTP tests.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from flasknb.errors import TerminalFailed

DEFAULT_TYPE = "xterm-256color"
NAME_SHAPE = re.compile(r"\w{1,100}")


def is_terminal_name(name: str) -> bool:
    """Whether a terminal can be called so: letters, digits and underscores."""
    return NAME_SHAPE.fullmatch(name) is not None


@dataclass(frozen=True)
class TerminalModel:
    """One terminal, rest-api §4.9. ``last_activity`` is ISO-8601 UTC with microseconds and ``Z``."""

    name: str
    last_activity: str

    def to_json(self) -> dict[str, Any]:
        """The model as the REST API shows it."""
        return asdict(self)


@dataclass(frozen=True)
class TerminalRequest:
    """What a new terminal is asked to be.

    ``name``: ``None`` takes the lowest free number. ``cwd``: a folder below the root, or its disk path; anything else
    means the root. ``server_url`` becomes ``JUPYTER_SERVER_URL``, ``type`` becomes ``TERM``. ``command``: program and
    arguments; empty for the user's shell. ``is_login_shell``: that shell reads the user's profile, because the server
    was not started from a terminal whose environment it could have inherited. ``owner``: as of a ``KernelRequest``.
    """

    name: str | None = None
    cwd: str = ""
    server_url: str = ""
    command: Sequence[str] = ()
    type: str = DEFAULT_TYPE
    is_login_shell: bool = False
    owner: str = ""


def shell_settings(terminado_settings: Mapping[str, Any]) -> tuple[list[str], str]:
    """The command and ``TERM`` that the option ``terminado_settings`` asks for; an empty command is the user's shell.

    Raises:
        TerminalFailed: a value makes no sense.
    """
    command = terminado_settings.get("shell_command") or []
    if isinstance(command, str):
        command = shlex.split(command)
    if not (isinstance(command, list) and all(isinstance(word, str) and "\0" not in word for word in command)):
        raise TerminalFailed(f"terminado_settings: shell_command must be a list of texts, not {command!r:.200}")
    terms = terminado_settings.get("term_settings") or {}
    kind = terms.get("type", DEFAULT_TYPE) if isinstance(terms, Mapping) else None
    if not (isinstance(kind, str) and kind and "\0" not in kind):
        raise TerminalFailed(f"terminado_settings: term_settings must be like {{'type': 'xterm'}}, not {terms!r:.200}")
    return command, kind


class TerminalStream(Protocol):
    """One websocket's stream to a terminal. One greenlet reads, any may send or close."""

    @property
    def end_reason(self) -> str:
        """Why the stream ended, where the other side said so."""

    def send(self, command: bytes) -> None:
        """Pass on one packed command, see ``terminal_codec``."""

    def receive_batch(self, timeout_s: float | None = None) -> Sequence[bytes] | None:
        """All websocket messages (UTF-8 JSON) that have arrived, at least one; ``None`` when the stream ended."""

    def close(self) -> None:
        """Send no more; what was sent still counts. The greenlet that reads gets the end, the terminal goes on."""

    def release(self) -> None:
        """Close, and let go of the sockets. Nobody may be reading any more."""


class Terminals(Protocol):
    """The terminals of an instance, from any thread or greenlet. Every method may raise ``SidecarUnavailable``."""

    def list(self) -> Sequence[TerminalModel]: ...

    def create(self, request: TerminalRequest) -> TerminalModel:
        """Start a terminal; one whose name is taken is returned as it is.

        Raises:
            BadRequest: a name no terminal can have.
            TooManyTerminals: the limit is reached.
            TerminalFailed: no pty, or no shell.
        """

    def get(self, name: str) -> TerminalModel:
        """Raises TerminalMissing."""

    def delete(self, name: str) -> None:
        """End a terminal and what runs in it. Raises TerminalMissing."""

    def open_stream(self, name: str) -> TerminalStream:
        """Look at a terminal, first at what it showed lately. Raises TerminalMissing."""
