"""The command line as options. Knows flags and aliases; what they mean is the option classes' matter."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets import Bool, Unicode
from traitlets.config import Application

from flasknb import __version__
from flasknb.auth.identity import IdentityProvider, PasswordIdentityProvider
from flasknb.config.options import NotebookApp, ServerApp


@dataclass(frozen=True)
class Arguments:
    """A parsed command line. ``options``: class name → option → value, for the loader's last layer."""

    options: dict[str, dict[str, Any]]
    config_file: Path | None
    answers_yes: bool
    log_level: int


class FlasknbCommand(Application):
    """The classic Jupyter notebook. Give a folder to serve, or a notebook to open."""

    name = "flasknb"
    version = __version__
    description = __doc__
    examples = "flasknb\nflasknb notebooks/ --port 9000 --no-browser\nflasknb analysis.ipynb"
    classes = [ServerApp, NotebookApp, IdentityProvider, PasswordIdentityProvider]  # noqa: RUF012 - traitlets' way
    config_file = Unicode("", help="Read this file instead of those on the Jupyter configuration path.").tag(
        config=True
    )
    answer_yes = Bool(False, help="Answer yes to every question.").tag(config=True)
    aliases = {  # noqa: RUF012
        "ip": "ServerApp.ip",
        "port": "ServerApp.port",
        "port-retries": "ServerApp.port_retries",
        "notebook-dir": "ServerApp.root_dir",
        "browser": "ServerApp.browser",
        "config": "FlasknbCommand.config_file",
        "log-level": "Application.log_level",
    }
    flags = {  # noqa: RUF012
        "debug": ({"Application": {"log_level": logging.DEBUG}}, "Log everything."),
        "no-browser": ({"ServerApp": {"open_browser": False}}, "Do not open a browser."),
        "allow-root": ({"ServerApp": {"allow_root": True}}, "Run as root."),
        "y": ({"FlasknbCommand": {"answer_yes": True}}, "Answer yes to every question."),
    }


class UnusablePlace(Exception):
    """The folder or file on the command line is not there."""


def parse(argv: list[str]) -> Arguments:
    """Read the arguments; prints and exits for ``--help`` and ``--version``.

    Raises:
        UnusablePlace: the folder or file does not exist.
        SystemExit: an argument makes no sense; the message is printed.
    """
    command = FlasknbCommand()
    command.log_level = logging.INFO
    command.parse_command_line(argv)
    options = {name: dict(section) for name, section in command.cli_config.items() if isinstance(section, dict)}
    for place in command.extra_args:
        options.setdefault("ServerApp", {}).update(_place_options(place, options.get("ServerApp", {})))
    for own in ("FlasknbCommand", "Application", "JupyterApp"):
        options.pop(own, None)
    file = Path(command.config_file).expanduser() if command.config_file else None
    return Arguments(options, file, command.answer_yes, int(command.log_level))


def _place_options(place: str, server: dict[str, Any]) -> dict[str, Any]:
    path = Path(place).expanduser().resolve()
    if path.is_dir():
        return {"root_dir": str(path)}
    if path.is_file():
        root = {} if "root_dir" in server else {"root_dir": str(path.parent)}
        return {**root, "file_to_run": str(path)}
    raise UnusablePlace(f"No such file or directory: {path}")
