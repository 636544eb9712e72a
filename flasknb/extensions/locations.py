"""Where extensions are installed and enabled: for one user, for one Python, for the machine, or in a named folder."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from flasknb.extensions.problems import UnusableExtension

SYSTEM_DATA_DIR = Path("/usr/local/share/jupyter")
SYSTEM_CONFIG_DIR = Path("/usr/local/etc/jupyter")
FOLDER = "nbextensions"


@dataclass(frozen=True)
class Location:
    """One place. ``nbextensions_dir`` holds the files, ``config_dir`` what is enabled."""

    nbextensions_dir: Path
    config_dir: Path


def user_location() -> Location:
    """The user's own folders."""
    from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir

    return Location(Path(jupyter_data_dir()) / FOLDER, Path(jupyter_config_dir()))


def sys_prefix_location() -> Location:
    """Those of the running Python."""
    return _prefixed(Path(sys.prefix))


def system_location() -> Location:
    """Those of the machine."""
    return Location(SYSTEM_DATA_DIR / FOLDER, SYSTEM_CONFIG_DIR)


@dataclass(frozen=True)
class Choice:
    """What the command line says about the place; at most one of them may be set."""

    user: bool = False
    sys_prefix: bool = False
    system: bool = False
    prefix: str = ""
    nbextensions: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing is said."""
        return not any(self._given())

    def location(self, default: Location) -> Location:
        """The chosen place. Raises UnusableExtension when more than one is named."""
        if sum(map(bool, self._given())) > 1:
            raise UnusableExtension("Say one of --user, --sys-prefix, --system, --prefix and --nbextensions")
        if self.user:
            return user_location()
        if self.sys_prefix:
            return sys_prefix_location()
        if self.system:
            return system_location()
        if self.prefix:
            return _prefixed(Path(self.prefix).expanduser())
        if self.nbextensions:
            return Location(Path(self.nbextensions).expanduser(), default.config_dir)
        return default

    def _given(self) -> tuple[bool | str, ...]:
        return (self.user, self.sys_prefix, self.system, self.prefix, self.nbextensions)


def _prefixed(prefix: Path) -> Location:
    return Location(prefix / "share" / "jupyter" / FOLDER, prefix / "etc" / "jupyter")


def checked_name(name: str, what: str) -> str:
    """``name`` where it stays inside a folder. Raises UnusableExtension."""
    parts = name.split("/")
    if not name or any(
        part in ("", ".", "..") or "\\" in part or ":" in part or not part.isprintable() for part in parts
    ):
        raise UnusableExtension(f"{name!r} cannot be {what}: a name, or names with / between them, inside the folder")
    return name
