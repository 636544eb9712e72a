"""``flasknb --generate-config``: a file with every option in a comment, to begin one's own settings with."""

from __future__ import annotations

import os
from pathlib import Path

from flasknb.cli.option_texts import file_of_every_option

FILE_NAME = "jupyter_flasknb_config.py"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600  # people put passwords there


class CannotWriteConfig(Exception):
    """The file was not written; the message says why."""


def write_config(file: Path | None, *, answers_yes: bool) -> Path:
    """Write the file, by default into Jupyter's configuration folder.

    Raises:
        CannotWriteConfig: it exists and shall stay, or its folder cannot be written to.
    """
    from jupyter_core.paths import jupyter_config_dir

    path = (file or Path(jupyter_config_dir()) / FILE_NAME).expanduser().absolute()
    if path.exists() and not answers_yes and not _may_replace(path):
        raise CannotWriteConfig(f"{path} stays as it is")
    try:
        path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        unfinished.touch(PRIVATE_FILE)
        unfinished.write_text(file_of_every_option(), "utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise CannotWriteConfig(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def _may_replace(path: Path) -> bool:
    try:
        return input(f"Overwrite {path} with the defaults? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
