"""Password hashes: argon2 for new ones, the older ``<algorithm>:<salt>:<hex digest>`` for existing files."""

from __future__ import annotations

import hashlib
import hmac
import logging

from flasknb.errors import sentence

log = logging.getLogger(__name__)

MIN_CHARS = 4
MAX_BYTES = 4_096
ARGON2_PREFIX = "argon2:"
ARGON2_MEMORY_KIB = 10_240
ARGON2_ROUNDS = 10
ARGON2_LANES = 8


def password_complaint(password: str) -> str:
    """What is wrong with a new password, in words; ``""`` when nothing is."""
    if len(password) < MIN_CHARS:
        return sentence(f"A password has at least {MIN_CHARS} characters.")
    if len(password.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return sentence(f"A password has at most {MAX_BYTES} bytes.")
    return ""


def hash_password(password: str) -> str:
    """``argon2:<encoded hash>`` of ``password``, with a fresh salt."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(memory_cost=ARGON2_MEMORY_KIB, time_cost=ARGON2_ROUNDS, parallelism=ARGON2_LANES)
    return ARGON2_PREFIX + hasher.hash(password)


def password_matches(hashed: str, password: str) -> bool:
    """Whether ``password`` is the one behind ``hashed``. A malformed hash matches nothing."""
    if hashed.startswith(ARGON2_PREFIX):
        return _argon2_matches(hashed[len(ARGON2_PREFIX) :], password)
    return _digest_matches(hashed, password)


def _argon2_matches(encoded: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(encoded, password)
    except VerificationError:
        return False
    except InvalidHashError:
        log.error("hashed_password is not a valid argon2 hash; set it again")
        return False


def _digest_matches(hashed: str, password: str) -> bool:
    algorithm, _, rest = hashed.partition(":")
    salt, _, digest = rest.partition(":")
    if not digest or algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
        log.error("hashed_password is neither argon2:... nor <algorithm>:<salt>:<digest>; set it again")
        return False
    computed = hashlib.new(algorithm, password.encode("utf-8", "surrogatepass") + salt.encode()).hexdigest()
    return hmac.compare_digest(computed.encode(), digest.encode("utf-8", "surrogatepass"))
