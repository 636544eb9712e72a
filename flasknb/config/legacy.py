"""Older and foreign names of options, moved to where they live here. Pure: works on plain nested dicts."""

from __future__ import annotations

import logging
from typing import Any

from flasknb.config.notices import Notice

Section = dict[str, Any]
Name = tuple[str, str]

LIMITS = "ZMQChannelsWebsocketConnection"
DEPRECATED: dict[Name, Name] = {
    ("ServerApp", "notebook_dir"): ("ServerApp", "root_dir"),
    ("ServerApp", "token"): ("IdentityProvider", "token"),
    ("ServerApp", "cookie_options"): ("IdentityProvider", "cookie_options"),
    ("ServerApp", "get_secure_cookie_kwargs"): ("IdentityProvider", "get_secure_cookie_kwargs"),
    ("ServerApp", "password"): ("PasswordIdentityProvider", "hashed_password"),
    ("ServerApp", "password_required"): ("PasswordIdentityProvider", "password_required"),
    ("ServerApp", "allow_password_change"): ("PasswordIdentityProvider", "allow_password_change"),
    ("ServerApp", "preferred_dir"): ("ContentsManager", "preferred_dir"),
    ("ServerApp", "iopub_data_rate_limit"): (LIMITS, "iopub_data_rate_limit"),
    ("ServerApp", "iopub_msg_rate_limit"): (LIMITS, "iopub_msg_rate_limit"),
    ("ServerApp", "rate_limit_window"): (LIMITS, "rate_limit_window"),
    ("ServerApp", "limit_rate"): (LIMITS, "limit_rate"),
    ("ServerApp", "kernel_ws_protocol"): (LIMITS, "kernel_ws_protocol"),
    ("KernelSpecManager", "whitelist"): ("KernelSpecManager", "allowed_kernelspecs"),
    ("GatewayClient", "env_whitelist"): ("GatewayClient", "allowed_envs"),
}
"""Spelling of earlier releases → today's. Each acts, and is said once."""

SAME: dict[Name, Name] = {
    ("FileContentsManager", "root_dir"): ("ServerApp", "root_dir"),
    ("ContentsManager", "root_dir"): ("ServerApp", "root_dir"),
    ("FileContentsManager", "preferred_dir"): ("ContentsManager", "preferred_dir"),
    ("NotebookApp", "nbserver_extensions"): ("ServerApp", "jpserver_extensions"),
    ("NotebookApp", "static_paths"): ("ServerApp", "extra_static_paths"),
    ("NotebookApp", "template_paths"): ("ServerApp", "extra_template_paths"),
    ("IdentityProvider", "hashed_password"): ("PasswordIdentityProvider", "hashed_password"),
    ("IdentityProvider", "password_required"): ("PasswordIdentityProvider", "password_required"),
    ("IdentityProvider", "allow_password_change"): ("PasswordIdentityProvider", "allow_password_change"),
}
"""Two names of one thing here."""

NOTEBOOK_APP_NAMES = ("NotebookAppTraits", "ExtensionApp")
KEPT_IN_NOTEBOOK_APP = frozenset(
    {
        *("config_file_name", "enable_mathjax", "extra_nbextensions_path", "handlers", "ignore_minified_js"),
        *("mathjax_config", "mathjax_url", "nbserver_extensions", "settings", "show_banner", "static_paths"),
        *("static_url_prefix", "template_paths"),
    }
)
CLASSIC_DECIDES = frozenset({"default_url", "log_format", "log_level", "open_browser"})
"""Where both classes set these, it is ``NotebookApp``, the more special one, that counts."""

SECTIONS: dict[str, str] = {
    "AsyncCheckpoints": "Checkpoints",
    "AsyncContentsManager": "ContentsManager",
    "AsyncFileCheckpoints": "FileCheckpoints",
    "GenericFileCheckpoints": "FileCheckpoints",
    "AsyncGenericFileCheckpoints": "FileCheckpoints",
    "AsyncFileContentsManager": "FileContentsManager",
    "AsyncLargeFileManager": "LargeFileManager",
    "IOLoopKernelManager": "AsyncKernelManager",
    "AsyncIOLoopKernelManager": "AsyncKernelManager",
    "IOLoopKernelRestarter": "KernelRestarter",
    "AsyncIOLoopKernelRestarter": "KernelRestarter",
    "LegacyIdentityProvider": "PasswordIdentityProvider",
}
"""Class of another server → ours that does its work. Nearer to the root first: a later one wins."""

MIXINS: dict[str, str] = {"FileManagerMixin": "FileContentsManager"}
"""Class above ours, whose options ours has itself."""


def modernised(config: dict[str, Any], notices: list[Notice] | None = None) -> dict[str, Any]:
    """``config`` (class name → option → value) with every older name moved; where both are set the newer one stays.

    Args:
        notices: what has to be said about that is appended here.
    """
    said = [] if notices is None else notices
    result: dict[str, Any] = {name: dict(section) for name, section in config.items() if isinstance(section, dict)}
    for name in NOTEBOOK_APP_NAMES:
        for option, value in result.pop(name, {}).items():
            result.setdefault("NotebookApp", {}).setdefault(option, value)
    moved = _move_from_notebook_app(result)
    for (section, option), target in DEPRECATED.items():
        if option in result.get(section, {}):
            written = "NotebookApp" if section == "ServerApp" and option in moved else section
            said.append(_deprecation(f"{written}.{option}", ".".join(target)))
    for (section, option), (new_section, new_option) in (DEPRECATED | SAME).items():
        if option in result.get(section, {}):
            value = result[section].pop(option)
            result.setdefault(new_section, {}).setdefault(new_option, value)
    return result


def with_our_sections(options: dict[str, Any]) -> dict[str, Any]:
    """``options`` with the classes of SECTIONS read as ours; the more special class wins, as it does there."""
    result = dict(options)
    for name, ours in MIXINS.items():
        if name in result:
            result[ours] = {**result.pop(name), **result.get(ours, {})}
    for name, ours in SECTIONS.items():
        if name in result:
            result[ours] = {**result.get(ours, {}), **result.pop(name)}
    return result


def _move_from_notebook_app(result: dict[str, Any]) -> set[str]:
    """Most options of ``NotebookApp`` are those of ``ServerApp``, whose name they had before there was a server app.

    Returns:
        Names of those that were moved, and are not beside what the same source sets for ``ServerApp``.
    """
    classic = result.get("NotebookApp", {})
    moved = {name for name in classic if name not in KEPT_IN_NOTEBOOK_APP}
    moved -= result.get("ServerApp", {}).keys()
    for option in [name for name in classic if name not in KEPT_IN_NOTEBOOK_APP]:
        value = classic.pop(option)
        server = result.setdefault("ServerApp", {})
        if option in CLASSIC_DECIDES:
            server[option] = value
        else:
            server.setdefault(option, value)
    return moved


def _deprecation(old: str, new: str) -> Notice:
    return Notice(logging.WARNING, f"{old} is the older name of {new}: it counts, and the newer name should be used.")
