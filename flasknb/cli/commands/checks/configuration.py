"""Can every configuration file be read, and by whom can it be changed?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from flasknb.cli.commands.checks.finding import Finding, Patient, ok, problem
from flasknb.config.files import BrokenConfigFile, find_files, find_snippets, read_file
from flasknb.config.json_files import read_object
from flasknb.config.loader import default_config_path
from flasknb.extensions.enabling import OWN_FOLDER, PAGES_FOLDER

TRUSTED_OWNERS = (0,)


def check_configuration(patient: Patient) -> Iterator[Finding]:
    """Files that set options, those that pages keep, and the options they add up to."""
    folders = default_config_path()
    files = [*find_files(folders), *find_snippets(folders)]
    broken = [finding for path in files for finding in check_file(path)]
    broken += [finding for path in _section_files(folders) for finding in check_object(path)]
    yield from broken
    if patient.complaint and not broken:
        yield problem(patient.complaint, "Correct the option, where the sentence says it is set.")
    if not broken and not patient.complaint:
        yield ok(f"Configuration files read: {', '.join(map(str, files)) or 'none'}")


def check_file(path: Path) -> Iterator[Finding]:
    """One file of options."""
    yield from check_writers(path)
    try:
        read_file(path)
    except BrokenConfigFile as error:
        yield problem(f"Broken configuration file: {error}.", f"Correct {path}, or move it away.")


def check_object(path: Path) -> Iterator[Finding]:
    """One file that pages and extensions keep their settings in."""
    try:
        read_object(path)
    except BrokenConfigFile as error:
        yield problem(f"Broken file of page settings: {error}.", f"Correct {path}, or remove it: it is passed over.")


def check_writers(path: Path) -> Iterator[Finding]:
    """Whoever can write a configuration file runs code as us."""
    try:
        status = path.stat()
    except OSError:
        return
    if status.st_mode & 0o002:
        yield problem(f"Everybody can write to {path}, and so run code as you.", f"chmod o-w {path}")
    if status.st_uid not in (os.geteuid(), *TRUSTED_OWNERS):
        yield problem(
            f"{path} belongs to another user, who can run code as you by it.",
            f"chown it to yourself, or remove it: {path}",
        )


def _section_files(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        for kind in (OWN_FOLDER, PAGES_FOLDER):
            yield from sorted((folder / kind).glob("*.json"))
            yield from sorted((folder / kind).glob("*.d/*.json"))
