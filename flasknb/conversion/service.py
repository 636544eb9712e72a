"""Conversions as the web worker asks for them: builds the job, waits for a place, gives back an opened file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from traitlets.config import Config

from flasknb.conversion.jobs import Folder, Job, Result
from flasknb.conversion.options import Conversion
from flasknb.conversion.processes import conversion_environment, run
from flasknb.conversion.slots import slot
from flasknb.errors import BadRequest, ConversionFailed, EntryMissing, FlasknbError, NotSupportedHere
from flasknb.kernel_bridge.option_values import packed

FAILURES: Mapping[str, type[FlasknbError]] = {
    "missing": NotSupportedHere,
    "unknown": EntryMissing,
    "failed": ConversionFailed,
    "broken": ConversionFailed,
    "refused": BadRequest,
}


@dataclass(frozen=True)
class Converted:
    """A finished conversion.

    Attributes:
        file: at its first byte. Whoever gets this closes it; the bytes are nowhere else any more.
    """

    file: BinaryIO
    size_bytes: int
    result: Result


@dataclass(frozen=True)
class Converter:
    """Runs conversions for one mount. Any thread.

    Attributes:
        instance: private folder that all workers of this server share.
    """

    config: Config
    config_path: tuple[str, ...]
    root_dir: Path
    instance: Path

    @property
    def limits(self) -> Conversion:
        """The options."""
        return Conversion(config=self.config)

    def exporters(self, is_unwanted: Callable[[], bool]) -> dict[str, dict[str, str]]:
        """Name of each exporter → its type, and what people call it, where it is for people.

        Raises:
            NotSupportedHere: without nbconvert.
        """
        folder = Folder()
        try:
            result = self._run(folder, self._job("exporters", {}), None, is_unwanted)
            found: dict[str, dict[str, str]] = dict(result.values["exporters"])
            return found
        finally:
            folder.remove()

    def convert(
        self, kind: str, details: Mapping[str, Any], notebook: bytes, is_unwanted: Callable[[], bool]
    ) -> Converted:
        """Do one job.

        Args:
            kind: ``"export"``, ``"bundle"`` or ``"merge"``.
            notebook: its JSON; for a merge that of all three versions.
            is_unwanted: whether the client has gone away.

        Raises:
            NotSupportedHere, EntryMissing, ConversionFailed, ConversionBusy: as the message says.
        """
        folder = Folder()
        try:
            result = self._run(folder, self._job(kind, details), notebook, is_unwanted)
            file = folder.output.open("rb")
            return Converted(file, os.fstat(file.fileno()).st_size, result)
        finally:
            folder.remove()

    def _job(self, kind: str, details: Mapping[str, Any]) -> Job:
        limits = self.limits
        return Job(
            kind=kind,
            config=packed(self.config),
            config_path=self.config_path,
            memory_limit_bytes=limits.memory_limit_bytes,
            output_limit_bytes=limits.output_limit_bytes,
            timeout_s=limits.timeout_s,
            environment=conversion_environment(os.environ, limits.allowed_env, self.root_dir),
            details=details,
        )

    def _run(self, folder: Folder, job: Job, notebook: bytes | None, is_unwanted: Callable[[], bool]) -> Result:
        limits = self.limits
        folder.write(job, notebook)
        with slot(self.instance, limits.max_at_once, limits.queue_timeout_s, is_unwanted):
            result = run(
                folder,
                timeout_s=limits.timeout_s,
                environment=job.environment,
                spare_time_s=0.0 if job.kind == "merge" else limits.spare_time_s,  # it waits with nbconvert
                is_unwanted=is_unwanted,
            )
        if result.error:
            raise FAILURES[result.error](result.message)
        return result
