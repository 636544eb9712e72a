"""The one loader of options. Later rows win:

1. defaults of the option classes; ``JUPYTER_PORT``, ``JUPYTER_PORT_RETRIES``, ``JUPYTER_TOKEN`` and
   ``JUPYTER_TOKEN_FILE`` in the environment replace some of them (the last two in ``auth/identity.py``)
2. files on the Jupyter configuration path, least important folder first; in one folder ``jupyter_config``,
   ``jupyter_server_config``, ``jupyter_notebook_config``, ``jupyter_flasknb_config``, each ``.py`` and then ``.json``
   (``--config FILE`` replaces this search)
3. environment: ``FLASKNB_<OPTION>``
4. the host app's config: ``FLASKNB_<OPTION>``
5. what the program passes: ``create_app(mapping)``, ``FlaskNB(**options)``
6. the command line

``c.Class.option.append(...)`` and its like in a file add to what earlier rows set, else to the default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traitlets.config import Config
from traitlets.config.loader import DeferredConfigString, LazyConfigValue

from flasknb.config.files import find_files, read_file
from flasknb.config.legacy import modernised
from flasknb.config.options import ServerApp

PREFIX = "FLASKNB_"
JUPYTER_VARIABLES = {
    "JUPYTER_PORT": ("ServerApp", "port"),
    "JUPYTER_PORT_RETRIES": ("ServerApp", "port_retries"),
}
SHORT_NAMES = {
    **{name: ("ServerApp", name) for name in ServerApp.class_trait_names(config=True)},
    "notebook_dir": ("ServerApp", "notebook_dir"),
    "token": ("IdentityProvider", "token"),
    "password": ("PasswordIdentityProvider", "hashed_password"),
    "hashed_password": ("PasswordIdentityProvider", "hashed_password"),
    "password_required": ("PasswordIdentityProvider", "password_required"),
    "cookie_name": ("IdentityProvider", "cookie_name"),
    "cookie_options": ("IdentityProvider", "cookie_options"),
    "secure_cookie": ("IdentityProvider", "secure_cookie"),
}


class UnknownOption(Exception):
    """An option passed by the program that does not exist."""


@dataclass(frozen=True)
class Sources:
    """Where options may come from. ``config_path`` is highest first; ``config_file`` replaces its files."""

    config_path: Sequence[Path] = ()
    config_file: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    host: Mapping[str, Any] = field(default_factory=dict)
    program: Mapping[str, Any] = field(default_factory=dict)
    command_line: Mapping[str, Any] = field(default_factory=dict)


def default_config_path() -> list[Path]:
    """The Jupyter configuration path, most important folder first."""
    from jupyter_core.paths import jupyter_config_path

    return [Path(folder) for folder in jupyter_config_path()]


def load(sources: Sources) -> Config:
    """Everything that is set, as one traitlets ``Config``.

    Raises:
        BrokenConfigFile: a file cannot be read; names file, line and reason.
        UnknownOption: the program passed a name that is no option.
    """
    result: dict[str, Any] = {}
    for layer in _layers(sources):
        _merge(result, modernised(layer))
    return Config({section: Config(options) for section, options in result.items()})


def _layers(sources: Sources) -> list[dict[str, Any]]:
    files = [sources.config_file] if sources.config_file else list(find_files(sources.config_path))
    return [
        _from_jupyter_variables(sources.environ),
        *(read_file(path) for path in files),
        _from_prefixed(sources.environ, from_text=True),
        _from_prefixed(sources.host, from_text=False),
        from_program(sources.program),
        {name: dict(section) for name, section in sources.command_line.items()},
    ]


def from_program(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as a program writes them: ``root_dir=``, ``"ServerApp.port":``, ``"ServerApp": {...}`` or a ``Config``.

    Raises:
        UnknownOption: a short name that does not exist.
    """
    result: dict[str, Any] = {}
    for key, value in options.items():
        section, dot, option = key.partition(".")
        if dot:
            result.setdefault(section, {})[option] = value
        elif key in SHORT_NAMES:
            _set(result, SHORT_NAMES[key], _plain(value))
        elif key[:1].isupper() and isinstance(value, Mapping):
            result.setdefault(key, {}).update(value)
        else:
            raise UnknownOption(f"{key} is no option of flasknb; write Class.option for the options of other classes")
    return result


def _from_jupyter_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for variable, target in JUPYTER_VARIABLES.items():
        if variable in environ:
            _set(result, target, DeferredConfigString(environ[variable]))
    return result


def _from_prefixed(values: Mapping[str, Any], *, from_text: bool) -> dict[str, Any]:
    """``FLASKNB_ROOT_DIR`` and the like; other ``FLASKNB_`` names are left to whoever knows them."""
    result: dict[str, Any] = {}
    for key, value in values.items():
        name = key[len(PREFIX) :].lower()
        if key.startswith(PREFIX) and name in SHORT_NAMES:
            _set(result, SHORT_NAMES[name], DeferredConfigString(value) if from_text else _plain(value))
    return result


def _plain(value: Any) -> Any:
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def _set(result: dict[str, Any], target: tuple[str, str], value: Any) -> None:
    result.setdefault(target[0], {})[target[1]] = value


def _merge(result: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for section, options in layer.items():
        known = result.setdefault(section, {})
        for name, value in options.items():
            adds_to_known = isinstance(value, LazyConfigValue) and name in known
            known[name] = value.merge_into(known[name]) if adds_to_known else value
