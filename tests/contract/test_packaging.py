"""What people install: the sdist and the wheel, into environments where there is no Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LIMIT_S = 900
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "__pycache__", ".*_cache", "dist", "build", "test-results"
)

pytestmark = pytest.mark.timeout(2 * LIMIT_S)


def run(*command: str | Path, cwd: Path | None = None, search_path: str | None = None) -> str:
    """Standard output of a command that must succeed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTHON"))}
    if search_path is not None:
        environment["PATH"] = search_path
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def without_node(folder: Path) -> str:
    """A search path with what an installation needs of the system, and no Node."""
    tools = folder / "tools"
    tools.mkdir()
    for name in ("sh", "env", "uname", "gcc", "cc", "ld", "as", "tar"):
        if (found := shutil.which(name)) is not None:
            (tools / name).symlink_to(found)
    assert shutil.which("node", path=str(tools)) is None
    return str(tools)


def members(sdist: Path) -> list[str]:
    with tarfile.open(sdist) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist built from the sources alone: no build result, no node_modules."""
    source = tmp_path_factory.mktemp("source") / "flasknb"
    shutil.copytree(REPOSITORY, source, ignore=NOT_COPIED)
    run(sys.executable, "-m", "build", "--sdist", "--outdir", source / "dist", source)
    (built,) = (source / "dist").glob("*.tar.gz")
    return built


@pytest.mark.slow
def test_the_sdist_brings_the_built_front_end_and_its_sources(sdist: Path) -> None:
    names = members(sdist)
    assert "flasknb/static/build/manifest.json" in names
    assert "frontend/package-lock.json" in names
    assert "hatch_build.py" in names
    assert [name for name in names if "node_modules" in name or name.startswith(".")] == [".gitignore"]


@pytest.mark.slow
def test_the_sdist_installs_and_starts_without_node(sdist: Path, tmp_path: Path) -> None:
    search_path = without_node(tmp_path)
    unpacked = tmp_path / "unpacked"
    with tarfile.open(sdist) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python before 3.11.4 has none
        archive.extractall(unpacked)
    (project,) = unpacked.iterdir()
    run(sys.executable, "-m", "venv", tmp_path / "env")
    python = tmp_path / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", ".", cwd=project, search_path=search_path)
    flasknb = python.with_name("flasknb")
    assert run(flasknb, "--version", cwd=tmp_path, search_path=search_path).strip().endswith("0.1.0")
    where = run(python, "-c", "import flasknb; print(flasknb.__path__[0])", cwd=tmp_path, search_path=search_path)
    assert (Path(where.strip()) / "static" / "build" / "manifest.json").is_file()


@pytest.mark.slow
def test_a_machine_without_node_builds_with_the_packaged_one(tmp_path: Path) -> None:
    source = tmp_path / "flasknb"
    shutil.copytree(REPOSITORY, source, ignore=NOT_COPIED)
    search_path = without_node(tmp_path)
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path / "dist", source, search_path=search_path)
    assert (source / "flasknb" / "static" / "build" / "manifest.json").is_file()
    assert len(list((tmp_path / "dist").glob("*.whl"))) == 1


def test_a_wheel_without_the_front_end_cannot_be_made(tmp_path: Path) -> None:
    source = tmp_path / "flasknb"
    shutil.copytree(REPOSITORY, source, ignore=NOT_COPIED)
    shutil.rmtree(source / "frontend")
    program = (
        "import sys; from hatchling.build import build_wheel\n"
        "try: build_wheel(sys.argv[1])\n"
        "except RuntimeError as error: sys.exit('frontend/ too' not in str(error))\n"
        "else: sys.exit('a wheel was made')"
    )
    run(sys.executable, "-c", program, tmp_path / "dist", cwd=source)


def test_the_lock_file_names_no_registry() -> None:
    assert "http" not in _places(REPOSITORY / "frontend" / "package-lock.json")


def _places(lock: Path) -> str:
    return "\n".join(line for line in lock.read_text("utf-8").splitlines() if '"resolved"' in line)
