"""The classic Jupyter notebook as a Flask application.

Stays lazy (PEP 562): ``flasknb.gunicorn_conf`` is imported before a gevent worker patches the standard library, and
importing it imports this file first. Nothing here may pull in Flask, ssl or threading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["FlaskNB", "__version__", "create_app"]

if TYPE_CHECKING:
    from flasknb.app import FlaskNB, create_app


def __getattr__(name: str) -> Any:
    if name in ("FlaskNB", "create_app"):
        from flasknb import app

        return getattr(app, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
