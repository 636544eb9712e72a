"""``flasknb bundlerextension``: enable, disable and list what "Download as" and "Deploy as" offer."""

from __future__ import annotations

from pathlib import Path

import click

from flasknb.cli.commands import locations
from flasknb.cli.commands.output import Problem, printable
from flasknb.config.files import BrokenConfigFile
from flasknb.extensions import enabling
from flasknb.extensions.locations import Choice, user_location
from flasknb.extensions.packages import bundlers_of

WHOSE = locations.options(locations.USER, locations.SYS_PREFIX, locations.SYSTEM)


@click.group("bundlerextension")
def bundlerextension() -> None:
    """Bundlers: what turns a notebook into a download or a deployment, written in Python."""


@bundlerextension.command("enable")
@click.argument("names", nargs=-1, metavar="PACKAGE")
@WHOSE
@locations.PYTHON
def enable(names: tuple[str, ...], *, choice: Choice, is_package: bool) -> None:
    """Offer the bundlers of a Python package. Default: for you alone (--user)."""
    _toggle(names, choice, is_package, is_enabled=True)


@bundlerextension.command("disable")
@click.argument("names", nargs=-1, metavar="PACKAGE")
@WHOSE
@locations.PYTHON
def disable(names: tuple[str, ...], *, choice: Choice, is_package: bool) -> None:
    """Offer the bundlers of a Python package no more. Default: for you alone (--user)."""
    _toggle(names, choice, is_package, is_enabled=False)


@bundlerextension.command("list")
def list_bundlers() -> None:
    """Which bundlers are enabled, and whether their modules can be imported."""
    from jupyter_core.paths import jupyter_config_path

    click.echo("Known bundlerextensions:")
    for config_dir in dict.fromkeys(map(Path, jupyter_config_path())):
        try:
            found = enabling.bundlers_in(config_dir)
        except BrokenConfigFile as error:
            click.echo(f"    {printable(str(error))}", err=True)
            continue
        if found:
            click.echo(f"  config dir: {config_dir / enabling.OWN_FOLDER}")
        for name, entry in found.items():
            click.echo(f"    {printable(name)} {click.style('enabled', fg='green')}")
            click.echo(f"      - {printable(str(entry.get('label', '')))} ({printable(str(entry.get('group', '')))})")
            _validate(str(entry.get("module_name", "")))


def _toggle(names: tuple[str, ...], choice: Choice, is_package: bool, *, is_enabled: bool) -> None:
    name = locations.only_one(names, "the Python package")
    if not is_package:
        raise Problem("Bundlers come in Python packages: say --py as well.")
    place = choice.location(user_location())
    bundlers = bundlers_of(name)
    if not bundlers:
        raise Problem(f"The Python package {name} has no bundlers.")
    for bundler in bundlers:
        click.echo(f"{'Enabling' if is_enabled else 'Disabling'} bundler {printable(bundler.name)}...")
        if is_enabled:
            _validate(bundler.module_name)
    enabling.set_bundlers(place.config_dir, bundlers, is_enabled=is_enabled)


def _validate(module_name: str) -> None:
    """Say whether the module is there, without running it."""
    import importlib.util

    try:
        is_there = importlib.util.find_spec(module_name) is not None
    except (ImportError, ValueError):
        is_there = False
    if is_there:
        click.echo(f"      - Validating: {click.style('OK', fg='green')}")
    else:
        click.echo(f"      - Validating: {click.style('problems found:', fg='yellow')}")
        click.echo(f"        - import? {click.style('X', fg='red')} {printable(module_name)}")
