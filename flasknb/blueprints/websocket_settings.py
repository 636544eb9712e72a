"""How websockets of this mount are kept alive and whether they are compressed, from the names users know."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from flasknb.blueprints.context import services
from flasknb.kernel_bridge.options import ZMQChannelsWebsocketConnection

log = logging.getLogger(__name__)

PINGS_MISSED = 3  # before a page counts as gone, where nobody says how long that takes
LEAST_PINGS_MISSED = 1.5  # a shorter time-out would end websockets before their first ping


def websocket_settings() -> dict[str, Any]:
    """``ping_interval_s``, ``ping_timeout_s`` and ``compression`` of a ``WebSocket``."""
    server, options = services().settings.server, ZMQChannelsWebsocketConnection(config=services().settings.config)
    old: Mapping[str, Any] = server.tornado_settings
    interval_s = (
        _seconds("websocket_ping_interval", server.websocket_ping_interval)
        or _seconds("ws_ping_interval", old.get("ws_ping_interval"), per_second=1000)
        or options.websocket_ping_interval_s
    )
    timeout_s = (
        _seconds("websocket_ping_timeout", server.websocket_ping_timeout)
        or _seconds("ws_ping_timeout", old.get("ws_ping_timeout"), per_second=1000)
        or max(options.websocket_ping_timeout_s, PINGS_MISSED * interval_s)
    )
    compression = server.websocket_compression_options
    return {
        "ping_interval_s": interval_s,
        "ping_timeout_s": max(timeout_s, LEAST_PINGS_MISSED * interval_s),
        "compression": compression if isinstance(compression, Mapping) else None,
    }


def _seconds(name: str, value: Any, *, per_second: int = 1) -> float:
    """``value`` in seconds; 0 where nothing is set, or nothing that makes sense."""
    try:
        seconds = float(value or 0) / per_second
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        log.warning("option ignored, it is no time: %s=%r", name, value)
        return 0.0
    return seconds
