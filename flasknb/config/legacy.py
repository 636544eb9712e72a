"""Older names of options, moved to where they live now. Pure: works on plain nested dicts."""

from __future__ import annotations

from typing import Any

Section = dict[str, Any]

MOVED: dict[tuple[str, str], tuple[str, str]] = {
    ("ServerApp", "notebook_dir"): ("ServerApp", "root_dir"),
    ("FileContentsManager", "root_dir"): ("ServerApp", "root_dir"),
    ("ContentsManager", "root_dir"): ("ServerApp", "root_dir"),
    ("ServerApp", "token"): ("IdentityProvider", "token"),
    ("ServerApp", "cookie_options"): ("IdentityProvider", "cookie_options"),
    ("ServerApp", "password"): ("PasswordIdentityProvider", "hashed_password"),
    ("ServerApp", "password_required"): ("PasswordIdentityProvider", "password_required"),
    ("ServerApp", "iopub_data_rate_limit"): ("ZMQChannelsWebsocketConnection", "iopub_data_rate_limit"),
    ("ServerApp", "iopub_msg_rate_limit"): ("ZMQChannelsWebsocketConnection", "iopub_msg_rate_limit"),
    ("ServerApp", "rate_limit_window"): ("ZMQChannelsWebsocketConnection", "rate_limit_window"),
}
KEPT_IN_NOTEBOOK_APP = frozenset({"extra_nbextensions_path"})


def modernised(config: dict[str, Any]) -> dict[str, Any]:
    """``config`` (class name → option → value) with every older name moved; where both are set the newer one stays."""
    result: dict[str, Any] = {name: dict(section) for name, section in config.items() if isinstance(section, dict)}
    old_notebook = result.get("NotebookApp", {})
    for option in [name for name in old_notebook if name not in KEPT_IN_NOTEBOOK_APP]:
        result.setdefault("ServerApp", {}).setdefault(option, old_notebook.pop(option))
    for (section, option), (new_section, new_option) in MOVED.items():
        if option in result.get(section, {}):
            value = result[section].pop(option)
            result.setdefault(new_section, {}).setdefault(new_option, value)
    return result
