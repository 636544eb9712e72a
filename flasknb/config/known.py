"""Which classes and options there are, without importing those of the sidecar, which would bring zmq."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from traitlets.config import Configurable

from flasknb.config.inventory import documented_classes, inventory, lineage
from flasknb.config.option_classes import OPTION_CLASSES

OF_THE_SIDECAR = "flasknb.kernel_bridge.sidecar."
OF_OTHERS = {"NotebookNotary": "nbformat.sign.NotebookNotary"}

SIDECAR_OPTIONS: dict[str, tuple[str, ...]] = {
    "ServerKernelManager": ("use_ipykernel_launcher",),
    "TerminalManager": ("max_terminals", "replay_chars"),
}
"""Options of the sidecar's classes beyond the inventory; a test compares them with the classes."""


@cache
def known_classes() -> frozenset[str]:
    """Every class name that may stand in a file."""
    return frozenset([*documented_classes(), *(path.rpartition(".")[2] for path in OPTION_CLASSES)])


@cache
def known_options(section: str) -> frozenset[str]:
    """Every option that may stand below ``section``."""
    names: set[str] = set()
    for one in lineage(section):
        names |= {*inventory().get(one, ()), *SIDECAR_OPTIONS.get(one, ())}
        cls = web_class(one)
        names |= set(cls.class_trait_names(config=True)) if cls is not None else set()
    return frozenset(names)


@cache
def web_class(section: str) -> type[Configurable] | None:
    """Our class of that name, or the nearest above it, that web workers use; ``None`` for those of the sidecar."""
    ours = {path.rpartition(".")[2]: path for path in OPTION_CLASSES if not path.startswith(OF_THE_SIDECAR)}
    paths = ours | OF_OTHERS
    name = next((one for one in lineage(section) if one in paths), None)
    if name is None:
        return None
    module, _, attribute = paths[name].rpartition(".")
    found: type[Configurable] = getattr(import_module(module), attribute)
    return found


def web_trait(section: str, option: str) -> Any:
    """The trait that takes the option's value in this process; ``None`` where that happens in the sidecar."""
    for one in lineage(section):
        cls = web_class(one)
        trait = cls.class_traits(config=True).get(option) if cls is not None else None
        if trait is not None:
            return trait
    return None
