"""Installed kernel specifications, read anew at each question."""

from __future__ import annotations

import logging
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel

from flasknb.errors import KernelSpecMissing
from flasknb.kernel_bridge.models import KernelSpecModel, KernelSpecs

log = logging.getLogger(__name__)


def list_specs(manager: KernelSpecManager, default: str) -> KernelSpecs:
    """Every specification that can be read; a broken folder is left out and logged."""
    specs: dict[str, KernelSpecModel] = {}
    for name in manager.find_kernel_specs():
        try:
            specs[name] = _model(name, manager.get_kernel_spec(name))
        except Exception as error:  # noqa: BLE001 - any broken kernel.json must leave the others usable
            log.warning("kernel specification left out name=%s error=%s", name, error)
    return KernelSpecs(default, specs)


def require_spec(manager: KernelSpecManager, name: str) -> KernelSpec:
    """The specification ``name``. Raises KernelSpecMissing, also for one that cannot be read."""
    try:
        return manager.get_kernel_spec(name)
    except NoSuchKernel:
        raise KernelSpecMissing(
            f"The kernel {name!r} is not available. Choose another one, or install it.",
            fields={"short_message": f"{name} not found"},
        ) from None
    except Exception as error:
        raise KernelSpecMissing(
            f"The specification of the kernel {name!r} cannot be read: {error}",
            fields={"short_message": f"{name} not readable"},
        ) from error


def _model(name: str, spec: KernelSpec) -> KernelSpecModel:
    folder = Path(spec.resource_dir)
    resources = tuple(
        sorted(
            entry.name
            for entry in folder.iterdir()
            if entry.name in ("kernel.js", "kernel.css") or entry.name.startswith("logo-")
        )
    )
    return KernelSpecModel(name, spec.to_dict(), str(folder), resources)
