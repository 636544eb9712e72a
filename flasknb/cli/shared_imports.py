"""What gunicorn's master imports once for all its workers: they begin sooner, and much of their memory is the same.

Workers patch the standard library after that, in place. So nothing belongs here that has taken something out of it
which gevent replaces, or derives from that (``from select import select``); a test looks.

A reload (SIGHUP) brings workers that import everything anew, so that they run the code that is installed by then.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path

STANDARD_LIBRARY = Path(import_module("os").__file__ or "").parent
ROOTS = (
    *("gevent.events", "gevent.local", "gevent.selectors", "gevent.signal", "gevent.ssl", "gevent.subprocess"),
    "flasknb.app",
    "flasknb.cli.gunicorn_hooks",
    "flasknb.cli.direct_body",
    "flasknb.cli.one_piece",
    "flasknb.config.sections",
    "flasknb.contents.largefiles",
    "flasknb.kernel_bridge.client",
)
"""What every worker needs, beside the areas of ``flasknb.blueprints``. To import gevent's modules patches nothing."""

_shared: set[str] = set()
_is_outdated = False


def share_imports() -> None:
    """Import what every worker needs. In the master, before there are any."""
    import_module("flasknb.cli.logs.gunicorn_log")  # the master's own logger, which a reload does not renew
    before = set(sys.modules)
    is_enabled = gc.isenabled()
    gc.disable()  # nothing of it is garbage
    try:
        for name in (*ROOTS, *_areas()):
            import_module(name)
    finally:
        if is_enabled:
            gc.enable()
    _shared.update(_renewable(sys.modules.keys() - before))


def before_fork() -> None:
    """Have the garbage collector leave alone what is there, and with it the memory that workers share."""
    gc.freeze()


def outdate() -> None:
    """What was imported is not what workers from now on should run."""
    global _is_outdated  # noqa: PLW0603 - a fact about this process
    _is_outdated = True


def after_fork() -> None:
    """In a new worker: forget what is outdated, so that it is imported anew."""
    if _is_outdated:
        forget(_shared)
        _shared.clear()


def forget(names: Iterable[str]) -> None:
    """Have these modules imported anew; whoever has them keeps them."""
    for name in names:
        module = sys.modules.pop(name, None)
        package, _, own_name = name.rpartition(".")
        if package in sys.modules and vars(sys.modules[package]).get(own_name) is module:
            delattr(sys.modules[package], own_name)


def _areas() -> list[str]:
    blueprints = import_module("flasknb.blueprints")
    return [f"{blueprints.__name__}.{area}" for area in blueprints.AREAS]


def _renewable(names: Iterable[str]) -> set[str]:
    """Those that are Python source, and no part of Python itself: nothing else can be imported twice."""
    return {name for name in names if _is_source(getattr(sys.modules[name], "__spec__", None))}


def _is_source(spec: object) -> bool:
    loader, origin = getattr(spec, "loader", None), getattr(spec, "origin", None)
    if not isinstance(loader, SourceFileLoader) or not origin:
        return False
    path = Path(origin)
    return STANDARD_LIBRARY not in path.parents or "site-packages" in path.parts
