"""Kernels that somebody else started and looks after: found by their connection files, talked to, never ended."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir
from traitlets.config import Config, Configurable

from flasknb.config.groups.kernels import KernelServices
from flasknb.errors import NotSupportedHere
from flasknb.kernel_bridge.lifecycle import Event
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernel_context import KernelContext
from flasknb.kernel_bridge.sidecar.managers import ServerKernelManager

log = logging.getLogger(__name__)

IDS = uuid.UUID("5a0f5c5e-6c38-4a0e-9a57-3f3c6a4c8f61")  # one file has one id, whichever sidecar finds it
REQUIRED = ("key", "ip", "transport", "shell_port", "iopub_port", "stdin_port", "control_port")
MAX_FILE_BYTES = 64 * 1024


class ServerApp(KernelServices, Configurable):
    """The part of the server's options that the sidecar acts on."""


class ExternalLife:
    """What can be done to a kernel of somebody else. Looks like a ``Lifeline``. Event loop only."""

    def __init__(self, kernel: Kernel, manager: ServerKernelManager) -> None:
        self.kernel = kernel
        kernel.manager = manager
        manager.use_ipykernel_launcher = False  # another program has started it
        kernel.line.open(manager)
        self._hearing = asyncio.create_task(kernel.answer())

    async def interrupt(self) -> None:
        """Ask it, by message, to stop what runs."""
        self.kernel.line.ask("control", "interrupt_request")

    async def restart(self) -> None:
        """Raises NotSupportedHere."""
        raise NotSupportedHere("This kernel was started by another program; restart it there.")

    async def stop(self) -> None:
        """Leave it; it runs on."""
        self.let_go()

    def let_go(self) -> None:
        """Leave it."""
        self._hearing.cancel()
        self.kernel.line.close()

    def wake(self) -> None:
        """Nothing to do."""

    def trim_log(self) -> None:
        """It has none here."""

    def vanish(self) -> None:
        """Its connection file is gone."""
        self.let_go()
        self.kernel.happen(Event.GAVE_UP)


class ExternalKernels:
    """The folder of their connection files. Event loop only."""

    def __init__(self, config: Config, context: KernelContext) -> None:
        options = ServerApp(config=config)
        wanted = options.external_connection_dir or str(Path(jupyter_runtime_dir()) / "external_kernels")
        self._folder = Path(wanted) if options.allow_external_kernels else None
        self._context = context
        self._seen: dict[Path, str] = {}

    def look(self) -> tuple[Mapping[str, ExternalLife], Iterable[str]]:
        """Kernels that have come since the last look, by id, and the ids of those whose file is gone."""
        if self._folder is None:
            return {}, ()
        files = {path for path in self._folder.glob("*.json") if path.is_file()} if self._folder.is_dir() else set()
        gone = [self._seen.pop(path) for path in list(self._seen) if path not in files]
        come: dict[str, ExternalLife] = {}
        for path in sorted(files - self._seen.keys()):
            life = self._life(path)
            if life is not None:
                self._seen[path] = life.kernel.id
                come[life.kernel.id] = life
        return come, gone

    def _life(self, path: Path) -> ExternalLife | None:
        info = _connection_info(path)
        if info is None:
            return None
        managers = self._context.managers
        name = str(info.get("kernel_name") or "python3")
        manager = managers.kernel_manager_factory(parent=managers, kernel_name=name, owns_kernel=False)
        try:
            manager.load_connection_info(dict(info))
            kernel = Kernel(self._context, str(uuid.uuid5(IDS, str(path.resolve()))), name, uuid.uuid4().hex.encode())
            return ExternalLife(kernel, manager)
        except Exception as error:  # noqa: BLE001 - any file may be in that folder
            log.warning("external kernel cannot be joined path=%s error=%s", path, error)
            return None


def _connection_info(path: Path) -> Mapping[str, object] | None:
    """What a connection file says; ``None`` for a file that is none, or not yet whole."""
    try:
        with path.open("rb") as file:
            info = json.loads(file.read(MAX_FILE_BYTES))
    except (OSError, ValueError):
        return None
    return info if isinstance(info, dict) and all(name in info for name in REQUIRED) else None
