"""The extensions of ``jupyter_contrib_nbextensions``, unpacked from the archive of the package index. None is kept."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import yaml

PACKAGE = "jupyter_contrib_nbextensions==0.7.0"
DOWNLOAD_TIMEOUT_S = 120


class NotReachable(Exception):
    """The package index did not answer; says why."""


@dataclass(frozen=True)
class Extension:
    """One extension: which page it is for, and what ``load_extensions`` calls it."""

    page: str
    main: str


def unpack(folder: Path) -> Path:
    """Fetch the archive and unpack its extensions below ``folder``. Raises NotReachable."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT_S)
    if done.returncode != 0:
        raise NotReachable(done.stderr.strip()[-300:])
    archive = next(folder.glob("jupyter_contrib_nbextensions-*"))
    with tarfile.open(archive) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python before 3.11.4 has none
        tar.extractall(folder)
    return next(folder.glob("jupyter_contrib_nbextensions-*/src/jupyter_contrib_nbextensions/nbextensions"))


def described(nbextensions: Path) -> list[Extension]:
    """Every extension that a descriptor of the package names."""
    found: list[Extension] = []
    for descriptor in sorted([*nbextensions.glob("**/*.yaml"), *nbextensions.glob("**/*.yml")]):
        facts = yaml.safe_load(descriptor.read_text(encoding="utf-8"))
        if isinstance(facts, dict) and "Main" in facts:
            main = (descriptor.parent / facts["Main"]).relative_to(nbextensions).with_suffix("")
            found.append(Extension(str(facts.get("Section", "notebook")), main.as_posix()))
    return found
