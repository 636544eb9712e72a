"""A kernel provisioner, as somebody else's package would bring it: each kernel in a network namespace of its own.

Such a kernel has no address of this machine: it is reached over a pair of virtual cables, as one on another host would
be. Needs root and ``ip``.
"""

from __future__ import annotations

import subprocess
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)


class NamespaceProvisioner(LocalProvisioner):
    """Starts the command by ``ip netns exec``."""

    namespace = ""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        manager = self.parent
        manager.ip = "127.0.0.1"  # what the base class wants; nothing is bound there
        found = await super().pre_launch(**kwargs)
        if not self.namespace:
            self._make_namespace()
            manager.cleanup_connection_file()
        manager.ip = f"{self._net}.2"
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        found["env"]["KERNEL_NAMESPACE"] = self.namespace
        return found

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        await super().launch_kernel(["ip", "netns", "exec", self.namespace, *cmd], **kwargs)
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:
        await super().cleanup(restart)
        if self.namespace and not restart:
            ip("netns", "del", self.namespace)

    async def get_provisioner_info(self) -> dict[str, Any]:
        return {**await super().get_provisioner_info(), "namespace": self.namespace}

    async def load_provisioner_info(self, provisioner_info: dict[str, Any]) -> None:
        await super().load_provisioner_info(provisioner_info)
        self.namespace = provisioner_info["namespace"]

    @property
    def _net(self) -> str:
        number = int(self.kernel_id.replace("-", "")[:4], 16)
        return f"10.{180 + number % 8}.{number >> 8}"

    def _make_namespace(self) -> None:
        name = f"fnb{self.kernel_id[:8]}"
        near, far = f"n{name}", f"f{name}"
        ip("netns", "add", name)
        self.namespace = name
        ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
        ip("addr", "add", f"{self._net}.1/24", "dev", near)
        ip("link", "set", near, "up")
        ip("-n", name, "addr", "add", f"{self._net}.2/24", "dev", far)
        ip("-n", name, "link", "set", far, "up")
        ip("-n", name, "link", "set", "lo", "up")


class SilentProvisioner(LocalProvisioner):
    """One that cannot say where its kernel is."""

    async def get_provisioner_info(self) -> dict[str, Any]:
        raise NotImplementedError
