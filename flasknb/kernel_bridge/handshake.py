"""How worker and sidecar convince each other: HMAC over both nonces. Pure.

The sidecar speaks first: ``{version, nonce}``. The worker answers ``{version, nonce, proof, role, ...}``, the sidecar
``{proof}``. Both proofs need the secret of the discovery file; each side's word is in its proof, so none can be echoed.
"""

from __future__ import annotations

import hmac
import secrets

BRIDGE_VERSION = 3
ROLE_CALLS = "calls"
ROLE_CHANNELS = "channels"
ROLE_EVENTS = "events"
ROLE_TERMINAL = "terminal"
ROLE_WEBSOCKETS = "websockets"
ROLE_HANDOVER = "handover"  # from a worker of a later version: end, and leave the kernels to a sidecar of its own
TOPIC_CHANGES = "changes"
TOPIC_EVENTS = "events"
TOPIC_AWAY = "away"


def new_nonce() -> str:
    """A fresh challenge, hexadecimal."""
    return secrets.token_hex(16)


def proof(secret: str, side: str, version: int | None = None, /, *, sidecar_nonce: str, worker_nonce: str) -> str:
    """What ``side`` (``"worker"`` or ``"sidecar"``) shows to prove that it knows ``secret``; ours is the version."""
    words = "\n".join([str(BRIDGE_VERSION if version is None else version), side, sidecar_nonce, worker_nonce])
    return hmac.new(secret.encode(), words.encode(), "sha256").hexdigest()


def is_proven(secret: str, side: str, shown: object, *, sidecar_nonce: str, worker_nonce: str) -> bool:
    """Whether ``shown`` is the proof of ``side``; anything that is not text is not."""
    expected = proof(secret, side, sidecar_nonce=sidecar_nonce, worker_nonce=worker_nonce)
    return isinstance(shown, str) and hmac.compare_digest(shown.encode(), expected.encode())
