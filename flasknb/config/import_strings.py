"""Classes of Jupyter's servers, named in users' files, as the classes here that do their work. Pure."""

from __future__ import annotations

import inspect
from typing import Any

FOREIGN_PACKAGES = ("jupyter_server", "notebook", "nbclassic", "jupyter_server_terminals")
KERNEL_CLIENT = "jupyter_client"

OURS: dict[str, str] = {
    "AllowAllAuthorizer": "flasknb.auth.authorizer.AllowAllAuthorizer",
    "Authorizer": "flasknb.auth.authorizer.Authorizer",
    "IdentityProvider": "flasknb.auth.identity.IdentityProvider",
    "LegacyIdentityProvider": "flasknb.auth.identity.PasswordIdentityProvider",
    "PasswordIdentityProvider": "flasknb.auth.identity.PasswordIdentityProvider",
    "ContentsManager": "flasknb.contents.manager.ContentsManager",
    "AsyncContentsManager": "flasknb.contents.manager.ContentsManager",
    "FileContentsManager": "flasknb.contents.filemanager.FileContentsManager",
    "AsyncFileContentsManager": "flasknb.contents.filemanager.FileContentsManager",
    "LargeFileManager": "flasknb.contents.largefiles.LargeFileManager",
    "AsyncLargeFileManager": "flasknb.contents.largefiles.LargeFileManager",
    "Checkpoints": "flasknb.contents.checkpoints.Checkpoints",
    "AsyncCheckpoints": "flasknb.contents.checkpoints.Checkpoints",
    "FileCheckpoints": "flasknb.contents.checkpoints.FileCheckpoints",
    "AsyncFileCheckpoints": "flasknb.contents.checkpoints.FileCheckpoints",
    "GenericFileCheckpoints": "flasknb.contents.checkpoints.FileCheckpoints",
    "AsyncGenericFileCheckpoints": "flasknb.contents.checkpoints.FileCheckpoints",
    "ConfigManager": "flasknb.config.sections.ConfigManager",
    "MappingKernelManager": "flasknb.kernel_bridge.sidecar.managers.AsyncMappingKernelManager",
    "AsyncMappingKernelManager": "flasknb.kernel_bridge.sidecar.managers.AsyncMappingKernelManager",
    "ServerKernelManager": "flasknb.kernel_bridge.sidecar.managers.ServerKernelManager",
    "SessionManager": "flasknb.kernel_bridge.sidecar.sessions.SessionManager",
    "BaseKernelWebsocketConnection": "flasknb.kernel_bridge.options.BaseKernelWebsocketConnection",
    "ZMQChannelsWebsocketConnection": "flasknb.kernel_bridge.options.ZMQChannelsWebsocketConnection",
    "TerminalManager": "flasknb.kernel_bridge.sidecar.terminals.TerminalManager",
}
KERNEL_MANAGERS = ("KernelManager", "AsyncKernelManager", "IOLoopKernelManager", "AsyncIOLoopKernelManager")


def dotted(value: Any) -> str:
    """The import string of a class, or the string that was given instead; ``""`` for anything else."""
    if inspect.isclass(value):
        return f"{value.__module__}.{value.__qualname__}"
    return value if isinstance(value, str) else ""


def our_class(value: Any) -> Any:
    """Our class of the same name for a class of Jupyter's servers; other values as they are.

    Raises:
        LookupError: that class has no counterpart here.
    """
    name = dotted(value)
    package, short = name.partition(".")[0], name.rpartition(".")[2]
    if package == KERNEL_CLIENT and short in KERNEL_MANAGERS:
        return OURS["ServerKernelManager"]
    if package not in FOREIGN_PACKAGES:
        return value
    if short not in OURS:
        raise LookupError(name)
    return OURS[short]
