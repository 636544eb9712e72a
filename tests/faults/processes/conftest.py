"""Sidecars and kernels for the faults of processes; the fixtures are those of ``tests/bridge``."""

from __future__ import annotations

from tests.bridge.conftest import bridge, count_tries, home, install_spec, join, jupyter_dirs, make_bridge, site, tries

__all__ = ["bridge", "count_tries", "home", "install_spec", "join", "jupyter_dirs", "make_bridge", "site", "tries"]
