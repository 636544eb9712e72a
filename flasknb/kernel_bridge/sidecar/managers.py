"""jupyter_client's managers with the option names users have in their files, and our defaults."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.session import new_id_bytes
from traitlets import Bool, CaselessStrEnum, Float, Integer, List, Unicode, default
from traitlets.config import Configurable
from traitlets.utils.importstring import import_item

from flasknb.kernel_bridge.sidecar.foreign import outliving, told_by
from flasknb.kernel_bridge.sidecar.kernel_command import through_launcher
from flasknb.kernel_bridge.sidecar.provisioner import KernelProcess, PreparedProcess

LOCAL_PROVISIONER = "local-provisioner"

UNTRACKED = [
    *("comm_info_request", "comm_info_reply", "kernel_info_request", "kernel_info_reply", "shutdown_request"),
    *("shutdown_reply", "interrupt_request", "interrupt_reply", "debug_request", "debug_reply", "stream"),
    *("display_data", "update_display_data", "execute_input", "execute_result", "error", "status", "clear_output"),
    *("debug_event", "input_request", "input_reply"),
]


class KernelRestarter(Configurable):
    """What happens when a kernel dies by itself."""

    debug = Bool(False, help="Log each look at a kernel whose end nobody tells us.").tag(config=True)
    random_ports_until_alive = Bool(
        True, help="With tcp, choose other ports when a kernel dies before its first answer."
    ).tag(config=True)
    time_to_dead = Float(
        3.0, help="Time between two looks at a kernel whose end nobody tells us, such as a remote one; seconds."
    ).tag(config=True)

    restart_limit = Integer(5, help="Automatic restarts in a row before a kernel counts as dead.").tag(config=True)
    stable_start_time = Float(10.0, help="A kernel that lived for so long begins counting anew; seconds.").tag(
        config=True
    )


class IOLoopKernelManager(AsyncKernelManager):
    """A documented name; settings under it count."""


class AsyncIOLoopKernelManager(IOLoopKernelManager):
    """A documented name; settings under it count."""


class ServerKernelManager(AsyncIOLoopKernelManager):
    """One kernel, over ipc sockets in a private folder unless told otherwise."""

    transport = CaselessStrEnum(
        ["tcp", "ipc"], default_value="ipc", help="How kernels are reached: ipc sockets, or tcp on this machine."
    ).tag(config=True)
    use_ipykernel_launcher = Bool(
        True, help="Start IPython kernels so that they queue output instead of dropping it when the machine is busy."
    ).tag(config=True)

    extra_event_schema_paths = List(Unicode(), help="Files of further event schemas; the web side registers them.").tag(
        config=True
    )

    socket_prefix = Unicode(help="Begin of the ipc sockets' paths; short.")
    log_path: Path | None = None
    _elsewhere: Mapping[str, Any] = {}
    before_launch: Callable[[], Awaitable[None]] | None = None
    prepared: PreparedProcess | None = None
    on_launched: Callable[[], None] | None = None

    @default("ip")
    def _short_ipc_path(self) -> str:
        return self.socket_prefix if self.transport == "ipc" else "127.0.0.1"

    def fill_empty(self) -> None:
        """Empty values, as lists of defaults show them, mean the default: an own address, and a key of its own."""
        self.ip = self.ip or self._short_ipc_path()
        self.session.key = self.session.key or new_id_bytes()  # unsigned, anybody on this machine could write to it

    @property
    def is_local(self) -> bool:
        """Whether the specification asks for no provisioner of its own."""
        metadata = self.kernel_spec.metadata if self.kernel_spec is not None else {}
        wanted = (metadata.get("kernel_provisioner") or {}).get("provisioner_name")
        factory = KernelProvisionerFactory.instance(parent=self.parent)
        return bool((wanted or factory.default_provisioner_name or LOCAL_PROVISIONER) == LOCAL_PROVISIONER)

    @property
    def elsewhere(self) -> Mapping[str, Any]:
        """What a provisioner of the specification's own needs to find its kernel again; empty before the launch."""
        return self._elsewhere

    @elsewhere.setter
    def elsewhere(self, told: Mapping[str, Any]) -> None:
        self._elsewhere = told

    @property
    def queues_output(self) -> bool:
        """Whether the kernel is one that keeps what it says until it is taken: our launcher starts it."""
        command = [] if self.kernel_spec is None else self.kernel_spec.argv
        return self.use_ipykernel_launcher and self.is_local and through_launcher(command) is not command

    def be_reachable(self) -> None:
        """Kernels that other provisioners start may be anywhere: talk to them over tcp, unless told otherwise."""
        if not self.is_local and not self._is_set("transport"):
            self.transport = "tcp"
            if not self._is_set("ip"):
                self.ip = "127.0.0.1"

    def _is_set(self, option: str) -> bool:
        return any(option in self.config[name] for name in type(self).section_names() if name in self.config)

    def local_process(self) -> KernelProcess:
        """A provisioner for this manager that runs the kernel on this machine."""
        process = KernelProcess(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        process.log_path = self.log_path
        process.prepared, process.on_launched = self.prepared, self.on_launched
        return process

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The command line, through our launcher where it runs ``ipykernel_launcher``."""
        command: list[str] = super().format_kernel_cmd(extra_arguments)
        return through_launcher(command) if self.use_ipykernel_launcher and self.is_local else command

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        if self.provisioner is None and self.is_local:
            self.kernel_id = self.kernel_id or kwargs["kernel_id"]
            self.provisioner = self.local_process()
        return await super()._async_pre_start_kernel(**kwargs)

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kwargs: Any) -> None:
        if self.before_launch is not None and self.is_local:
            await self.before_launch()
        with outliving(self.provisioner, self.log_path) as more:
            await super()._async_launch_kernel(kernel_cmd, **{**more, **kwargs})
        if not self.is_local and self.provisioner is not None:
            self.elsewhere = await told_by(self.provisioner)


class MappingKernelManager(AsyncMultiKernelManager):
    """All kernels of one instance."""

    root_dir = Unicode("", help="Folder that kernels without a document start in. Default: ServerApp.root_dir.").tag(
        config=True
    )
    cull_idle_timeout = Integer(
        0, help="Kernels idle for so long are shut down; seconds, 0 for never. Busy ones and those with a page stay."
    ).tag(config=True)
    cull_interval = Integer(300, help="Time between two looks for idle kernels; seconds.").tag(config=True)
    cull_connected = Bool(False, help="Shut idle kernels down although a page is connected.").tag(config=True)
    cull_busy = Bool(
        False, help="Shut kernels down although they work, when nothing was asked of them for so long."
    ).tag(config=True)
    buffer_offline_messages = Bool(
        True, help="Keep what a kernel says while no page is connected, for pages that come back."
    ).tag(config=True)
    allow_tracebacks = Bool(True, help="Show pages what failed in a kernel, and where.").tag(config=True)
    traceback_replacement_message = Unicode(
        "Something failed in this cell. Details are not shown on this server.",
        help="What pages show where allow_tracebacks is off.",
    ).tag(config=True)
    transport_encryption = CaselessStrEnum(
        ["disabled", "auto", "required"],
        default_value="disabled",
        help="CurveZMQ between sidecar and kernels: auto where the specification declares it, required or no kernel.",
    ).tag(config=True)

    kernel_info_timeout = Float(60.0, help="Time a starting kernel has for its first answer; seconds.").tag(config=True)
    allowed_message_types = List(Unicode(), help="Message types that pages may send; empty allows all.").tag(
        config=True
    )
    untracked_message_types = List(
        Unicode(), default_value=UNTRACKED, help="Message types that do not count as activity."
    ).tag(config=True)

    @default("kernel_manager_class")
    def _default_kernel_manager_class(self) -> str:
        return f"{__name__}.ServerKernelManager"

    def _create_kernel_manager_factory(self) -> Callable[..., ServerKernelManager]:
        """Makes managers of ``kernel_manager_class``, which also does what ours does."""
        wanted = import_item(self.kernel_manager_class)
        is_ours = issubclass(wanted, ServerKernelManager)
        manager_class = wanted if is_ours else type(wanted.__name__, (ServerKernelManager, wanted), {})

        def create(*arguments: Any, **options: Any) -> ServerKernelManager:
            if self.shared_context:
                options.setdefault("context", self.context)
            options.setdefault("kernel_spec_manager", self.kernel_spec_manager)  # also for those taken over
            manager: ServerKernelManager = manager_class(*arguments, **options)
            return manager

        return create

    def pre_start_kernel(self, kernel_name: str | None, kwargs: dict[str, Any]) -> tuple[Any, str, str]:
        """Make the manager of a new kernel; ``prepare``, when given, sees it before anything starts."""
        prepare = kwargs.pop("prepare", None)
        manager, name, kernel_id = super().pre_start_kernel(kernel_name, kwargs)
        manager.kernel_id = kernel_id
        if self.transport_encryption != "disabled":
            manager.transport_encryption = self.transport_encryption
        if prepare is not None:
            prepare(manager)
        return manager, name, kernel_id

    def _using_pending_kernels(self) -> bool:
        """``use_pending_kernels`` is acted on where starts are waited for, in ``kernels``; here a start is a start."""
        return False

    def adopt(self, kernel_id: str, manager: ServerKernelManager) -> None:
        """Count a manager that was made for a living kernel among ours."""
        self._kernels[kernel_id] = manager

    def forget(self, kernel_id: str) -> None:
        """Drop what is known about a kernel that never started or is dead."""
        self._kernels.pop(kernel_id, None)
        self._pending_kernels.pop(kernel_id, None)


class AsyncMappingKernelManager(MappingKernelManager):
    """The documented name of the same; settings under either name count."""
