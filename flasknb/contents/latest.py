"""Values kept by name for the next time, the latest ones, as many as some memory holds. Knows sizes, not values."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

KEPT_BYTES = 32 * 1024 * 1024  # of a worker


class Latest(Generic[T]):
    """The values that were kept last, the latest last. Any thread, without a lock: each step is one of a dict."""

    def __init__(self, limit_bytes: int = KEPT_BYTES) -> None:
        self.limit_bytes = limit_bytes
        self._kept: dict[str, tuple[T, int]] = {}

    def find(self, name: str) -> T | None:
        """What is kept under ``name``."""
        kept = self._kept.get(name)
        return None if kept is None else kept[0]

    def forget(self, name: str) -> None:
        """Keep nothing under ``name``."""
        self._kept.pop(name, None)

    def keep(self, name: str, value: T, size_bytes: int) -> None:
        """Keep ``value`` under ``name``, and forget the oldest where all together is too much."""
        self.forget(name)
        if size_bytes > self.limit_bytes:
            return
        self._kept[name] = (value, size_bytes)
        known = list(self._kept.items())
        total_bytes = sum(size for _, (_, size) in known)
        for oldest, (_, size) in known:
            if total_bytes <= self.limit_bytes:
                return
            self.forget(oldest)
            total_bytes -= size
