"""``flasknb nbextension``: install, remove, enable, disable and list what the pages load."""

from __future__ import annotations

from pathlib import Path

import click

from flasknb.cli.commands import locations
from flasknb.cli.commands.output import Problem, printable
from flasknb.config.files import BrokenConfigFile
from flasknb.extensions import enabling, nbextensions
from flasknb.extensions.locations import Choice, Location, system_location, user_location
from flasknb.extensions.packages import PackagedExtension, nbextensions_of

WHOSE = locations.options(locations.USER, locations.SYS_PREFIX, locations.SYSTEM)
WHERE = locations.options(
    locations.USER, locations.SYS_PREFIX, locations.SYSTEM, locations.PREFIX, locations.NBEXTENSIONS
)
SECTION = click.option(
    "--section", default="notebook", show_default=True, help=f"Page: {', '.join(enabling.SECTIONS)}."
)


@click.group("nbextension")
def nbextension() -> None:
    """Extensions of the pages, written in JavaScript."""


@nbextension.command("install")
@click.argument("names", nargs=-1, metavar="PATH|URL|PACKAGE")
@WHERE
@locations.PYTHON
@click.option("--destination", default="", metavar="NAME", help="Its name there. Default: as it is called.")
@click.option("--overwrite", is_flag=True, help="Remove first what has its name.")
@click.option("-s", "--symlink", is_flag=True, help="Make a link instead of a copy.")
def install(
    names: tuple[str, ...], *, choice: Choice, is_package: bool, destination: str, overwrite: bool, symlink: bool
) -> None:
    """Install an nbextension: a file, a folder, a .zip or .tar, a URL of one, or with --py a Python package.

    Only files that are newer are copied. Without a place it is installed for the whole machine (--system).
    """
    name = locations.only_one(names, "what to install")
    place = choice.location(system_location())
    if not is_package:
        nbextensions.install(
            name, place.nbextensions_dir, _say, destination=destination, overwrite=overwrite, symlink=symlink
        )
        return
    for extension in _extensions_of(name):
        target = nbextensions.install(
            str(extension.source),
            place.nbextensions_dir,
            _say,
            destination=extension.destination,
            overwrite=overwrite,
            symlink=symlink,
        )
        _say(f"- Installed: {target}")
        _validate(extension.require, [place.nbextensions_dir])
    _say("\n    To load it in the pages, say:\n")
    _say(f"      flasknb nbextension enable {name} --py{_same_place(choice)}\n")


@nbextension.command("uninstall")
@click.argument("names", nargs=-1, metavar="NAME|PACKAGE")
@WHERE
@locations.PYTHON
@click.option("--require", default="", metavar="NAME", help="What the pages load it as, if it is called otherwise.")
def uninstall(names: tuple[str, ...], *, choice: Choice, is_package: bool, require: str) -> None:
    """Remove an nbextension, and everything that says whether it is loaded.

    Without a place it is removed wherever Jupyter looks.
    """
    name = locations.only_one(names, "what to uninstall")
    places = _every_place() if choice.is_open else [choice.location(system_location())]
    found = _extensions_of(name) if is_package else []
    parts = [(one.destination, one.require) for one in found] or [(name, require or _require_of(name))]
    for installed, loaded in parts:
        was_there = nbextensions.uninstall(installed, [place.nbextensions_dir for place in places], _say)
        changed = [path for place in places for path in enabling.forget(place.config_dir, loaded)]
        for path in changed:
            _say(f"- Removed {printable(loaded)} from {path}")
        if not was_there and not changed:
            raise Problem(f"{printable(installed)} is not installed; `flasknb nbextension list` shows what is enabled.")


@nbextension.command("enable")
@click.argument("names", nargs=-1, metavar="NAME|PACKAGE")
@WHOSE
@locations.PYTHON
@SECTION
def enable(names: tuple[str, ...], *, choice: Choice, is_package: bool, section: str) -> None:
    """Have the pages load an nbextension, by the name they require it as. Default: for you alone (--user)."""
    _toggle(names, choice, is_package, section, is_enabled=True)


@nbextension.command("disable")
@click.argument("names", nargs=-1, metavar="NAME|PACKAGE")
@WHOSE
@locations.PYTHON
@SECTION
def disable(names: tuple[str, ...], *, choice: Choice, is_package: bool, section: str) -> None:
    """Have the pages not load an nbextension. Default: for you alone (--user)."""
    _toggle(names, choice, is_package, section, is_enabled=False)


@nbextension.command("list")
def list_nbextensions() -> None:
    """Which nbextensions are enabled or disabled, where, and whether their files are there."""
    _say("Known nbextensions:")
    for config_dir in _config_dirs():
        heading = [f"  config dir: {config_dir / enabling.OWN_FOLDER}"]
        for section in enabling.sections_in(config_dir):
            try:
                states = enabling.enabled_in(config_dir, section)
            except BrokenConfigFile as error:
                click.echo(f"    {printable(str(error))}", err=True)
                continue
            if states:
                heading.append(f"    {section} section")
                _say("\n".join(heading))
                heading = []
            for require, is_enabled in states.items():
                state = click.style("enabled", fg="green") if is_enabled else click.style("disabled", fg="red")
                _say(f"      {printable(require)} {state}")
                _validate(require, _folders(), indent="      ")


def _toggle(names: tuple[str, ...], choice: Choice, is_package: bool, section: str, *, is_enabled: bool) -> None:
    name = locations.only_one(names, "what to enable or disable")
    place = choice.location(user_location())
    parts = [(one.section, one.require) for one in _extensions_of(name)] if is_package else [(section, name)]
    for page, require in parts:
        verb = "Enabling" if is_enabled else "Disabling"
        _say(f"{verb} {page} extension {printable(require)}...")
        enabling.set_enabled(place.config_dir, page, require, is_enabled)
        if is_enabled:
            _validate(require, _folders())


def _extensions_of(package: str) -> list[PackagedExtension]:
    found = nbextensions_of(package)
    if not found:
        raise Problem(f"The Python package {package} has no nbextensions.")
    return found


def _validate(require: str, folders: list[Path], *, indent: str = "      ") -> None:
    if nbextensions.has_require(require, folders):
        _say(f"{indent}- Validating: {click.style('OK', fg='green')}")
    else:
        _say(f"{indent}- Validating: {click.style('problems found:', fg='yellow')}")
        _say(f"{indent}  - require? {click.style('X', fg='red')} {printable(require)}")


def _require_of(name: str) -> str:
    return name.removesuffix(".js")


def _same_place(choice: Choice) -> str:
    return " --user" * choice.user + " --sys-prefix" * choice.sys_prefix + " --system" * choice.system


def _folders() -> list[Path]:
    from jupyter_core.paths import jupyter_path

    return [Path(folder) for folder in jupyter_path("nbextensions")]


def _config_dirs() -> list[Path]:
    from jupyter_core.paths import jupyter_config_path

    return [Path(folder) for folder in dict.fromkeys(jupyter_config_path())]


def _every_place() -> list[Location]:
    """All folders of files, and all of settings; they need not come in pairs."""
    nowhere = Path("/nonexistent/jupyter")
    files = [Location(folder, nowhere) for folder in _folders()]
    return [*files, *(Location(nowhere, config_dir) for config_dir in _config_dirs())]


def _say(line: str) -> None:
    click.echo(line)
