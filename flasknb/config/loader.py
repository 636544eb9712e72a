"""The one loader of options. Later rows win:

1. defaults of the option classes; ``JUPYTER_PORT``, ``JUPYTER_PORT_RETRIES``, ``JUPYTER_DEFAULT_PROVISIONER_NAME``
   in the environment replace some of them, ``JUPYTER_TOKEN`` and ``JUPYTER_TOKEN_FILE`` too (in ``auth/provider.py``)
2. snippets that packages bring, ``jupyter_server_config.d/*.json`` and the like on the Jupyter configuration path
3. files on that path: ``jupyter_config`` of every folder, the least important one first, then
   ``jupyter_server_config`` of every folder, then ``jupyter_notebook_config``, ``jupyter_nbclassic_config`` and
   ``jupyter_flasknb_config``; in one folder ``.py`` and then ``.json``. ``--config FILE`` stands for all but the first
4. environment: ``FLASKNB_<OPTION>``, ``FLASKNB_<Class>__<option>``
5. the host app's config, with the same names
6. what the program passes: ``create_app(mapping)``, ``FlaskNB(**options)``
7. the command line

``c.Class.option.append(...)`` and its like in a file add to what earlier rows set, else to the default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

from flasknb.config.checking import UnknownOption, checked
from flasknb.config.file_layers import Asked, file_layers, snippet_layer, without_relative
from flasknb.config.layers import COMMAND_LINE, ENVIRONMENT, HOST, JUPYTER, PROGRAM, Layer, Name
from flasknb.config.legacy import with_our_sections
from flasknb.config.notices import Notice, say, warning
from flasknb.config.programs import from_program
from flasknb.config.validation import BadOption, validated
from flasknb.config.variables import from_jupyter, from_prefixed, misspelt

__all__ = ["BadOption", "Gathered", "Sources", "UnknownOption", "default_config_path", "from_program", "gather", "load"]


@dataclass(frozen=True)
class Sources:
    """Where options may come from. ``config_path`` is highest first; ``config_file`` replaces its files."""

    config_path: Sequence[Path] = ()
    config_file: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    host: Mapping[str, Any] = field(default_factory=dict)
    program: Mapping[str, Any] = field(default_factory=dict)
    command_line: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Gathered:
    """Everything that is set. ``origins``: class and option → the layer that had the last word."""

    config: Config
    origins: Mapping[Name, Layer]
    notices: tuple[Notice, ...]


def default_config_path() -> list[Path]:
    """The Jupyter configuration path, most important folder first."""
    from jupyter_core.paths import jupyter_config_path

    return [Path(folder) for folder in jupyter_config_path()]


def load(sources: Sources) -> Config:
    """Everything that is set, as one traitlets ``Config``; what has to be said about it is logged.

    Raises:
        BrokenConfigFile, UnknownOption, BadOption: as ``gather``.
    """
    gathered = gather(sources)
    say(gathered.notices)
    return gathered.config


def gather(sources: Sources) -> Gathered:
    """Everything that is set, where each option came from, and what has to be said about it.

    Raises:
        BrokenConfigFile: a file cannot be read; names file, line and reason. Not with ``lenient``.
        UnknownOption: the program or the command line has a name that is no option.
        BadOption: a value is none for its option. Not with ``lenient``.
    """
    notices: list[Notice] = []
    given = _given(sources, notices)
    asked = Asked.of(given, sources.config_file)
    folders = without_relative(sources.config_path, notices)
    layers = _with_files(asked, folders, given, sources, notices)
    served = _served_folder(layers)
    if any(folder.resolve() == served for folder in folders):
        notices = [_served_notice(served), *notices]
        folders = [folder for folder in folders if folder.resolve() != served]
        layers = _with_files(asked, folders, given, sources, notices)
    options, origins = _merged(layers)
    options = checked(with_our_sections(options), origins, notices)
    options = validated(options, origins, notices, is_lenient=asked.is_lenient)
    config = Config({section: Config(values) for section, values in options.items()})
    return Gathered(config, origins, tuple(notices))


def _given(sources: Sources, notices: list[Notice]) -> list[Layer]:
    """What is not in files, lowest first."""
    for names, where in ((sources.environ, "the environment"), (sources.host, "app.config")):
        for wrong, right in misspelt(names):
            notices.append(warning(f"{wrong} in {where} is no option and has no effect; did you mean {right}?"))
    return [
        Layer(ENVIRONMENT, from_prefixed(sources.environ, from_text=True)),
        Layer(HOST, from_prefixed(sources.host, from_text=False)),
        Layer(PROGRAM, from_program(sources.program)),
        Layer(COMMAND_LINE, {name: dict(section) for name, section in sources.command_line.items()}),
    ]


def _with_files(
    asked: Asked, folders: Sequence[Path], given: Sequence[Layer], sources: Sources, notices: list[Notice]
) -> list[Layer]:
    """Every layer, lowest first, in today's names."""
    layers = [
        Layer(JUPYTER, from_jupyter(sources.environ)),
        snippet_layer(asked, folders, notices),
        *file_layers(asked, folders, notices),
        *given,
    ]
    return [layer.modernised(notices) for layer in layers]


def _merged(layers: Sequence[Layer]) -> tuple[dict[str, Any], dict[Name, Layer]]:
    result: dict[str, Any] = {}
    origins: dict[Name, Layer] = {}
    for layer in layers:
        for section, options in layer.options.items():
            known = result.setdefault(section, {})
            for name, value in options.items():
                adds_to_known = isinstance(value, LazyConfigValue) and name in known
                known[name] = value.merge_into(known[name]) if adds_to_known else value
                origins[section, name] = layer
    return result, origins


def _served_folder(layers: Sequence[Layer]) -> Path:
    """The root folder as these layers have it."""
    roots = [layer.options.get("ServerApp", {}).get("root_dir") for layer in layers]
    root = next((str(root) for root in reversed(roots) if root), "")
    return Path(root).expanduser().resolve()


def _served_notice(folder: Path) -> Notice:
    return warning(
        f"The configuration files in {folder} are not read, because that folder is served: whoever may write files"
        " there could change the configuration. Serve another folder"
    )
