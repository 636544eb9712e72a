"""What the command prints or writes instead of serving: options as they are set, or a file to set them in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from traitlets.config import Config

from flasknb.cli.arguments import Arguments
from flasknb.config.loader import Sources, default_config_path, gather
from flasknb.config.notices import say
from flasknb.config.options import ServerApp
from flasknb.config.variables import from_prefixed

SECTIONS = ("Application", "JupyterApp", "ServerApp")
ASKING = ("generate_config", "show_config", "show_config_json")


def wanted_instead(arguments: Arguments) -> str | None:
    """The text to print instead of serving, after doing what was asked for; ``None`` when the server is wanted.

    Raises:
        BrokenConfigFile, UnknownOption, BadOption: as ``config.loader.gather``.
        CannotWriteConfig: as ``generate_config.write_config``.
    """
    asked = ServerApp(config=Config(_asking(arguments.options, from_prefixed(os.environ, from_text=True))))
    if asked.generate_config:
        from flasknb.cli.generate_config import write_config

        file = Path(asked.config_file) if asked.config_file else None
        return f"Wrote every option, commented out, to {write_config(file, answers_yes=asked.answer_yes)}"
    if asked.show_config or asked.show_config_json:
        return shown_config(arguments, as_json=asked.show_config_json)
    return None


def shown_config(arguments: Arguments, *, as_json: bool) -> str:
    """Everything that is set for this command line. Raises as ``wanted_instead``."""
    from flasknb.cli.show_config import config_as_json, config_as_text

    gathered = gather(
        Sources(
            config_path=default_config_path(),
            config_file=arguments.config_file,
            environ=os.environ,
            command_line=arguments.options,
        )
    )
    say(gathered.notices)
    return config_as_json(gathered) if as_json else config_as_text(gathered)


def _asking(*sources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of each source, the options that this module acts on."""
    wanted = {*ASKING, "answer_yes", "config_file"}
    result: dict[str, dict[str, Any]] = {}
    for source in reversed(sources):
        for section in SECTIONS:
            found = {name: value for name, value in source.get(section, {}).items() if name in wanted}
            result.setdefault(section, {}).update(found)
    return result
