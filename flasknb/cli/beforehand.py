"""Gets what the first page needs while nobody waits: its visitor would wait a quarter of a second for it, and more."""

from __future__ import annotations

import logging

import gevent

from flasknb.blueprints.beforehand import preparations
from flasknb.config.options import ServerApp

log = logging.getLogger(__name__)

PAUSE_S = 0.25  # whoever waited for the server to come up asks first
BETWEEN_S = 0.01  # for requests that come meanwhile


def prepare_later(server: ServerApp) -> gevent.Greenlet:
    """Prepare in the pauses between requests. Costs 10 MB, which the first notebook would cost anyway."""
    return gevent.spawn_later(PAUSE_S, _prepare, server)


def _prepare(server: ServerApp) -> None:
    for step in preparations(server):
        try:
            step()
        except Exception as error:  # noqa: BLE001 - whoever needs it hears of it
            log.debug("not prepared reason=%r", error)
        gevent.sleep(BETWEEN_S)
