"""Options in environment variables, and those of a host app's config that have the same names.

``FLASKNB_PORT`` is a short name; ``FLASKNB_FileContentsManager__delete_to_trash`` any option of any class, also written
all in capitals. Jupyter's own variables replace defaults.
"""

from __future__ import annotations

import json
import os
from ast import literal_eval
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from traitlets.config.loader import DeferredConfigString

from flasknb.config.inventory import documented_classes, inventory, kind_of
from flasknb.config.option_classes import OPTION_CLASSES
from flasknb.config.options import ServerApp

Name = tuple[str, str]

TEXT_KINDS = ("str", "bytes", "import", "class")
PREFIX = "FLASKNB_"
BETWEEN = "__"
GATEWAY_VARIABLES = (
    *("URL", "WS_URL", "KERNELS_ENDPOINT", "KERNELSPECS_ENDPOINT", "KERNELSPECS_RESOURCE_ENDPOINT", "CONNECT_TIMEOUT"),
    *("REQUEST_TIMEOUT", "CLIENT_KEY", "CLIENT_CERT", "CA_CERTS", "HTTP_USER", "HTTP_PWD", "HEADERS"),
    *("AUTH_HEADER_KEY", "AUTH_TOKEN", "AUTH_SCHEME", "VALIDATE_CERT", "ALLOWED_ENVS", "LAUNCH_TIMEOUT_PAD"),
    "ACCEPT_COOKIES",
)
GATEWAY_RETRIES = ("RETRY_INTERVAL", "RETRY_INTERVAL_MAX", "RETRY_MAX", "TOKEN_RENEWER_CLASS")
JUPYTER_VARIABLES: dict[str, Name] = {
    "JUPYTER_PORT": ("ServerApp", "port"),
    "JUPYTER_PORT_RETRIES": ("ServerApp", "port_retries"),
    "JUPYTER_DEFAULT_PROVISIONER_NAME": ("KernelProvisionerFactory", "default_provisioner_name"),
    "JUPYTER_GATEWAY_ENV_WHITELIST": ("GatewayClient", "allowed_envs"),
    **{f"JUPYTER_GATEWAY_{name}": ("GatewayClient", name.lower()) for name in GATEWAY_VARIABLES},
    **{f"JUPYTER_GATEWAY_{name}": ("GatewayClient", f"gateway_{name.lower()}") for name in GATEWAY_RETRIES},
    "GATEWAY_WS_PING_INTERVAL_SECS": ("GatewayClient", "ws_ping_interval"),
}
SHORT_NAMES: dict[str, Name] = {
    **{name: ("ServerApp", name) for name in inventory()["ServerApp"]},
    **{name: ("ServerApp", name) for name in ServerApp.class_trait_names(config=True)},
    "token": ("IdentityProvider", "token"),
    "password": ("PasswordIdentityProvider", "hashed_password"),
    "hashed_password": ("PasswordIdentityProvider", "hashed_password"),
    "password_required": ("PasswordIdentityProvider", "password_required"),
    "cookie_name": ("IdentityProvider", "cookie_name"),
    "cookie_options": ("IdentityProvider", "cookie_options"),
    "secure_cookie": ("IdentityProvider", "secure_cookie"),
}
OUR_OWN = frozenset({"FLASKNB_ARGV", "FLASKNB_GUNICORN", "FLASKNB_NOTICES_SAID"})
"""Variables that are no options: they go between our processes."""


def from_jupyter(environ: Mapping[str, str]) -> dict[str, Any]:
    """What Jupyter's variables set; empty ones count as unset."""
    result: dict[str, Any] = {}
    for variable, (section, option) in JUPYTER_VARIABLES.items():
        if environ.get(variable):
            result.setdefault(section, {})[option] = DeferredConfigString(environ[variable])
    return result


def from_prefixed(values: Mapping[str, Any], *, from_text: bool) -> dict[str, Any]:
    """What ``FLASKNB_…`` names set; other names with that beginning are left to whoever knows them."""
    result: dict[str, Any] = {}
    for key, value in values.items():
        name = option_named(key)
        if name is not None:
            section, option = name
            result.setdefault(section, {})[option] = _read(name, value) if from_text else plain(value)
    return result


def option_named(key: str) -> Name | None:
    """Class and option of ``FLASKNB_ROOT_DIR`` or ``FLASKNB_ServerApp__root_dir``; ``None`` for other names."""
    if not key.startswith(PREFIX) or key in OUR_OWN:
        return None
    name = key[len(PREFIX) :]
    section, between, option = name.partition(BETWEEN)
    if between and section and option:
        return _class_spellings().get(section.lower(), section), option.lower()
    return SHORT_NAMES.get(name.lower())


def misspelt(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Variables that look like an option of ours but are none, each with the nearest name that is one."""
    for key in environ:
        if key.startswith(PREFIX) and key not in OUR_OWN and option_named(key) is None:
            near = get_close_matches(key[len(PREFIX) :].lower(), SHORT_NAMES, n=1, cutoff=0.75)
            if near:
                yield key, PREFIX + near[0].upper()


def plain(value: Any) -> Any:
    """``value`` with paths as text."""
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def _read(name: Name, text: str) -> Any:
    """Text whose type the option's class knows; a list or a dict as JSON or Python have it, where the option is one."""
    is_container = text[:1] + text[-1:] in ("[]", "{}", "()") and kind_of(*name) not in TEXT_KINDS
    for read in (json.loads, literal_eval) if is_container else ():
        try:
            return read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return DeferredConfigString(text)


@cache
def _class_spellings() -> dict[str, str]:
    """Lower case → class name, for environments and host configs that are all in capitals."""
    ours = [path.rpartition(".")[2] for path in OPTION_CLASSES]
    return {name.lower(): name for name in [*documented_classes(), *ours]}
