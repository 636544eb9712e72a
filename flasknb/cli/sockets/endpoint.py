"""Where a server is reached, and how that is written in addresses. Pure: binds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flasknb.config.addresses import is_loopback

LOCAL_ADDRESS = "127.0.0.1"
EVERY_INTERFACE = ("", "*", "0.0.0.0", "::")  # noqa: S104 - recognised, not bound


@dataclass(frozen=True)
class Endpoint:
    """``host`` as it was asked for (name or address); ``sock``: path of a unix socket instead of host and port."""

    host: str
    port: int = 0
    sock: str = ""
    is_secure: bool = False

    @property
    def is_everywhere(self) -> bool:
        """Whether it is reached on every interface of the machine."""
        return not self.sock and self.host in EVERY_INTERFACE

    @property
    def is_local(self) -> bool:
        """Whether only programs of this machine reach it."""
        return bool(self.sock) or is_loopback(self.host)

    def origins(self) -> list[str]:
        """``scheme://host:port`` as people are told; where there are two, the last one works on this machine."""
        if self.sock:
            return [self.local_origin()]
        names = [_public_name() if self.is_everywhere else self.host]
        if self.is_everywhere or self.host == "localhost":  # other loopback names may mean other sockets
            names.append(LOCAL_ADDRESS)
        return [self._origin(name) for name in names]

    def local_origin(self) -> str:
        """The one for programs on this machine."""
        if self.sock:
            return f"http{'s' if self.is_secure else ''}+unix://{quote(self.sock, safe='')}"
        return self._origin(LOCAL_ADDRESS if self.is_everywhere else self.host)

    def _origin(self, name: str) -> str:
        shown = f"[{name}]" if ":" in name else name
        return f"http{'s' if self.is_secure else ''}://{shown}:{self.port}"


def _public_name() -> str:
    import socket

    return socket.gethostname()
