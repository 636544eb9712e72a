"""What is read of a body once its request is answered, as a refused upload: some more, then the connection ends.

Without reading on, a client that sends everything before it listens would find its connection broken instead of the
answer. Without a bound, a server would take ten gigabytes to no end, also from strangers.
"""

from __future__ import annotations

from time import monotonic

LINGER_BYTES = 16 * 1024 * 1024
LINGER_S = 5.0


def end_unread_bodies() -> None:
    """From now on, for this process's HTTP/1 requests under gunicorn."""
    from gunicorn import http
    from gunicorn.http.parser import RequestParser

    class LingeringParser(RequestParser):  # type: ignore[misc]
        """gunicorn's own; what it is told to drop without a bound has one."""

        def finish_body(self, deadline: float | None = None, max_bytes: int | None = None) -> bool:
            """Whether the body has been read to its end; if not, the connection closes."""
            ends_s = monotonic() + LINGER_S if deadline is None else deadline
            whole: bool = super().finish_body(ends_s, LINGER_BYTES if max_bytes is None else max_bytes)
            return whole

    http.RequestParser = LingeringParser
