"""The certificate and the other settings of https, as a TLS context. Knows files and options, no server."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flasknb.cli.sockets.refusal import CannotListen
from flasknb.config.options import ServerApp

CERT_REQS = {"CERT_NONE": ssl.CERT_NONE, "CERT_OPTIONAL": ssl.CERT_OPTIONAL, "CERT_REQUIRED": ssl.CERT_REQUIRED}
PASSPHRASE_NOT_ASKED = b""


@dataclass(frozen=True)
class TlsSettings:
    """What https needs. ``settings``: the further ones of ``ssl_options``, by name."""

    certfile: str
    keyfile: str
    client_ca: str
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, server: ServerApp) -> TlsSettings | None:
        """The settings that the options make, ``None`` for plain http.

        Raises:
            CannotListen: a key or an authority without a certificate.
        """
        settings = dict(server.ssl_options or {})
        certfile = server.certfile or str(settings.pop("certfile", ""))
        keyfile = server.keyfile or str(settings.pop("keyfile", "") or "")
        client_ca = server.client_ca or str(settings.pop("ca_certs", "") or "")
        for name in ("certfile", "keyfile", "ca_certs"):
            settings.pop(name, None)
        if certfile:
            return cls(certfile, keyfile, client_ca, settings)
        if keyfile or client_ca or settings:
            raise CannotListen("https needs a certificate: set certfile too, or none of the TLS options")
        return None

    def context(self) -> ssl.SSLContext:
        """The server's context.

        Raises:
            CannotListen: a file cannot be read, key and certificate are no pair, or a setting is unknown.
        """
        for what, path in (("certificate", self.certfile), ("key", self.keyfile), ("client CA", self.client_ca)):
            if path:
                _must_be_readable(what, path)
        context = self._base()
        self._load_certificate(context)
        if self.client_ca:
            self._load_authorities(context)
        for name, value in self.settings.items():
            _apply(context, name, value)
        return context

    def _base(self) -> ssl.SSLContext:
        context = _PatientContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _load_certificate(self, context: ssl.SSLContext) -> None:
        password = self.settings.get("password")
        try:
            # without a password a callable, or OpenSSL would ask the terminal for one
            context.load_cert_chain(self.certfile, self.keyfile or None, password or (lambda: PASSPHRASE_NOT_ASKED))
        except ssl.SSLError as error:
            key = self.keyfile or self.certfile
            raise CannotListen(
                f"The certificate {self.certfile} cannot be used with the key {key}: {_reason(error)}"
            ) from error

    def _load_authorities(self, context: ssl.SSLContext) -> None:
        try:
            context.load_verify_locations(self.client_ca)
        except ssl.SSLError as error:
            raise CannotListen(f"The client CA {self.client_ca} holds no certificate: {_reason(error)}") from error
        context.verify_mode = ssl.CERT_REQUIRED


class _PatientContext(ssl.SSLContext):
    """Leaves the handshake to whoever serves the connection, and catches what goes wrong with it."""

    def wrap_socket(self, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        """As ever, without the handshake."""
        return super().wrap_socket(*arguments, **options | {"do_handshake_on_connect": False})


def _must_be_readable(what: str, path: str) -> None:
    try:
        with Path(path).expanduser().open("rb") as file:
            file.read(1)
    except OSError as error:
        raise CannotListen(f"The {what} {path} cannot be read: {error.strerror or error}") from error


def _apply(context: ssl.SSLContext, name: str, value: Any) -> None:
    """One entry of ``ssl_options``. Raises CannotListen."""
    setter = SETTERS.get(name)
    if setter is None:
        raise CannotListen(f"ssl_options has no setting {name!r}; known are {', '.join(KNOWN)}")
    try:
        setter(context, value)
    except (ssl.SSLError, ValueError, TypeError, KeyError) as error:
        raise CannotListen(f"ssl_options: {name} cannot be {value!r}: {error}") from error


def _set_cert_reqs(context: ssl.SSLContext, value: Any) -> None:
    context.verify_mode = CERT_REQS[value] if isinstance(value, str) else ssl.VerifyMode(value)


def _set_version(context: ssl.SSLContext, value: Any) -> None:
    """Only what pins one version counts; every other value meant "the best both know", which is the default."""
    name = value if isinstance(value, str) else getattr(value, "name", str(ssl._SSLMethod(value).name))
    pinned = {"PROTOCOL_TLSv1_2": ssl.TLSVersion.TLSv1_2}.get(name)
    if name in ("PROTOCOL_SSLv2", "PROTOCOL_SSLv3", "PROTOCOL_TLSv1", "PROTOCOL_TLSv1_1"):
        raise ValueError("that version is broken; leave ssl_version out")
    if pinned is not None:
        context.maximum_version = pinned


def _ignore(context: ssl.SSLContext, value: Any) -> None:
    """Counted elsewhere, or true for every server."""


SETTERS: Mapping[str, Callable[[ssl.SSLContext, Any], None]] = {
    "cert_reqs": _set_cert_reqs,
    "ciphers": lambda context, value: context.set_ciphers(str(value)),
    "ssl_version": _set_version,
    "password": _ignore,
    "server_side": _ignore,
}
KNOWN = ("certfile", "keyfile", "ca_certs", *SETTERS)


def _reason(error: ssl.SSLError) -> str:
    words = (error.reason or error.strerror or str(error)).replace("_", " ").lower()
    return "the key does not belong to the certificate" if "mismatch" in words else words
