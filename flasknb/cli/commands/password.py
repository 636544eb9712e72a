"""``flasknb password``: keeps the hash of a password in the user's own configuration file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from flasknb.auth.passwords import MAX_BYTES, password_complaint
from flasknb.cli.commands.output import Problem, printable, tell

TRIES = 3
ADVISED_CHARS = 10


@click.command("password")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the password from one line of standard input.")
def password(from_stdin: bool) -> None:
    """Choose the password that logs in, and keep its hash where every Jupyter server of yours looks.

    Servers that already run keep the password they started with: start them anew.
    """
    chosen = _one_line() if from_stdin else _ask()
    if len(chosen) < ADVISED_CHARS:
        tell(f"This password is short: {ADVISED_CHARS} characters or more are much harder to guess.")
    from jupyter_core.paths import jupyter_config_dir

    from flasknb.auth.password_file import keep_hash
    from flasknb.auth.passwords import hash_password

    hashed = hash_password(chosen)
    folder = Path(jupyter_config_dir())
    try:
        path = keep_hash(folder, hashed)
    except OSError as error:
        reason = error.strerror or error
        instead = "Set JUPYTER_CONFIG_DIR to a folder of yours"
        raise Problem(f"The password cannot be kept in {printable(str(folder))}: {reason}. {instead}") from error
    tell(f"Wrote hashed password to {printable(str(path))}")
    tell("Servers that already run keep the old one until they are started anew.")
    _warn_of_others(hashed)


def _ask() -> str:
    for _ in range(TRIES):
        first = _prompt("Enter password: ")
        if complaint := password_complaint(first):
            tell(complaint)
            continue
        if first == _prompt("Verify password: "):
            return first
        tell("Passwords do not match.")
    raise Problem(f"No password was set: {TRIES} tries.")


def _prompt(text: str) -> str:
    value: str = click.prompt(text, hide_input=True, prompt_suffix="", default="", show_default=False, err=True)
    return value


def _one_line() -> str:
    line = sys.stdin.readline(MAX_BYTES + 2).rstrip("\r\n")
    if complaint := password_complaint(line):
        raise Problem(complaint)
    return line


def _warn_of_others(hashed: str) -> None:
    """Say it when another place has the last word, or the token still lets everybody in who has it."""
    from flasknb.auth.identity import PasswordIdentityProvider
    from flasknb.auth.password_file import OPTION, SECTION
    from flasknb.config.loader import Sources, default_config_path, load

    config = load(Sources(config_path=default_config_path(), environ=os.environ))
    sections = [config[name] for name in (PasswordIdentityProvider.__name__, SECTION) if name in config]
    effective = next((section[OPTION] for section in sections if OPTION in section), None)
    if effective is not None and str(effective) != hashed:
        tell("Another file or FLASKNB_PASSWORD sets a password too, and has the last word: remove it there.")
