"""Passwords, signatures, secrets on disk, origins, redirects, scrubbing: rules over values."""

from __future__ import annotations

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from flasknb.auth.identity import Credentials, IdentityContext, PasswordIdentityProvider
from flasknb.auth.origins import OriginRules, is_local_host, is_same_origin
from flasknb.auth.passwords import hash_password, password_matches
from flasknb.auth.redirects import safe_next
from flasknb.auth.revocation import Revocations
from flasknb.auth.scrub import scrub
from flasknb.auth.secret_files import cookie_secrets, generated_token, read_or_create
from flasknb.auth.signing import BadSignature, Signer
from flasknb.auth.user import User, anonymous_user
from flasknb.auth.xsrf import is_valid, new_value

SALT = "a salt"


def provider(folder: Path, environ: dict[str, str] | None = None, **options: str) -> PasswordIdentityProvider:
    return PasswordIdentityProvider(IdentityContext(folder, (b"secret",), environ=environ or {}), **options)


def test_a_new_hash_matches_its_password_and_no_other() -> None:
    hashed = hash_password("pässword")
    assert hashed.startswith("argon2:$argon2id$")
    assert password_matches(hashed, "pässword")
    assert not password_matches(hashed, "password")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_older_hashes_still_match(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"secret" + b"0123456789ab").hexdigest()
    assert password_matches(f"{algorithm}:0123456789ab:{digest}", "secret")
    assert not password_matches(f"{algorithm}:0123456789ab:{digest}", "other")


@pytest.mark.parametrize(
    "hashed", ["", "x", "argon2:", "argon2:nonsense", "md77:a:b", "sha1:salt", "shake_128:a:b", "sha1:ä:ö"]
)
def test_a_malformed_hash_matches_nothing(hashed: str) -> None:
    assert not password_matches(hashed, "")
    assert not password_matches(hashed, "secret")


def test_a_signature_holds_for_its_purpose_key_and_epoch_only() -> None:
    signed = Signer([b"one"], "epoch").sign(SALT, {"a": 1})
    assert Signer([b"one"], "epoch").read(SALT, signed, 60) == {"a": 1}
    assert Signer([b"one", b"two"], "epoch").read(SALT, signed, 60) == {"a": 1}
    for signer, salt in [
        (Signer([b"two"], "epoch"), SALT),
        (Signer([b"one"], "later"), SALT),
        (Signer([b"one"], "epoch"), "another"),
    ]:
        with pytest.raises(BadSignature):
            signer.read(salt, signed, 60)
    with pytest.raises(BadSignature):
        Signer([b"one"], "epoch").read(SALT, signed, -1)


@pytest.mark.parametrize("value", [{"a": 1}, {"long": "x" * 5_000}])
def test_what_earlier_versions_signed_is_read_and_the_reverse(value: dict[str, object]) -> None:
    key = hmac.new(b"one", b"epoch", hashlib.sha256).digest()
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    plain = URLSafeTimedSerializer([key], salt=SALT, signer_kwargs=options)
    signer = Signer([b"one"], "epoch")
    for _ in range(2):  # the second time with what is remembered
        assert plain.loads(signer.sign(SALT, value)) == value
        assert signer.read(SALT, plain.dumps(value), 60) == value
    assert len(signer.sign(SALT, {"long": "x" * 5_000})) < 1_000


def test_the_newest_key_signs() -> None:
    signed = Signer([b"one", b"two"], "epoch").sign(SALT, 1)
    assert Signer([b"two"], "epoch").read(SALT, signed, 60) == 1


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret"
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda n: read_or_create(path, lambda: b"%d" % n), range(16)))
    assert len(found) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_the_cookie_secret_has_the_known_form(tmp_path: Path) -> None:
    path = tmp_path / "jupyter_cookie_secret"
    assert cookie_secrets(path) == cookie_secrets(path)
    assert len(path.read_bytes()) == 45


def test_a_token_is_made_when_nothing_is_set(tmp_path: Path) -> None:
    identity = provider(tmp_path)
    assert identity.token == generated_token(tmp_path)
    assert len(identity.token) == 48
    assert identity.has_generated_token


def test_the_token_comes_from_option_environment_and_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("from file\n")
    assert provider(tmp_path, {"JUPYTER_TOKEN": "env"}).token == "env"
    assert provider(tmp_path, {"JUPYTER_TOKEN_FILE": str(tmp_path / "file")}).token == "from file"
    assert provider(tmp_path, {"JUPYTER_TOKEN": "env"}, token="option").token == "option"
    assert provider(tmp_path, hashed_password="argon2:x").token == ""


def test_a_token_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"JUPYTER_TOKEN_FILE names .*gone"):
        provider(tmp_path, {"JUPYTER_TOKEN_FILE": str(tmp_path / "gone")})


def test_a_required_password_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="password_required"):
        PasswordIdentityProvider(IdentityContext(tmp_path, (b"s",), environ={}), password_required=True)


def test_the_same_cookie_keeps_the_same_user_with_and_without_token(tmp_path: Path) -> None:
    identity = provider(tmp_path, token="t")
    first = identity.identify(Credentials(authorization="token t"))
    assert first is not None
    assert first.is_new
    cookie = identity.cookie_for(first)
    again = identity.identify(Credentials(query_token="t", cookies=(cookie,)))
    assert again is not None
    assert (again.user, again.is_new, again.by_token) == (first.user, False, True)
    plain = identity.identify(Credentials(cookies=(cookie,)))
    assert plain is not None
    assert (plain.user, plain.by_token) == (first.user, False)


def test_a_revoked_login_stays_revoked_after_a_restart(tmp_path: Path) -> None:
    Revocations(tmp_path).revoke("one")
    fresh = Revocations(tmp_path)
    assert fresh.is_revoked("one")
    assert not fresh.is_revoked("two")
    Revocations(tmp_path).revoke("two")
    assert fresh.is_revoked("two")


@pytest.mark.parametrize(
    "values", [{}, {"username": ""}, {"username": 3}, {"username": "x" * 2000}, {"username": "x", "name": []}]
)
def test_a_user_that_makes_no_sense_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="user"):
        User.from_json(values)


def test_a_user_survives_the_cookie() -> None:
    user = anonymous_user()
    assert User.from_json(user.to_json()) == user
    assert user.initials == f"A{user.name.removeprefix('Anonymous ')[0]}"


def test_an_xsrf_value_belongs_to_one_login() -> None:
    signer = Signer([b"k"], "e")
    mine = new_value(signer, "me")
    assert is_valid(signer, "me", mine, [])
    assert not is_valid(signer, "you", mine, [mine])
    assert not is_valid(signer, None, mine, [mine])
    anonymous = new_value(signer, None)
    assert is_valid(signer, None, anonymous, [anonymous])
    assert not is_valid(signer, None, anonymous, [])


@pytest.mark.parametrize(
    ("origin", "host", "scheme", "expected"),
    [
        ("http://localhost:8888", "localhost:8888", "http", True),
        ("http://LOCALHOST:8888", "localhost:8888", "http", True),
        ("http://localhost", "localhost:80", "http", True),
        ("https://nb.example", "nb.example", "http", True),
        ("http://nb.example", "nb.example", "https", False),
        ("http://[::1]:1", "[::1]:1", "http", True),
        ("http://localhost:8889", "localhost:8888", "http", False),
        ("null", "localhost", "http", False),
        ("http://a@localhost", "localhost", "http", False),
        ("http://localhost/x", "localhost", "http", False),
        ("ftp://localhost", "localhost", "http", False),
        ("http://", "", "http", False),
    ],
)
def test_same_origin(origin: str, host: str, scheme: str, expected: bool) -> None:
    assert is_same_origin(origin, host, scheme) is expected


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:80", "127.9.9.9", "[::1]", "LocalHost"])
def test_names_of_this_machine(host: str) -> None:
    assert is_local_host(host, ["localhost"])


@pytest.mark.parametrize("host", ["evil", "127.0.0.1.x", "", "localhost.evil", "10.0.0.1"])
def test_names_of_others(host: str) -> None:
    assert not is_local_host(host, ["localhost"])


def test_credentials_never_come_with_a_star() -> None:
    assert OriginRules("*", "", True).cors_headers("http://a") == {"Access-Control-Allow-Origin": "*"}
    assert OriginRules("", "http://a|http://b", True).cors_headers("http://c") == {}


@pytest.mark.parametrize("target", ["/base/tree", "/base/", "/base", "/base/tree?x=//y", "/base/a%20b", "/base//x"])
def test_next_stays(target: str) -> None:
    assert safe_next(target, "/base/") == target


@pytest.mark.parametrize(
    "target", ["", "/", "/bas", "/based/x", "//base/x", "/base/../x", "/base/%2e%2e/x", "base/x", "/base/\\x"]
)
def test_next_that_leaves_is_dropped(target: str) -> None:
    assert safe_next(target, "/base/") == "/base/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET /tree?token=abc HTTP/1.1", "GET /tree?token=[secret] HTTP/1.1"),
        ("/login?next=%2Ftree%3Ftoken%3Dabc%26x%3D1", "/login?next=%2Ftree%3Ftoken%3D[secret]%26x%3D1"),
        ("/x?a=1&TOKEN=abc&b=2", "/x?a=1&TOKEN=[secret]&b=2"),
        ("/x?_xsrf=abc#t", "/x?_xsrf=[secret]#t"),
        ("/x?access_token=abc", "/x?access_token=[secret]"),
        ("/x?session_id=abc", "/x?session_id=abc"),
        ("no address", "no address"),
    ],
)
def test_secrets_leave_the_log(text: str, expected: str) -> None:
    assert scrub(text) == expected


def test_scrubbing_is_quick_on_hostile_text() -> None:
    hostile = "?" + "a-" * 50_000
    assert scrub(hostile) == hostile
