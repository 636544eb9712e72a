"""Every class whose options a user can set, in the order of the documentation. Imports them only when asked."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from traitlets.config import Configurable

OPTION_CLASSES = (
    "flasknb.config.options.ServerApp",
    "flasknb.config.options.NotebookApp",
    "flasknb.config.applications.JupyterApp",
    "flasknb.config.applications.Application",
    "flasknb.auth.identity.IdentityProvider",
    "flasknb.auth.identity.PasswordIdentityProvider",
    "flasknb.contents.manager.ContentsManager",
    "flasknb.contents.filemanager.FileContentsManager",
    "flasknb.contents.checkpoints.FileCheckpoints",
    "flasknb.contents.trust.Trust",
    "flasknb.conversion.options.Conversion",
    "flasknb.config.sections.ConfigManager",
    "flasknb.kernel_bridge.options.BaseKernelWebsocketConnection",
    "flasknb.kernel_bridge.options.ZMQChannelsWebsocketConnection",
    "flasknb.kernel_bridge.options.KernelSidecar",
    "flasknb.kernel_bridge.limits.ResourceLimits",
    "flasknb.kernel_bridge.gateway_options.GatewayClient",
    "flasknb.kernel_bridge.gateway_options.GatewayWebSocketConnection",
    "flasknb.kernel_bridge.sidecar.managers.MappingKernelManager",
    "flasknb.kernel_bridge.sidecar.managers.ServerKernelManager",
    "flasknb.kernel_bridge.sidecar.managers.KernelRestarter",
    "flasknb.kernel_bridge.sidecar.sessions.SessionManager",
    "flasknb.kernel_bridge.sidecar.terminals.TerminalManager",
    "flasknb.kernel_bridge.sidecar.terminals.TerminalsExtensionApp",
)
OF_OTHERS = (
    "jupyter_events.EventLogger",
    "jupyter_client.kernelspec.KernelSpecManager",
    "jupyter_client.provisioning.factory.KernelProvisionerFactory",
    "jupyter_client.session.Session",
    "nbformat.sign.NotebookNotary",
)
"""Classes that are used as they are."""


def option_classes() -> list[type[Configurable]]:
    """The classes themselves; imports every service, those of the sidecar too."""
    return [getattr(import_module(path.rpartition(".")[0]), path.rpartition(".")[2]) for path in OPTION_CLASSES]


def own_options(cls: type[Configurable]) -> dict[str, Any]:
    """Option name → trait, of those that ``cls`` adds to the classes above it whose names a file can use.

    Classes that only group options (no ``Configurable``) have no name of their own there.
    """
    bases = [base.class_traits() for base in cls.__mro__[1:] if issubclass(base, Configurable)]
    found = cls.class_traits(config=True)
    return {name: found[name] for name in sorted(found) if all(base.get(name) is not found[name] for base in bases)}


def every_class() -> dict[str, type[Configurable]]:
    """Class name → class: ours, those of others, and the classes they inherit options from."""
    others = [getattr(import_module(path.rpartition(".")[0]), path.rpartition(".")[2]) for path in OF_OTHERS]
    bases = (base for cls in [*option_classes(), *others] for base in cls.__mro__ if issubclass(base, Configurable))
    return {base.__name__: base for base in bases}
