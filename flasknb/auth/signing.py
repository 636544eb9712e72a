"""What leaves the process signed. One salt per purpose; keys newest last; a key hangs on the credentials it stands for.

Changing the token or the password changes every key (the *credential epoch*), so what was signed before ends.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from typing import Any

import orjson
from itsdangerous import BadData, TimestampSigner, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous import Signer as OneSigner
from itsdangerous.encoding import base64_encode
from itsdangerous.signer import SigningAlgorithm
from itsdangerous.url_safe import URLSafeSerializerMixin

LOGIN_SALT = "flasknb.login"
XSRF_SALT = "flasknb.xsrf"
PLAIN_BYTES = 512


class _OneShot(SigningAlgorithm):
    """HMAC with SHA-256, as itsdangerous makes it, in a single call."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The signature of ``value``."""
        return hmac.digest(key, value, "sha256")


SIGNER_OPTIONS = {"key_derivation": "hmac", "digest_method": hashlib.sha256, "algorithm": _OneShot()}


class _KeepsKeys(OneSigner):
    """Derives each key once, not for every value."""

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """As the base class, from memory."""
        derived: dict[str | bytes | None, bytes] = self.__dict__.setdefault("_derived", {})
        if secret_key not in derived:
            derived[secret_key] = super().derive_key(secret_key)
        return derived[secret_key]


class _KeepsKeysAndTime(_KeepsKeys, TimestampSigner):
    """The same, with the time of signing."""


class _Json:
    """What itsdangerous asks of a serializer. orjson is the quicker one; the other knows numbers of any size."""

    loads = staticmethod(json.loads)

    @staticmethod
    def dumps(value: Any) -> str:
        """The JSON of ``value``, without blanks."""
        try:
            return orjson.dumps(value).decode()
        except TypeError:
            return json.dumps(value, separators=(",", ":"))


class _Cheap(URLSafeSerializerMixin):
    """One signer for all values, since it keeps nothing of them; small ones, which gain little, go uncompressed."""

    default_serializer = _Json

    def make_signer(self, salt: str | bytes | None = None) -> Any:
        """The signer of this serializer's salt."""
        if "_made" not in self.__dict__:
            self._made = super().make_signer()
        return self._made

    def dump_payload(self, obj: Any) -> bytes:
        """The value, in a form that every serializer of the base class reads."""
        payload = super(URLSafeSerializerMixin, self).dump_payload(obj)
        return base64_encode(payload) if len(payload) <= PLAIN_BYTES else super().dump_payload(obj)


class _Timed(_Cheap, URLSafeTimedSerializer):
    default_signer = _KeepsKeysAndTime


class _Timeless(_Cheap, URLSafeSerializer):
    default_signer = _KeepsKeys


class BadSignature(Exception):
    """Not signed by us, altered, or too old."""


class Signer:
    """Signs and reads JSON values. Any thread."""

    def __init__(self, secrets: Sequence[bytes], epoch: str) -> None:
        """``secrets``: at least one, newest last. ``epoch``: text that changes when old values must end."""
        self._keys = [hmac.new(secret, epoch.encode(), hashlib.sha256).digest() for secret in secrets]
        self._timed_by_salt: dict[str, URLSafeTimedSerializer] = {}
        self._timeless_by_salt: dict[str, URLSafeSerializer] = {}

    def sign(self, salt: str, value: Any) -> str:
        """``value`` with signature and time, in characters a cookie and a URL may hold."""
        return str(self._timed(salt).dumps(value))

    def read(self, salt: str, signed: str, max_age_s: int) -> Any:
        """The value inside ``signed``. A clock that was set back since makes nobody's login end.

        Raises:
            BadSignature: another salt, key or epoch, altered, or signed more than ``max_age_s`` seconds ago (or ahead).
        """
        try:
            value, signed_at = self._timed(salt).loads(signed, return_timestamp=True)
        except BadData as error:
            raise BadSignature(str(error)) from error
        if abs(time.time() - signed_at.timestamp()) > max_age_s:
            raise BadSignature(f"signed at {signed_at:%Y-%m-%d %H:%M:%S}, which is too long ago")
        return value

    def sign_timeless(self, salt: str, value: Any) -> str:
        """``value`` with a signature that does not age."""
        return str(self._timeless(salt).dumps(value))

    def read_timeless(self, salt: str, signed: str) -> Any:
        """The value inside ``signed``. Raises BadSignature."""
        try:
            return self._timeless(salt).loads(signed)
        except BadData as error:
            raise BadSignature(str(error)) from error

    def _timed(self, salt: str) -> URLSafeTimedSerializer:
        if salt not in self._timed_by_salt:  # making one costs as much as using it
            self._timed_by_salt[salt] = _Timed(self._keys, salt=salt, signer_kwargs=SIGNER_OPTIONS)
        return self._timed_by_salt[salt]

    def _timeless(self, salt: str) -> URLSafeSerializer:
        if salt not in self._timeless_by_salt:
            self._timeless_by_salt[salt] = _Timeless(self._keys, salt=salt, signer_kwargs=SIGNER_OPTIONS)
        return self._timeless_by_salt[salt]
