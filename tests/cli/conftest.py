"""Runs subcommands in this process, each test with Jupyter folders of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flasknb.cli.commands.group import group
from tests.cli.nbextensions import CODE

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Runs ``flasknb ARGUMENTS``; ``input=`` is what is typed."""

    def call(*arguments: str, **options: Any) -> Result:
        result = CliRunner().invoke(group, list(arguments), prog_name="flasknb", **options)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def runtime(jupyter_dirs: Path) -> Path:
    """The runtime folder."""
    folder = jupyter_dirs / "runtime"
    folder.mkdir(parents=True, mode=0o700)
    return folder


@pytest.fixture
def config(jupyter_dirs: Path) -> Path:
    """The user's configuration folder, empty and the only one."""
    folder = jupyter_dirs / "config"
    folder.mkdir(parents=True)
    return folder


WriteInfo = Callable[..., Path]


@pytest.fixture
def write_info(runtime: Path) -> WriteInfo:
    """Writes a server's file, by default as this process; keyword arguments replace fields, ``None`` removes."""

    def write(**fields: Any) -> Path:
        content = {
            "base_url": "/",
            "hostname": "localhost",
            "password": False,
            "pid": os.getpid(),
            "port": 8888,
            "root_dir": "/srv/notebooks",
            "secure": False,
            "sock": "",
            "token": "secret-token",
            "url": "http://localhost:8888/",
            "version": "1.0",
        } | fields
        path = runtime / f"jpserver-{content['pid']}.json"
        path.write_text(json.dumps({name: value for name, value in content.items() if value is not None}))
        path.chmod(0o600)
        return path

    return write


@pytest.fixture
def data(jupyter_dirs: Path) -> Path:
    """Where nbextensions of the user go."""
    return jupyter_dirs / "data" / "nbextensions"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with an nbextension of two files."""
    folder = tmp_path / "hello"
    (folder / "sub").mkdir(parents=True)
    (folder / "main.js").write_text(CODE)
    (folder / "sub" / "style.css").write_text("a {}")
    return folder
