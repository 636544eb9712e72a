"""The words of the command line: flags that set an option by themselves, short names of options with a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Section = dict[str, Any]

# Each names the most special class that takes the option: what a file sets for that class would win over its base.
FLAGS: Mapping[str, tuple[dict[str, Section], str]] = {
    "debug": ({"ServerApp": {"log_level": "DEBUG"}}, "Log everything."),
    "lenient": (
        {"JupyterApp": {"lenient": True}},
        "Start in spite of broken files and wrong values.",
    ),
    "show-config": ({"Application": {"show_config": True}}, "Print what is set, and where."),
    "show-config-json": ({"Application": {"show_config_json": True}}, "The same as JSON."),
    "generate-config": ({"JupyterApp": {"generate_config": True}}, "Write a file with every option commented out."),
    "y": ({"JupyterApp": {"answer_yes": True}}, "Answer yes to every question; Control-C stops at once."),
    "allow-root": ({"ServerApp": {"allow_root": True}}, "Run as root."),
    "no-browser": ({"ServerApp": {"open_browser": False}}, "Do not open a browser."),
    "autoreload": ({"ServerApp": {"autoreload": True}}, "Start the web side anew when Python sources change."),
    "no-mathjax": ({"NotebookApp": {"enable_mathjax": False}}, "Show formulas as they are written."),
}
ALIASES: Mapping[str, str] = {
    "ip": "ServerApp.ip",
    "port": "ServerApp.port",
    "port-retries": "ServerApp.port_retries",
    "sock": "ServerApp.sock",
    "sock-mode": "ServerApp.sock_mode",
    "certfile": "ServerApp.certfile",
    "keyfile": "ServerApp.keyfile",
    "client-ca": "ServerApp.client_ca",
    "notebook-dir": "ServerApp.root_dir",
    "preferred-dir": "ContentsManager.preferred_dir",
    "browser": "ServerApp.browser",
    "transport": "KernelManager.transport",
    "log-level": "ServerApp.log_level",
    "config": "JupyterApp.config_file",
    "gateway-url": "GatewayClient.url",
}
SHORT: Mapping[str, str] = {"h": "help", "V": "version"}

WITHOUT_EFFECT: Mapping[str, str] = {
    "script": "--script does nothing any more: jupyter nbconvert --to script makes a script of a notebook",
    "no-script": "--no-script does nothing any more: no script is saved beside notebooks",
}
"""Flags of long ago that are taken and answered with a line."""

GONE: Mapping[str, str] = {
    "pylab": "--pylab is gone: run %pylab or %matplotlib in the notebook",
}
"""Words that stop the start, because going on without what they ask for would surprise."""
