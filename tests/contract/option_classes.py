"""Every class whose options a user can set, in the order of the documentation."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from traitlets.config import Configurable

OPTION_CLASSES = (
    "flasknb.config.options.ServerApp",
    "flasknb.config.options.NotebookApp",
    "flasknb.auth.identity.IdentityProvider",
    "flasknb.auth.identity.PasswordIdentityProvider",
    "flasknb.contents.manager.ContentsManager",
    "flasknb.contents.filemanager.FileContentsManager",
    "flasknb.contents.checkpoints.FileCheckpoints",
    "flasknb.contents.trust.Trust",
    "flasknb.kernel_bridge.options.BaseKernelWebsocketConnection",
    "flasknb.kernel_bridge.options.ZMQChannelsWebsocketConnection",
    "flasknb.kernel_bridge.options.KernelSidecar",
    "flasknb.kernel_bridge.sidecar.managers.MappingKernelManager",
    "flasknb.kernel_bridge.sidecar.managers.ServerKernelManager",
    "flasknb.kernel_bridge.sidecar.managers.KernelRestarter",
    "flasknb.kernel_bridge.sidecar.sessions.SessionManager",
)


def option_classes() -> list[type[Configurable]]:
    """The classes themselves."""
    return [getattr(import_module(path.rpartition(".")[0]), path.rpartition(".")[2]) for path in OPTION_CLASSES]


def own_options(cls: type[Configurable]) -> dict[str, Any]:
    """Option name → trait, of those that ``cls`` declares itself; ``log`` and the like are not settable."""
    return dict(sorted(cls.class_own_traits(config=True).items()))
