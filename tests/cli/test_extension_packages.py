"""Python packages that bring nbextensions and bundlers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.nbextensions import CODE, names, settings

PACKAGE = """
def _jupyter_nbextension_paths():
    return [{"section": "notebook", "src": "static", "dest": "packaged", "require": "packaged/main"},
            {"section": "tree", "src": "static/tree.js", "dest": "packaged-tree.js", "require": "packaged-tree"}]

def _jupyter_bundlerextension_paths():
    return [{"name": "as_text", "label": "Text (.txt)", "module_name": "packaged_ext", "group": "download"},
            {"name": "away", "label": "Away", "module_name": "packaged_ext.nowhere", "group": "deploy"}]
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Python package that brings two nbextensions and two bundlers."""
    folder = tmp_path / "site" / "packaged_ext"
    (folder / "static").mkdir(parents=True)
    (folder / "__init__.py").write_text(PACKAGE)
    (folder / "static/main.js").write_text(CODE)
    (folder / "static/tree.js").write_text(CODE)
    monkeypatch.syspath_prepend(str(folder.parent))
    yield "packaged_ext"
    sys.modules.pop("packaged_ext", None)


def test_a_package_installs_enables_and_removes_all_its_extensions(
    run: Run, package: str, data: Path, config: Path
) -> None:
    installed = run("nbextension", "install", "--user", "--py", package)
    assert "flasknb nbextension enable packaged_ext --py --user" in installed.stdout
    assert names(data) == ["packaged", "packaged-tree.js"]
    enabled = run("nbextension", "enable", "--py", package)
    assert enabled.stdout.count("- Validating: OK") == 2
    assert settings(config) == {"load_extensions": {"packaged/main": True}}
    assert settings(config, "tree") == {"load_extensions": {"packaged-tree": True}}
    run("nbextension", "disable", "--python", package)
    assert settings(config, "tree") == {"load_extensions": {"packaged-tree": False}}
    assert run("nbextension", "uninstall", "--py", package).exit_code == 0
    assert names(data) == []
    assert settings(config) == settings(config, "tree") == {}


@pytest.mark.parametrize("command", [("nbextension", "enable"), ("bundlerextension", "enable")])
def test_a_package_that_is_not_there_or_has_nothing_is_explained(run: Run, command: tuple[str, str]) -> None:
    assert "cannot be imported" in run(*command, "--py", "no_such_package").stderr
    assert "has no _jupyter_" in run(*command, "--py", "json").stderr


def test_bundlers_of_a_package_are_offered_and_withdrawn(run: Run, package: str, config: Path) -> None:
    enabled = run("bundlerextension", "enable", "--py", package)
    assert enabled.stdout.splitlines() == [
        "Enabling bundler as_text...",
        "      - Validating: OK",
        "Enabling bundler away...",
        "      - Validating: problems found:",
        "        - import? X packaged_ext.nowhere",
    ]
    assert settings(config) == {
        "bundlerextensions": {
            "as_text": {"label": "Text (.txt)", "module_name": "packaged_ext", "group": "download"},
            "away": {"label": "Away", "module_name": "packaged_ext.nowhere", "group": "deploy"},
        }
    }
    listed = run("bundlerextension", "list").stdout.splitlines()
    assert listed[:4] == [
        "Known bundlerextensions:",
        f"  config dir: {config / 'nbconfig'}",
        "    as_text enabled",
        "      - Text (.txt) (download)",
    ]
    run("bundlerextension", "disable", "--py", package)
    assert settings(config) == {}


def test_bundlers_need_a_package(run: Run) -> None:
    assert "say --py" in run("bundlerextension", "enable", "name").stderr
