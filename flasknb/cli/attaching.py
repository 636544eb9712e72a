"""A server that starts tells the sidecar that is already running, so that its kernels are not taken for abandoned."""

from __future__ import annotations

import logging

from flasknb.blueprints.context import Services
from flasknb.errors import FlasknbError

log = logging.getLogger(__name__)


def attach(services: Services) -> None:
    """Attach to a running sidecar; starts none. A sidecar that does not answer is only worth a warning here."""
    try:
        if services.bridge.attach():
            services.away.start()
    except FlasknbError as error:
        log.warning("sidecar not reached mount=%s reason=%s", services.name, error.message)
