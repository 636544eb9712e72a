"""What gevent asks installed packages about its plugins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flasknb.cli.patching import plugin_groups

PLUGIN = "[console_scripts]\nx = x:main\n\n[gevent.plugins.monkey.will_patch_all]\nx = x:patch\n"
PATCH_TIMEOUT_S = 60


def package(folder: Path, name: str, entry_points: str | None) -> None:
    (folder / name).mkdir(parents=True)
    if entry_points is not None:
        (folder / name / "entry_points.txt").write_text(entry_points)


def test_packages_without_plugins_need_no_questions(tmp_path: Path) -> None:
    package(tmp_path, "one-1.0.dist-info", "[console_scripts]\none = one:main\n")
    package(tmp_path, "two-1.0.dist-info", None)
    (tmp_path / "three-1.0.egg-info").write_text("a file, as distutils wrote it")
    assert plugin_groups([str(tmp_path), str(tmp_path / "missing")]) == set()


@pytest.mark.parametrize("name", ["p-1.0.dist-info", "p.egg-info", "EGG-INFO"])
def test_a_plugin_is_found(tmp_path: Path, name: str) -> None:
    package(tmp_path, name, PLUGIN)
    assert plugin_groups([str(tmp_path)]) == {"gevent.plugins.monkey.will_patch_all"}


def test_what_cannot_be_looked_into_may_have_plugins(tmp_path: Path) -> None:
    (tmp_path / "packages.zip").write_bytes(b"PK")
    assert plugin_groups([str(tmp_path / "packages.zip")]) is None


@pytest.mark.parametrize("entry_points", ["", "[gevent.plugins.monkey.did_patch_all]\nx = noted:note\n"])
def test_an_installed_plugin_hears_of_the_patching(tmp_path: Path, entry_points: str) -> None:
    package(tmp_path, "noted-1.0.dist-info", entry_points)
    (tmp_path / "noted-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: noted\nVersion: 1.0\n")
    (tmp_path / "noted.py").write_text("def note(event): print('heard')\n")
    program = (
        f"import sys; sys.path.append({str(tmp_path)!r}); from flasknb.cli.patching import ask_only_plugins; "
        "ask_only_plugins(); from gevent import monkey; monkey.patch_all(); import socket; "
        "assert socket.socket.__module__.startswith('gevent')"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATCH_TIMEOUT_S, check=True
    )
    assert ("heard" in answer.stdout) == bool(entry_points)


def test_packages_are_asked_at_few_steps_only() -> None:
    program = (
        "from importlib import metadata; asked = []; real = metadata.entry_points\n"
        "def entry_points(**wanted):\n    asked.append(wanted['group'])\n    return real(**wanted)\n"
        "metadata.entry_points = entry_points\n"
        "from flasknb.cli.patching import ask_only_plugins; ask_only_plugins()\n"
        "from gevent import monkey; monkey.patch_all(); print(*asked)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATCH_TIMEOUT_S, check=True
    )
    assert len(answer.stdout.split()) < 5
