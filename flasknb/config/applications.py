"""The classes that Jupyter's applications have in common; an option set for them counts for ``ServerApp`` too."""

from __future__ import annotations

import logging
from typing import Any

from traitlets import Bool, Dict, Int, TraitError, Unicode, Union, validate
from traitlets.config import Configurable

LEVELS = {name: getattr(logging, name) for name in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")} | {
    "NOTSET": 0,
    "WARN": logging.WARNING,
}


class Application(Configurable):
    """Logging, and what is printed instead of a start."""

    log_level = Union(
        [Int(), Unicode()],
        default_value=logging.INFO,
        help="Lowest level that is logged: a name such as DEBUG, or a number.",
    ).tag(config=True)
    log_format = Unicode(
        "", help="Form of a log line, as Python's logging has it. Default: [I date time package] message."
    ).tag(config=True)
    log_datefmt = Unicode("%Y-%m-%d %H:%M:%S", help="Form of the date in a log line.").tag(config=True)
    logging_config = Dict(
        help="Further handlers, formatters and loggers, as Python's logging.config.dictConfig takes them."
    ).tag(config=True)
    show_config = Bool(False, help="Print what is set, and from where, instead of starting.").tag(config=True)
    show_config_json = Bool(False, help="The same as JSON.").tag(config=True)

    @validate("log_level")
    def _is_level(self, proposal: dict[str, Any]) -> int:
        value = proposal["value"]
        if isinstance(value, str):
            level = int(value) if value.isdigit() else LEVELS.get(value.upper())
            if level is None:
                raise TraitError(f"log_level must be one of {', '.join(LEVELS)} or a number, not {value!r}")
            return int(level)
        return int(value)


class JupyterApp(Application):
    """Files that are read, and questions that are asked."""

    answer_yes = Bool(False, help="Answer yes to every question.").tag(config=True)
    config_file = Unicode("", help="Read this file instead of those on the Jupyter configuration path.").tag(
        config=True
    )
    config_file_name = Unicode("", help="Name, without its ending, of further files to read from that path.").tag(
        config=True
    )
    lenient = Bool(
        False, help="Start also with broken configuration files and wrong values: they are left out, with a warning."
    ).tag(config=True)
    generate_config = Bool(False, help="Write a file with every option commented out, instead of starting.").tag(
        config=True
    )
