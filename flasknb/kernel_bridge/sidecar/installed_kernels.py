"""jupyter_client's finder of kernel specifications, without importing IPython for it.

It asks IPython where its folder is, and ipykernel for the specification of a kernel that was never installed as one:
3 MB, and a tenth of a second of the first kernel's start.
"""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_core.paths import jupyter_path
from traitlets import default


class InstalledKernels(KernelSpecManager):
    """Finds the same specifications in the same folders."""

    @default("kernel_dirs")
    def _folders(self) -> list[str]:
        ipython = Path(os.environ.get("IPYTHONDIR") or "~/.ipython").expanduser()
        return [*jupyter_path("kernels"), str(ipython / "kernels")]

    def _get_kernel_spec_by_name(self, kernel_name: str, resource_dir: str) -> KernelSpec:
        if kernel_name != NATIVE_KERNEL_NAME or not Path(resource_dir, "kernel.json").is_file():
            return super()._get_kernel_spec_by_name(kernel_name, resource_dir)
        spec = self.kernel_spec_class.from_resource_dir(resource_dir)
        if not KernelProvisionerFactory.instance(parent=self.parent).is_provisioner_available(spec):
            raise NoSuchKernel(kernel_name)
        return spec
