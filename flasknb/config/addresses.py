"""What an address to listen on means."""

from __future__ import annotations

import ipaddress


def is_loopback(ip: str) -> bool:
    """Whether listening on ``ip`` keeps the server on this machine."""
    if ip == "localhost":
        return True
    try:
        return ipaddress.ip_address(ip).is_loopback
    except ValueError:
        return False
