"""Each option of the inventory, set in a file, by flag and in the environment: it acts, or a line says why not."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config, Configurable

from flasknb.cli.arguments import parse
from flasknb.config.known import OF_THE_SIDECAR
from flasknb.config.loader import Gathered, Sources, gather
from flasknb.config.option_classes import OF_OTHERS, OPTION_CLASSES
from flasknb.kernel_bridge.option_values import packed, unpacked
from tests.contract.option_pages import (
    ACTS,
    DEPRECATED_NAME,
    EXPLAINED_STATE,
    OPEN_STATE,
    OTHER_NAME,
    classes_by_name,
    state_of,
    target_of,
)
from tests.contract.option_samples import Sample, as_json, samples

OPTIONS = [sample for sample in samples() if sample.option != "config_file"]  # asked before files are read


def ways(sample: Sample, folder: Path) -> Iterator[tuple[str, Sources]]:
    """Every way to set the option, with the sources of one start."""
    python, plain = folder / "python", folder / "json"
    for one in (python, plain):
        one.mkdir()
    (python / "jupyter_server_config.py").write_text(f"c.{sample.name} = {sample.python}\n")
    yield "file", Sources(config_path=[python])
    text = as_json(sample.value)
    if text is not None:
        (plain / "jupyter_server_config.json").write_text(f'{{"{sample.section}": {{"{sample.option}": {text}}}}}')
        yield "json", Sources(config_path=[plain])
    if sample.flags is not None and sample.variable is not None:
        yield "flag", Sources(command_line=parse(list(sample.flags)).options)
        yield "environment", Sources(environ={f"FLASKNB_{sample.section}__{sample.option}": sample.variable})
        yield "host", Sources(host={f"FLASKNB_{sample.section.upper()}__{sample.option.upper()}": sample.value})
    yield "program", Sources(program={sample.name: sample.value})


def warned(gathered: Gathered) -> list[str]:
    return [notice.text for notice in gathered.notices if notice.level >= logging.WARNING]


def seen_by(section: str, option: str, config: Config) -> Any:
    """The option's value in an object of the class that acts on it, wherever that object lives."""
    cls = classes_by_name()[section]
    if is_of_the_sidecar(cls):
        config = unpacked(json.loads(json.dumps(packed(config))))
    found = cls.__new__(cls)
    found._load_config(config, section_names=cls.section_names())
    return getattr(found, option)


def is_of_the_sidecar(cls: type[Configurable]) -> bool:
    paths = [path for path in (*OPTION_CLASSES, *OF_OTHERS) if path.startswith((OF_THE_SIDECAR, "jupyter_client."))]
    return cls.__module__.startswith(("jupyter_client.", OF_THE_SIDECAR.rstrip("."))) or any(
        path.endswith(f".{cls.__name__}") for path in paths
    )


def shape(value: Any) -> Any:
    """What can be compared: classes and functions as their import strings."""
    if callable(value) and hasattr(value, "__qualname__"):
        module = {"posixpath": "os.path"}.get(value.__module__, value.__module__)
        return f"{module}.{value.__qualname__}"
    return value


OF_ONE_PROCESS = ("key", "keyfile", "store_factory", "secret")
"""Secrets and functions stay in the process that reads them."""


@pytest.mark.parametrize("sample", OPTIONS, ids=lambda sample: sample.name)
def test_an_option_acts_or_says_why_not(sample: Sample, tmp_path: Path) -> None:
    state, remark = state_of(sample.section, sample.option)
    section, option = target_of(sample.section, sample.option)
    for way, sources in ways(sample, tmp_path):
        gathered = gather(sources)
        said = warned(gathered)
        if state in (EXPLAINED_STATE, OPEN_STATE):
            assert any(f"{option} has no effect: {remark}" in line for line in said), (way, said)
            continue
        assert len(said) == (state == DEPRECATED_NAME), (way, said)
        assert state in (ACTS, OTHER_NAME) or f"{option}" in said[0]
        if option in OF_ONE_PROCESS and is_of_the_sidecar(classes_by_name()[section]):
            continue
        if sample.flags is None or option == "preferred_dir":
            continue  # objects, and a folder that only a whole contents manager can look for
        assert shape(seen_by(section, option, gathered.config)) == sample.value, way


def test_the_table_is_not_empty() -> None:
    assert len(OPTIONS) > 240
