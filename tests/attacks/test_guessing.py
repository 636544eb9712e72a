"""Row 74: guessing passwords is slow, at every worker, and keeps nobody out who knows the token."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flasknb.auth.attempts import FILE_NAME, WINDOW_S, LoginAttempts
from flasknb.auth.passwords import hash_password
from flasknb.errors import TooManyAttempts
from tests.servers import Server, start_server

PASSWORD = "open sesame"
LIMIT = 5
TIMEOUT_S = 20.0


class Clock:
    """Time that moves when told."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Two workers, mounted, with a password."""
    config = tmp_path / "config"
    config.mkdir()
    (config / "jupyter_flasknb_config.py").write_text(
        f"c.PasswordIdentityProvider.hashed_password = {hash_password(PASSWORD)!r}\n"
        f"c.IdentityProvider.login_attempts_per_minute = {LIMIT}\n"
    )
    started = start_server("mounted", tmp_path)
    yield started
    started.stop()


def log_in(server: Server, secret: str) -> int:
    """Send the form in a new browser; the status of the answer."""
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), StayingHere(server)
    )
    with opener.open(f"{server.base_url}login", timeout=TIMEOUT_S) as page:
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page.read().decode())
    assert xsrf is not None
    form = urllib.parse.urlencode({"password": secret, "_xsrf": xsrf.group(1)}).encode()
    try:
        with opener.open(f"{server.base_url}login", form, timeout=TIMEOUT_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        refusal = error
    with refusal:
        assert secret not in refusal.read().decode()
        assert refusal.code != 429 or 0 < int(refusal.headers["Retry-After"]) <= WINDOW_S
        return refusal.code


class StayingHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a login that worked is a 302."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def redirect_request(self, *arguments: object) -> None:
        return None


def test_row_74_guesses_are_counted_by_all_workers_together(server: Server) -> None:
    with ThreadPoolExecutor(8) as guessers:
        statuses = list(guessers.map(lambda number: log_in(server, f"guess {number}"), range(20)))
    assert statuses.count(401) == LIMIT
    assert statuses.count(429) == 20 - LIMIT
    assert log_in(server, PASSWORD) == 429
    assert log_in(server, server.token) == 302


def test_row_74_a_right_password_forgives_the_typing_errors_before_it(server: Server) -> None:
    for _ in range(3):
        assert [log_in(server, "opne sesame") for _ in range(LIMIT - 1)] == [401] * (LIMIT - 1)
        assert log_in(server, PASSWORD) == 302


def test_row_74_after_a_minute_it_goes_on(tmp_path: Path) -> None:
    clock = Clock()
    attempts = LoginAttempts(tmp_path, LIMIT, clock)
    for _ in range(3):
        for _ in range(LIMIT):
            attempts.begin("192.0.2.1")
        with pytest.raises(TooManyAttempts, match="60 seconds"):
            attempts.begin("192.0.2.1")
        clock.now_s += WINDOW_S + 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "", True),
        ("unix:", "unix:", True),
    ],
)
def test_row_74_who_counts_as_one_address(tmp_path: Path, one: str, other: str, same: bool) -> None:
    attempts = LoginAttempts(tmp_path, 1)
    attempts.begin(one)
    if same:
        with pytest.raises(TooManyAttempts):
            attempts.begin(other)
    else:
        attempts.begin(other)


def test_row_74_a_clock_set_back_locks_nobody_out(tmp_path: Path) -> None:
    clock = Clock()
    attempts = LoginAttempts(tmp_path, 1, clock)
    attempts.begin("192.0.2.1")
    clock.now_s -= 10 * WINDOW_S
    attempts.begin("192.0.2.1")


def test_row_74_a_broken_database_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    attempts = LoginAttempts(tmp_path, 1)
    for _ in range(3):
        attempts.begin("192.0.2.1")
    attempts.forget("192.0.2.1")


def test_row_74_zero_means_no_limit(tmp_path: Path) -> None:
    attempts = LoginAttempts(tmp_path, 0)
    for _ in range(50):
        attempts.begin("192.0.2.1")
    assert not (tmp_path / FILE_NAME).exists()
