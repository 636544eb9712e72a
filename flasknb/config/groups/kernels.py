"""Which classes look after kernels, and kernels that somebody else started."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from traitlets import Bool, HasTraits, TraitError, Unicode, validate

OF_OTHER_SERVERS = ("jupyter_server", "notebook", "nbclassic", "jupyter_client")  # ours stand in for theirs


class KernelServices(HasTraits):
    """Options that the sidecar acts on; they name classes by import string, so that no web worker imports them."""

    kernel_manager_class = Unicode(
        "", help="Import string of the class that manages the kernels. Default: AsyncMappingKernelManager."
    ).tag(config=True)
    kernel_spec_manager_class = Unicode(
        "", help="Import string of the class that finds kernel specifications. Default: KernelSpecManager."
    ).tag(config=True)
    session_manager_class = Unicode(
        "", help="Import string of the class that keeps the sessions. Default: SessionManager."
    ).tag(config=True)
    allow_external_kernels = Bool(
        False, help="Also show kernels that others started, by their connection files in external_connection_dir."
    ).tag(config=True)
    external_connection_dir = Unicode(
        None, allow_none=True, help="Folder of those files. Default: external_kernels in the Jupyter runtime folder."
    ).tag(config=True)

    @validate("kernel_manager_class", "kernel_spec_manager_class", "session_manager_class")
    def _is_installed(self, proposal: Any) -> str:
        """Refuse what the sidecar could not import, as far as that shows without importing it here."""
        name = str(proposal["value"])
        package = name.partition(".")[0]
        if name and package not in OF_OTHER_SERVERS and (package == name or find_spec(package) is None):
            raise TraitError(f"there is no such class as {name} (No module named {package!r})")
        return name
