"""Our finder of kernel specifications finds what jupyter_client's does, and imports no kernel for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from flasknb.kernel_bridge.sidecar.installed_kernels import InstalledKernels

FIND_TIMEOUT_S = 60


def install(folder: Path, name: str, **more: object) -> None:
    (folder / "kernels" / name).mkdir(parents=True)
    spec = {"argv": ["python", "-m", name, "-f", "{connection_file}"], "display_name": name, "language": "x", **more}
    (folder / "kernels" / name / "kernel.json").write_text(json.dumps(spec))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    (tmp_path / "ipython").mkdir()
    return tmp_path


@pytest.mark.parametrize("names", [[], ["python3"], ["Python3", "other"], ["other"]])
def test_the_same_specifications_are_found(folder: Path, names: list[str]) -> None:
    for name in names:
        install(folder / "jupyter", name)
    install(folder / "ipython", "old")
    ours, theirs = InstalledKernels(), KernelSpecManager()
    assert ours.kernel_dirs == theirs.kernel_dirs
    found = ours.find_kernel_specs()
    assert found == theirs.find_kernel_specs()
    assert {"old", "python3"} <= found.keys()
    for name in found:
        assert ours.get_kernel_spec(name).to_dict() == theirs.get_kernel_spec(name).to_dict()


def test_a_specification_without_its_provisioner_is_refused(folder: Path) -> None:
    install(folder / "jupyter", "python3", metadata={"kernel_provisioner": {"provisioner_name": "no-such-one"}})
    with pytest.raises(NoSuchKernel):
        InstalledKernels().get_kernel_spec("python3")


def test_an_installed_kernel_is_found_without_importing_it(folder: Path) -> None:
    install(folder / "jupyter", "python3")
    program = (
        "import sys; from flasknb.kernel_bridge.sidecar.installed_kernels import InstalledKernels as Found\n"
        "Found().get_kernel_spec('python3'); Found().find_kernel_specs()\n"
        "assert not {'IPython', 'ipykernel'} & set(sys.modules), 'imported'"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=FIND_TIMEOUT_S)
