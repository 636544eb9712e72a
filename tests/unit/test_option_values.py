"""Options reach the sidecar as they were written: finished, as text, or as an addition to a default."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from traitlets import Dict, Float, List, Set, Unicode
from traitlets.config import Config, Configurable

from flasknb.cli.arguments import parse
from flasknb.config.loader import Sources, load
from flasknb.kernel_bridge.option_values import packed, unpacked


class Engine(Configurable):
    """Something in the sidecar."""

    names = List(Unicode(), ["first"]).tag(config=True)
    table = Dict(default_value={"a": 1}).tag(config=True)
    marks = Set(default_value={"x"}).tag(config=True)
    limit_s = Float(1.0).tag(config=True)


def across(config: Config) -> Config:
    """``config`` as the sidecar reads it."""
    return unpacked(json.loads(json.dumps(packed(config))))


def written(tmp_path: Path, content: str) -> Config:
    """What a configuration file sets."""
    (tmp_path / "jupyter_config.py").write_text(content)
    return load(Sources(config_path=[tmp_path]))


@pytest.mark.parametrize(
    ("line", "option", "value"),
    [
        ("names.append('last')", "names", ["first", "last"]),
        ("names.extend(['b', 'c'])", "names", ["first", "b", "c"]),
        ("names.prepend(['zero'])", "names", ["zero", "first"]),
        ("names.insert(0, 'zero')", "names", ["zero", "first"]),
        ("table.update({'b': 2})", "table", {"a": 1, "b": 2}),
        ("marks.add('y')", "marks", {"x", "y"}),
        ("names = ('only',)", "names", ["only"]),
        ("limit_s = 2.5", "limit_s", 2.5),
    ],
)
def test_a_line_of_a_file_means_the_same_in_the_sidecar(tmp_path: Path, line: str, option: str, value: Any) -> None:
    config = written(tmp_path, f"c.Engine.{line}\n")
    if "= (" not in line:  # a tuple is what JSON turns into the list that the option wants
        assert getattr(Engine(config=config), option) == value
    assert getattr(Engine(config=across(config)), option) == value


@pytest.mark.parametrize(
    ("flags", "option", "value"),
    [
        (["--Engine.limit_s=2.5"], "limit_s", 2.5),
        (["--Engine.names=a"], "names", ["a"]),
        (["--Engine.names=a", "--Engine.names=b"], "names", ["a", "b"]),
        (["--Engine.table=k=v"], "table", {"k": "v"}),
    ],
)
def test_a_flag_gets_its_type_from_the_class_in_the_sidecar(flags: list[str], option: str, value: Any) -> None:
    config = load(Sources(command_line=parse(flags).options))
    assert getattr(Engine(config=across(config)), option) == value


def test_secrets_and_what_is_no_json_stay_here() -> None:
    config = Config({"IdentityProvider": {"token": "t"}, "Engine": {"hook": print, "limit_s": 2.0}})
    assert packed(config) == {"IdentityProvider": {}, "Engine": {"limit_s": ["plain", 2.0]}}


def test_bytes_and_the_kernels_key_travel() -> None:
    given = {"Session": {"key": b"\x00\xff", "keyfile": "/k"}, "ServerApp": {"keyfile": "/tls"}}
    assert unpacked(packed(given)) == {"Session": given["Session"], "ServerApp": {}}
