"""A value for every option of the inventory, as a Python file, a flag and an environment variable write it."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flasknb.config.inventory import inventory

NAMED = {
    ("ServerApp", "base_url"): "/nb/",
    ("ServerApp", "webbrowser_open_new"): 1,
    ("ServerApp", "sock_mode"): "0660",
    ("ServerApp", "pylab"): "disabled",
    ("ServerApp", "tornado_settings"): {"headers": {"X-A": "b"}},
    ("ServerApp", "jinja_environment_options"): {"trim_blocks": True},
    ("ServerApp", "ssl_options"): {"ciphers": "HIGH"},
    ("ServerApp", "terminado_settings"): {"shell_command": ["/bin/sh"]},
    ("ServerApp", "cookie_options"): {"samesite": "Strict"},
    ("IdentityProvider", "cookie_options"): {"samesite": "Strict"},
    ("ServerApp", "contents_manager_class"): "flasknb.contents.filemanager.FileContentsManager",
    ("ServerApp", "config_manager_class"): "flasknb.config.sections.ConfigManager",
    ("ServerApp", "identity_provider_class"): "flasknb.auth.identity.IdentityProvider",
    ("ServerApp", "authorizer_class"): "flasknb.auth.authorizer.AllowAllAuthorizer",
    ("ServerApp", "websocket_compression_options"): {"level": 1},
    ("NotebookAppTraits", "jinja_environment_options"): {"trim_blocks": True},
    ("ContentsManager", "checkpoints_class"): "flasknb.contents.checkpoints.FileCheckpoints",
    ("ContentsManager", "post_save_hook"): "os.path.join",
    ("ContentsManager", "pre_save_hook"): "os.path.join",
    ("IdentityProvider", "updatable_fields"): ["name", "color"],
    ("KernelSpecManager", "kernel_spec_class"): "jupyter_client.kernelspec.KernelSpec",
    ("MultiKernelManager", "kernel_manager_class"): "flasknb.kernel_bridge.sidecar.managers.ServerKernelManager",
    ("MappingKernelManager", "untracked_message_types"): ["status"],
    ("GatewayClient", "url"): "http://gateway.example:8888",
    ("GatewayClient", "ws_url"): "wss://gateway.example:8889",
    ("GatewayClient", "headers"): '{"X-Team": "a"}',
    ("Session", "signature_scheme"): "hmac-sha512",
    ("TerminalsExtensionApp", "terminal_manager_class"): "flasknb.kernel_bridge.sidecar.terminals.TerminalManager",
}
KINDS: dict[str, Any] = {
    "int": 7,
    "float": 2.5,
    "str": "text",
    "bytes": b"abc",
    "list": ["one", "two"],
    "dict": {"one": "two"},
    "set": {"one", "two"},
    "hash": "sha512",
    "level": logging.DEBUG,
    "transport": "tcp",
    "encryption": "required",
    "import": "os.path.join",
    "class": "os.path.join",
    "any": "text",
}
CHECKPOINTS = "__import__('flasknb.contents.checkpoints').contents.checkpoints.FileCheckpoints()"
ONLY_IN_PYTHON = ("object", "handlers", "callable")


@dataclass(frozen=True)
class Sample:
    """``python``: an expression. ``flags``, ``variable``: text, ``None`` where only Python can give the value."""

    section: str
    option: str
    value: Any
    python: str
    flags: Sequence[str] | None
    variable: str | None

    @property
    def name(self) -> str:
        return f"{self.section}.{self.option}"


def samples() -> list[Sample]:
    """One for every option."""
    return [_sample(section, option, kind) for section, table in inventory().items() for option, kind in table.items()]


def _sample(section: str, option: str, kind: str) -> Sample:
    if kind in ONLY_IN_PYTHON:
        expression = {"handlers": "[]", "callable": "print", "object": CHECKPOINTS}[kind]
        return Sample(section, option, eval(expression), expression, None, None)
    value = NAMED.get((section, option), _other_than_default(section, option, kind))
    return Sample(section, option, value, repr(value), _flags(section, option, value), _variable(value))


def _other_than_default(section: str, option: str, kind: str) -> Any:
    if kind != "bool":
        return KINDS[kind]
    from tests.contract.option_pages import classes_by_name, target_of

    target_section, target = target_of(section, option)
    cls = classes_by_name().get(target_section)
    trait = cls.class_traits(config=True).get(target) if cls is not None else None
    return not (trait is not None and trait.default_value)


def _flags(section: str, option: str, value: Any) -> list[str]:
    name = f"--{section}.{option}"
    if isinstance(value, list | set):
        return (
            [f"{name}={one}" for one in sorted(value)] if isinstance(value, set) else [f"{name}={one}" for one in value]
        )
    if isinstance(value, dict):
        return [f"{name}={value}"]
    return [f"{name}={_variable(value)}"]


def _variable(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode()
    return repr(value) if isinstance(value, list | set | dict) else str(value)


def as_json(value: Any) -> str | None:
    """The value for a JSON file; ``None`` where it has no such form."""
    try:
        return json.dumps(value)
    except TypeError:
        return None
