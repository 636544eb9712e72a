"""How many wrong passwords an address has sent lately: one small database, shared by all workers. Knows no passwords.

It slows guessing down and locks nobody out for long; the token, which cannot be guessed, is never held back by it.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import time

from flasknb.errors import TooManyAttempts

log = logging.getLogger(__name__)

FILE_NAME = "login-attempts.sqlite"
WINDOW_S = 60.0
LOCK_TIMEOUT_S = 1.0
IPV6_SITE_BITS = 64  # one customer has at least so much of it, so that single addresses would count for nothing
TABLE = "CREATE TABLE IF NOT EXISTS attempts (address TEXT NOT NULL, moment_s REAL NOT NULL)"


class LoginAttempts:
    """Counts tries per address over the last minute. Any thread, any process.

    Args:
        folder: private to the instance; the database is made there on the first try.
        limit: tries per minute and address; 0 for any number.
        clock_s: seconds since 1970.
    """

    def __init__(self, folder: Path, limit: int, clock_s: Callable[[], float] = time) -> None:
        self._path = folder / FILE_NAME
        self._limit = limit
        self._clock_s = clock_s

    def begin(self, address: str) -> None:
        """Count a try before it is judged, so that a hundred at once are a hundred.

        Raises:
            TooManyAttempts: there were too many; says how long to wait. This one was not counted.
        """
        if self._limit <= 0:
            return
        try:
            wait_s = self._count(_site_of(address), self._clock_s())
        except sqlite3.Error as error:  # a full disk must not keep people out
            log.warning("login attempts are not counted reason=%s", error)
            return
        if wait_s > 0:
            log.warning("login refused, too many attempts address=%r", address[:60])
            seconds = math.ceil(wait_s)
            raise TooManyAttempts(
                f"Too many wrong passwords came from your address. Try again in {seconds} seconds.",
                fields={"retry_after": str(seconds)},
            )

    def forget(self, address: str) -> None:
        """A try was right: those before it were typing errors."""
        try:
            with closing(self._open()) as database, database:
                database.execute("DELETE FROM attempts WHERE address = ?", (_site_of(address),))
        except sqlite3.Error as error:
            log.warning("login attempts are not forgotten reason=%s", error)

    def _count(self, address: str, now_s: float) -> float:
        """Seconds to wait; 0 when the try was counted."""
        with closing(self._open()) as database, database:
            database.execute("BEGIN IMMEDIATE")
            # a moment in the future: the clock was set back since
            database.execute("DELETE FROM attempts WHERE moment_s NOT BETWEEN ? AND ?", (now_s - WINDOW_S, now_s))
            oldest = "SELECT count(*), min(moment_s) FROM attempts WHERE address = ?"
            count, first_s = database.execute(oldest, (address,)).fetchone()
            if count >= self._limit:
                return float(first_s) + WINDOW_S - now_s
            database.execute("INSERT INTO attempts VALUES (?, ?)", (address, now_s))
            return 0.0

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, timeout=LOCK_TIMEOUT_S)
        database.execute(TABLE)
        return database


def _site_of(address: str) -> str:
    """``address``, or its network where one attacker has many addresses."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:60]
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, IPV6_SITE_BITS), strict=False))
