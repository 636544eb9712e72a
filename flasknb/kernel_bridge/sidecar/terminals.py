"""All terminals of one instance: start, find, end, cull. They live and end with this process."""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from traitlets import Int, Type
from traitlets.config import Configurable

from flasknb.errors import BadRequest, TerminalMissing, TooManyTerminals
from flasknb.kernel_bridge.environment import allowed_environment
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.sidecar.admission import Admission
from flasknb.kernel_bridge.sidecar.pty_process import PtyProcess
from flasknb.kernel_bridge.sidecar.settings import Settings
from flasknb.kernel_bridge.sidecar.terminal import COLUMNS, ROWS, Terminal
from flasknb.kernel_bridge.terminals import TerminalModel, TerminalRequest, is_terminal_name

log = logging.getLogger(__name__)

DEFAULT_CULL_INTERVAL_S = 300
END_ALL_TIMEOUT_S = 5.0


class TerminalManager(Configurable):
    """The terminals by name. Event loop only."""

    cull_inactive_timeout = Int(
        0, help="A terminal without input and output for so long is ended; seconds, 0 for never."
    ).tag(config=True)
    cull_interval = Int(DEFAULT_CULL_INTERVAL_S, help="Time between two looks for such terminals; seconds.").tag(
        config=True
    )
    max_terminals = Int(100, help="How many terminals there may be at once; 0 for any number.").tag(config=True)
    replay_chars = Int(
        512 * 1024, help="How much of its newest output each terminal keeps for pages that come later; characters."
    ).tag(config=True)

    on_start: Callable[[], None] | None = None
    """Called before a new terminal can be seen."""

    admission: Admission | None = None
    """Which users may start one more; the kernels' process shares one."""

    def __init__(self, root_dir: Path, allowed_env: Sequence[str] = (), **options: Any) -> None:
        super().__init__(**options)
        self._root_dir = root_dir.resolve()
        self._allowed_env = allowed_env
        self._terminals: dict[str, Terminal] = {}
        self._starting: dict[str, asyncio.Task[Terminal]] = {}
        self._owners: dict[str, str] = {}
        self._culled_s = asyncio.get_running_loop().time()
        self._culling: set[asyncio.Task[None]] = set()

    def models(self, viewer: str | None = None) -> list[TerminalModel]:
        """Every terminal that ``viewer`` may know of (``None``: all), oldest first."""
        return [
            terminal.model
            for name, terminal in self._terminals.items()
            if viewer is None or self._owners.get(name, "") == viewer
        ]

    def owner_of(self, name: str) -> str | None:
        """Whose terminal that is, also while it starts; ``None`` where there is none."""
        return self._owners.get(name)

    def get(self, name: str) -> Terminal:
        """One terminal. Raises TerminalMissing."""
        try:
            return self._terminals[name]
        except KeyError:
            raise TerminalMissing(f"Terminal not found: {name[:100]}") from None

    @property
    def last_activity(self) -> str:
        """Of the terminal that was used last, ISO-8601; ``""`` when there is none."""
        return max((model.last_activity for model in self.models()), default="")

    async def create(self, request: TerminalRequest) -> TerminalModel:
        """Start a terminal; one of that name, also one that is just starting, is returned as it is.

        Raises:
            BadRequest, TooManyTerminals, TerminalFailed, OutOfResources.
        """
        name = request.name or self._free_name()
        if not is_terminal_name(name):
            raise BadRequest(f"A terminal's name is made of letters, digits and _, not {name[:100]!r}")
        if name in self._terminals:
            return self._terminals[name].model
        if name not in self._starting:
            self._check_limit(request.owner)
            self._owners[name] = request.owner
            self._starting[name] = asyncio.create_task(self._start(name, request))
        return (await asyncio.shield(self._starting[name])).model

    async def delete(self, name: str) -> None:
        """End a terminal and what runs in it. Raises TerminalMissing."""
        await self.get(name).end()
        log.info("terminal ended by request terminal=%s", name)

    async def end_all(self) -> None:
        """End every terminal, all at once."""
        ends = [asyncio.create_task(terminal.end()) for terminal in self._terminals.values()]
        if ends:
            _, pending = await asyncio.wait(ends, timeout=END_ALL_TIMEOUT_S)
            if pending:
                log.error("terminals do not end count=%d", len(pending))

    def cull(self) -> None:
        """End the terminals that nobody has used for long, where it is time to look; returns at once."""
        now_s = asyncio.get_running_loop().time()
        interval_s = self.cull_interval if self.cull_interval > 0 else DEFAULT_CULL_INTERVAL_S
        if self.cull_inactive_timeout <= 0 or now_s - self._culled_s < interval_s:
            return
        self._culled_s = now_s
        for terminal in [one for one in self._terminals.values() if one.idle_for_s > self.cull_inactive_timeout]:
            log.warning("terminal ended, unused for %d s terminal=%s", self.cull_inactive_timeout, terminal.name)
            task = asyncio.create_task(terminal.end())
            self._culling.add(task)
            task.add_done_callback(self._culling.discard)

    async def _start(self, name: str, request: TerminalRequest) -> Terminal:
        try:
            folder = self._folder(request.cwd)
            process = await PtyProcess.start(
                _command(request), folder, self._environment(request), rows=ROWS, columns=COLUMNS
            )
            terminal = Terminal(name, process, replay_chars=self.replay_chars, on_end=self._forget)
            if self.on_start is not None:
                self.on_start()
            self._terminals[name] = terminal
        except BaseException:
            del self._owners[name]
            raise
        finally:
            del self._starting[name]
        log.info("terminal started terminal=%s pid=%d", name, process.pid)
        return terminal

    def _forget(self, terminal: Terminal) -> None:
        log.info("terminal ended terminal=%s", terminal.name)
        if self._terminals.get(terminal.name) is terminal:
            del self._terminals[terminal.name]
            self._owners.pop(terminal.name, None)

    def _free_name(self) -> str:
        return next(name for name in map(str, count(1)) if name not in self._terminals and name not in self._starting)

    def _check_limit(self, owner: str) -> None:
        if 0 < self.max_terminals <= len(self._terminals) + len(self._starting):
            raise TooManyTerminals(
                f"There are {self.max_terminals} terminals already: shut one down on the dashboard's Running tab, "
                "or raise TerminalManager.max_terminals"
            )
        if self.admission is not None:
            self.admission.terminal(owner, [self._owners.get(name, "") for name in (*self._terminals, *self._starting)])

    def _folder(self, cwd: str) -> str:
        """The folder that ``cwd`` names, as a disk path or below the root; the root unless it is a folder in there."""
        if cwd and "\0" not in cwd:
            for folder in (self._root_dir / cwd, self._root_dir / cwd.strip("/")):
                try:
                    resolved = folder.resolve()
                    if resolved.is_relative_to(self._root_dir) and resolved.is_dir():
                        return str(resolved)
                except (OSError, RuntimeError, ValueError):  # too long, a loop of links, no text for a path
                    continue
        return str(self._root_dir)

    def _environment(self, request: TerminalRequest) -> dict[str, str]:
        return allowed_environment(os.environ, self._allowed_env) | {
            "TERM": request.type,
            "COLUMNS": str(COLUMNS),
            "LINES": str(ROWS),
            "PYXTERM_DIMENSIONS": f"{COLUMNS}x{ROWS}",
            "JUPYTER_SERVER_ROOT": str(self._root_dir),
            "JUPYTER_SERVER_URL": request.server_url,
        }


class TerminalsExtensionApp(Configurable):
    """The documented place of one option."""

    terminal_manager_class = Type(
        TerminalManager,
        klass=TerminalManager,
        help="Class that keeps the terminals: TerminalManager or one derived from it.",
    ).tag(config=True)


def make_terminals(settings: Settings, options: KernelSidecar) -> TerminalManager:
    """The terminal manager that the configuration asks for. Raises TraitError."""
    manager: type[TerminalManager] = TerminalsExtensionApp(config=settings.config).terminal_manager_class
    return manager(settings.root_dir, list(options.allowed_env), config=settings.config)


def _command(request: TerminalRequest) -> list[str]:
    if request.command:
        return list(request.command)
    shell = shlex.split(os.environ.get("SHELL") or "sh")
    return [*shell, "-l"] if request.is_login_shell else shell
