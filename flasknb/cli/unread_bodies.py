"""Has gunicorn read only some of a body that nobody wants, see ``flasknb.lingering``."""

from __future__ import annotations

from time import monotonic

from flasknb.lingering import LINGER_BYTES, LINGER_S


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
