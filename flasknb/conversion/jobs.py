"""What a web worker asks of a conversion process, and what comes back: files in a private folder. Knows no nbconvert.

The folder holds ``job.json`` and ``notebook.json``; the process adds ``result.json``, ``output`` and ``log``.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

JOB, NOTEBOOK, RESULT, OUTPUT, LOG = "job.json", "notebook.json", "result.json", "output", "log"


@dataclass(frozen=True)
class Job:
    """One thing to do.

    Attributes:
        kind: ``"export"``, ``"exporters"``, ``"bundle"`` or ``"merge"``.
        config: the server's options as ``option_values.packed`` has them.
        config_path: folders of Jupyter configuration, most important first.
        environment: all that the process and its programs see of it.
        details: arguments of this kind.
    """

    kind: str
    config: Mapping[str, Any] = field(default_factory=dict)
    config_path: tuple[str, ...] = ()
    memory_limit_bytes: int = 0
    output_limit_bytes: int = 0
    timeout_s: float = 0.0
    environment: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What a process reported.

    Attributes:
        error: ``""``, or what went wrong: ``"missing"`` (nbconvert or nbdime is), ``"unknown"`` (exporter or bundler),
            ``"failed"``, ``"broken"`` (a bundler), ``"refused"`` (by a bundler, with ``status``).
        message: the sentence that goes with it.
        status: HTTP status of an answer that a bundler made itself; else 200.
        headers: name and value of each header that comes with the output.
    """

    error: str = ""
    message: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


class Folder:
    """The private folder of one job. Whoever makes it removes it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="flasknb-convert-"))

    @property
    def output(self) -> Path:
        """The converted document."""
        return self.path / OUTPUT

    def write(self, job: Job, notebook: bytes | None = None) -> None:
        """Lay the work out."""
        (self.path / JOB).write_text(json.dumps(asdict(job)), "utf-8")
        if notebook is not None:
            (self.path / NOTEBOOK).write_bytes(notebook)

    def result(self) -> Result | None:
        """What the process reported; ``None`` when it ended without a word."""
        try:
            given = json.loads((self.path / RESULT).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        headers = tuple((name, value) for name, value in given.pop("headers", ()))
        return Result(headers=headers, **given)

    def log_tail(self, limit_chars: int = 2_000) -> str:
        """The last words of the process and its programs."""
        try:
            return (self.path / LOG).read_text("utf-8", "replace")[-limit_chars:].strip()
        except OSError:
            return ""

    def remove(self) -> None:
        """Delete the folder with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def read_job(folder: Path) -> Job:
    """The job laid out in ``folder``."""
    given = json.loads((folder / JOB).read_text("utf-8"))
    return Job(**given | {"config_path": tuple(given["config_path"])})


def write_result(folder: Path, result: Result) -> None:
    """Report; whole or not at all."""
    draft = folder / f"{RESULT}.draft"
    draft.write_text(json.dumps(asdict(result)), "utf-8")
    draft.replace(folder / RESULT)
