"""Where log lines go and how they look: the logging options, as Python's ``dictConfig``."""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Mapping
from typing import Any

from flasknb.cli.logs.form import DATE_FORM, LINE_FORM, SHOWN_NAME, wants_colors
from flasknb.config.applications import Application

OUR_NAMES = (SHOWN_NAME, "NotebookApp", "ExtensionApp", "JupyterNotebookApp")
"""What files made for other servers call the logger that is ``flasknb`` here."""

Section = dict[str, Any]


class BadLogging(Exception):
    """``logging_config`` or a format that Python's logging does not take; the message says why."""


def log_to_terminal(level: int = logging.INFO) -> None:
    """Send every log of this process to standard error, until the options are known."""
    logging.config.dictConfig(_base(level, LINE_FORM, DATE_FORM))


def configure_logging(options: Application) -> None:
    """Log as ``options`` say. Raises BadLogging."""
    base = _base(int(options.log_level), options.log_format or LINE_FORM, options.log_datefmt or DATE_FORM)
    try:
        logging.config.dictConfig(merged(base, _renamed(options.logging_config)))
    except (ValueError, TypeError, AttributeError, ImportError, KeyError) as error:
        log_to_terminal()
        reason = error.__cause__ or error
        raise BadLogging(f"The logging options cannot be used: {reason}") from error


def is_configured() -> bool:
    """Whether somebody has set up logging in this process already: a host site, for example."""
    return bool(logging.getLogger().handlers)


def merged(base: Section, changes: Mapping[str, Any]) -> Section:
    """``base`` with ``changes`` put over it, sections deeply."""
    result = dict(base)
    for name, value in changes.items():
        known = result.get(name)
        result[name] = merged(known, value) if isinstance(known, dict) and isinstance(value, Mapping) else value
    return result


def _base(level: int, form: str, date_form: str) -> Section:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "console": {
                "()": "flasknb.cli.logs.form.LogFormat",
                "fmt": form,
                "datefmt": date_form,
                "is_colored": wants_colors(),
            }
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "console",
                "level": level,
                "stream": "ext://sys.stderr",
            }
        },
        # ours does not pass its lines on, or a handler that a user adds to it would have each line twice
        "loggers": {"flasknb": {"level": level, "handlers": ["console"], "propagate": False}},
        "root": {"level": max(level, logging.INFO), "handlers": ["console"]},
    }


def _renamed(given: Mapping[str, Any]) -> Section:
    """``given`` with the loggers of other servers' names as ours."""
    loggers = dict(given.get("loggers") or {})
    for name in OUR_NAMES:
        if name in loggers:
            loggers["flasknb"] = merged(loggers.get("flasknb", {}), loggers.pop(name))
    return {**given, "loggers": loggers} if loggers else dict(given)
