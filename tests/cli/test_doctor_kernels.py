"""Faults of kernelspecs that the doctor knows, made on purpose."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from flasknb.cli.commands.checks import kernelspecs
from flasknb.cli.commands.checks.finding import Finding, Level, Patient
from flasknb.config.options import ServerApp
from tests.cli.doctoring import the_one


@pytest.fixture
def kernels(jupyter_dirs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which kernels are looked for."""
    folder = jupyter_dirs / "data" / "kernels"
    folder.mkdir(parents=True)
    monkeypatch.setattr("jupyter_client.kernelspec.jupyter_path", lambda *_: [str(folder)])
    return folder


def spec(kernels: Path, name: str = "python3", **fields: Any) -> None:
    folder = kernels / name
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": f"The {name}", **fields}))


def found_in(root_dir: Path, **config: Any) -> list[Finding]:
    return list(kernelspecs.check_kernelspecs(Patient(root_dir, ServerApp(), Config(config))))


def test_a_kernel_that_can_start_is_fine(kernels: Path, tmp_path: Path) -> None:
    spec(kernels)
    the_one(found_in(tmp_path), Level.OK, f"{sys.executable}, ipykernel ")


def test_a_home_that_is_read_only_brings_no_warning_of_python(
    kernels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "gone/ipython"))  # where IPython says that it cannot write
    kernelspecs.spec_folders()
    assert not recwarn.list, "the folders' check tells it, with what to do"


def test_no_kernel_at_all_is_found(kernels: Path, tmp_path: Path) -> None:
    assert "ipykernel install" in the_one(found_in(tmp_path), Level.PROBLEM, "none is installed").advice


def test_a_program_that_is_gone_is_found(kernels: Path, tmp_path: Path) -> None:
    spec(kernels, argv=["/no/such/python", "{connection_file}"])
    the_one(found_in(tmp_path), Level.PROBLEM, "/no/such/python does not exist")


@pytest.fixture
def python_without_ipykernel(tmp_path: Path) -> str:
    """A program that says what a Python without ipykernel says."""
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho \"ModuleNotFoundError: No module named 'ipykernel'\" >&2\nexit 1\n")
    program.chmod(0o755)
    return str(program)


def test_a_python_without_ipykernel_is_found(kernels: Path, tmp_path: Path, python_without_ipykernel: str) -> None:
    spec(kernels, argv=[python_without_ipykernel, "-m", "ipykernel_launcher", "-f", "{connection_file}"])
    found = the_one(found_in(tmp_path), Level.PROBLEM, "No module named 'ipykernel'")
    assert found.advice == f"{python_without_ipykernel} -m pip install --upgrade ipykernel"


def test_an_old_ipykernel_and_a_foreign_python_are_found(kernels: Path, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho ${VERSION:-5.5.6}\n")
    program.chmod(0o755)
    spec(kernels, argv=[str(program), "-m", "ipykernel_launcher", "-f", "{connection_file}"])
    the_one(found_in(tmp_path), Level.WARNING, "ipykernel 5.5.6")
    kernelspecs.ipykernel_in.cache_clear()
    program.write_text("#!/bin/sh\necho 7.0.0\n")
    the_one(found_in(tmp_path), Level.NOTE, "runs another Python")


@pytest.mark.parametrize(
    ("content", "text"),
    [("{\n,", "line 2"), ("[]", "argv"), ('{"argv": "python"}', "argv"), ('{"argv": []}', "argv"), ("\x00", "line 1")],
)
def test_a_broken_kernel_json_is_found(kernels: Path, tmp_path: Path, content: str, text: str) -> None:
    spec(kernels)
    (kernels / "broken").mkdir()
    (kernels / "broken/kernel.json").write_text(content)
    the_one(found_in(tmp_path), Level.PROBLEM, text)


def test_a_kernel_that_cannot_be_told_where_to_listen_is_found(kernels: Path, tmp_path: Path) -> None:
    spec(kernels, argv=["sh", "-c", "true"])
    the_one(found_in(tmp_path), Level.PROBLEM, "{connection_file}")


def test_kernels_that_look_the_same_are_found(kernels: Path, tmp_path: Path) -> None:
    spec(kernels, display_name="Python")
    spec(kernels, "other", display_name="Python")
    the_one(found_in(tmp_path), Level.WARNING, "python3")


def test_a_kernel_that_hides_another_is_found(kernels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec(kernels)
    spec(tmp_path / "second")
    monkeypatch.setattr("jupyter_client.kernelspec.jupyter_path", lambda *_: [str(kernels), str(tmp_path / "second")])
    the_one(found_in(tmp_path), Level.WARNING, f"{kernels / 'python3'} counts")


def test_a_default_that_is_not_installed_is_found(kernels: Path, tmp_path: Path) -> None:
    spec(kernels)
    found = found_in(tmp_path, MultiKernelManager={"default_kernel_name": "julia"})
    assert "python3" in the_one(found, Level.WARNING, "julia is not installed").advice
