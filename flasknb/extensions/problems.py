"""What can be wrong with an extension that somebody installs or enables."""

from __future__ import annotations


class UnusableExtension(Exception):
    """It cannot be installed, removed, enabled or disabled; the sentence says why and what to do."""
