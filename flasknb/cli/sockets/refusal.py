"""The error of everything that keeps the command from listening."""

from __future__ import annotations


class CannotListen(Exception):
    """No socket could be had; the message says which, why, and what to do."""
