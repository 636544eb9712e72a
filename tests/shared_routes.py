"""Apps whose routes are compiled once: that is most of the work of making one, and the same for every test."""

from __future__ import annotations

import copy
import tempfile
from functools import cache

from flask import Flask

from flasknb import FlaskNB
from flasknb.blueprints.context import Services
from flasknb.testing import FakeBridge


@cache
def _mounted_app(base_url: str) -> Flask:
    app = Flask("host", static_folder=None)
    folder = tempfile.mkdtemp(prefix="flasknb-tests-")
    FlaskNB(make_bridge=lambda *_: FakeBridge(), root_dir=folder, token="unused").init_app(app, url_prefix=base_url)
    return app


def app_around(notebook: FlaskNB, base_url: str) -> tuple[Flask, Services]:
    """An app with ``notebook`` mounted at ``base_url``, and the services of that mount."""
    app = copy.copy(_mounted_app(base_url))
    services = notebook.make_services(app, url_prefix=base_url)
    app.extensions = {"flasknb": {services.name: services}}
    return app, services
