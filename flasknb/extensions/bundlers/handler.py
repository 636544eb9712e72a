"""What bundlers written for the classic notebook get as ``handler``: the documented part of a tornado request handler.

Its answer goes to a file; nothing here talks to a network.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, BinaryIO
from urllib.parse import urljoin

REQUIRED: Any = object()
CONTROL = str.maketrans(dict.fromkeys(range(32), " ") | {127: " "})


class Finished(Exception):
    """The bundler has answered and wants to stop here (``redirect``, ``send_error``)."""


@dataclass
class BundleHandler:
    """Collects the answer of one bundler. One thread.

    Attributes:
        output: where the body goes.
        settings: as the application's of a classic server: ``base_url``, ``contents_manager``, ``config``, ….
        facts: the request: ``method``, ``path``, ``uri``, ``protocol``, ``host``, ``remote_ip``, ``arguments``, ….
    """

    output: BinaryIO
    settings: Mapping[str, Any]
    facts: Mapping[str, Any]
    log: logging.Logger
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=lambda: [("Content-Type", "text/html; charset=UTF-8")])
    is_finished: bool = False

    # --- the request

    @property
    def request(self) -> SimpleNamespace:
        """Facts of the request, without its cookies."""
        arguments = {name: [value.encode() for value in values] for name, values in self._arguments.items()}
        facts = {name: self.facts.get(name, "") for name in ("method", "path", "uri", "protocol", "host", "remote_ip")}
        return SimpleNamespace(
            **facts,
            query=self.facts.get("uri", "").partition("?")[2],
            arguments=arguments,
            query_arguments=arguments,
            headers={"Host": self.facts.get("host", "")},
            full_url=lambda: f"{self.facts.get('protocol')}://{self.facts.get('host')}{self.facts.get('uri')}",
        )

    @property
    def _arguments(self) -> Mapping[str, list[str]]:
        return self.facts.get("arguments", {})  # type: ignore[no-any-return]

    def get_argument(self, name: str, default: Any = REQUIRED, strip: bool = True) -> Any:
        """The last value of an argument of the address. Raises BundlerRefusal (400) when it is required and missing."""
        values = self._arguments.get(name)
        if values:
            return values[-1].strip() if strip else values[-1]
        if default is REQUIRED:
            raise BundlerRefusal(400, f"Missing argument {name}")
        return default

    get_query_argument = get_argument

    def get_arguments(self, name: str, strip: bool = True) -> list[str]:
        """All values of an argument."""
        return [value.strip() if strip else value for value in self._arguments.get(name, [])]

    get_query_arguments = get_arguments

    @property
    def current_user(self) -> SimpleNamespace:
        """Who asks."""
        return SimpleNamespace(username=self.facts.get("username", ""), name=self.facts.get("name", ""))

    def get_current_user(self) -> SimpleNamespace:
        """Who asks."""
        return self.current_user

    # --- the server

    @property
    def application(self) -> SimpleNamespace:
        """Only its ``settings``."""
        return SimpleNamespace(settings=self.settings)

    @property
    def base_url(self) -> str:
        """Path of the notebook server, with slashes at both ends."""
        return str(self.settings["base_url"])

    @property
    def config(self) -> Any:
        """The server's configuration."""
        return self.settings["config"]

    @property
    def contents_manager(self) -> Any:
        """The server's contents manager, made anew in this process."""
        return self.settings["contents_manager"]

    # --- the answer

    def set_status(self, status_code: int, reason: str | None = None) -> None:
        """Status of the answer."""
        self.status = int(status_code)

    def get_status(self) -> int:
        """Status of the answer so far."""
        return self.status

    def set_header(self, name: str, value: Any) -> None:
        """Set a header, in place of one of this name."""
        self.clear_header(name)
        self.add_header(name, value)

    def add_header(self, name: str, value: Any) -> None:
        """Add a header."""
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        self.headers.append((name.translate(CONTROL), text.translate(CONTROL)))

    def clear_header(self, name: str) -> None:
        """Take a header back."""
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]

    def write(self, chunk: Any) -> None:
        """Add to the body: bytes, text, or a dict as JSON."""
        if self.is_finished:
            raise RuntimeError("Cannot write() after finish()")
        if isinstance(chunk, dict):
            self.set_header("Content-Type", "application/json; charset=UTF-8")
            chunk = json.dumps(chunk)
        self.output.write(chunk.encode() if isinstance(chunk, str) else bytes(chunk))

    def flush(self, include_footers: bool = False) -> None:
        """The body is sent when it is complete."""

    def finish(self, chunk: Any = None) -> None:
        """Complete the answer."""
        if self.is_finished:
            raise RuntimeError("finish() called twice")
        if chunk is not None:
            self.write(chunk)
        self.is_finished = True

    def redirect(self, url: str, permanent: bool = False, status: int | None = None) -> None:
        """Send the browser to ``url``."""
        self.set_status(status or (301 if permanent else 302))
        self.set_header("Location", urljoin(self.facts.get("uri", ""), url))
        self.finish()

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Answer with the error page of ``status_code``."""
        raise BundlerRefusal(status_code, str(kwargs.get("reason") or _phrase(status_code)))


class BundlerRefusal(Exception):
    """A bundler says no, with a status, as tornado's HTTPError does."""

    def __init__(self, status_code: int, message: str) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.log_message = message


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
