"""What the first notebook page needs besides what every answer does, so that a server can get it while nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from flasknb.blueprints.rendering import prepare_page
from flasknb.blueprints.sockets import prepare_websockets
from flasknb.config.options import ServerApp

TEMPLATES = ("tree.html", "notebook.html")
NOTEBOOK_MODULES = ("referencing", "flasknb.contents.signatures")
"""The second is nbformat with all that it brings. It imports the first too, and is the shorter step for it."""


def preparations(server: ServerApp) -> Sequence[Callable[[], object]]:
    """Steps of at most a tenth of a second each. What one of them raises, the first visitor would hear."""
    imports = [lambda name=name: import_module(name) for name in NOTEBOOK_MODULES]
    pages = [lambda name=name: prepare_page(server, name) for name in TEMPLATES]
    websockets = [prepare_websockets] if server.certfile else []  # else the sidecar carries them
    return [*pages, *websockets, *imports]
