"""Installed kernel specifications, read anew at each question. Slow with thousands of them: call it in a thread."""

from __future__ import annotations

import logging
from pathlib import Path

import orjson
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel

from flasknb.errors import KernelSpecMissing
from flasknb.kernel_bridge.models import KernelSpecModel, KernelSpecs
from flasknb.kernel_bridge.sidecar.installed_kernels import InstalledKernels

log = logging.getLogger(__name__)

_told: dict[str, str] = {}  # what was said about a broken one, so that it is said once


def list_specs(manager: KernelSpecManager, default: str) -> KernelSpecs:
    """Every specification that can be read; a broken one is left out and logged."""
    specs: dict[str, KernelSpecModel] = {}
    for name, folder in manager.find_kernel_specs().items():
        try:
            specs[name] = _model(name, _spec(manager, name, folder))
        except Exception as error:  # noqa: BLE001 - any broken kernel.json must leave the others usable
            if _told.get(name) != str(error):
                _told[name] = str(error)
                log.warning("kernel specification left out name=%s error=%s", name, error)
    return KernelSpecs(default, specs)


def one_spec(manager: KernelSpecManager, name: str) -> KernelSpecModel:
    """The specification ``name``. Raises KernelSpecMissing, also for one that is broken or not allowed."""
    try:
        return _model(name, require_spec(manager, name))
    except (KernelSpecMissing, OSError, TypeError) as error:
        raise KernelSpecMissing(f"Kernel spec {name[:100]} not found") from error


def require_spec(manager: KernelSpecManager, name: str) -> KernelSpec:
    """The specification ``name``. Raises KernelSpecMissing, also for one that cannot be read or is not allowed."""
    try:
        if not is_allowed(manager, name):
            raise NoSuchKernel(name)
        return manager.get_kernel_spec(name)
    except NoSuchKernel:
        raise KernelSpecMissing(
            f"The kernel {name[:100]!r} is not available. Choose another one, or install it.",
            fields={"short_message": f"{name[:100]} not found"},
        ) from None
    except Exception as error:
        raise KernelSpecMissing(
            f"The specification of the kernel {name[:100]!r} cannot be read: {error}",
            fields={"short_message": f"{name[:100]} not readable"},
        ) from error


def is_allowed(manager: KernelSpecManager, name: str) -> bool:
    """Whether ``allowed_kernelspecs`` lets it be used; jupyter_client only lets lists leave out the others."""
    allowed = manager.allowed_kernelspecs
    return not allowed or name in allowed or name.lower() in allowed


def _spec(manager: KernelSpecManager, name: str, folder: str) -> KernelSpec:
    """Looking a name up again would make the list's time grow with the square of its length."""
    if type(manager) in (InstalledKernels, KernelSpecManager):
        return manager._get_kernel_spec_by_name(name, folder)
    return manager.get_kernel_spec(name)


def _model(name: str, spec: KernelSpec) -> KernelSpecModel:
    """Raises OSError for an unreadable folder, TypeError for values that no answer can carry."""
    folder = Path(spec.resource_dir)
    files = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    resources = tuple(file for file in files if file in ("kernel.js", "kernel.css") or file.startswith("logo-"))
    model = KernelSpecModel(name, spec.to_dict(), str(folder), resources)
    orjson.dumps([model.name, model.spec, model.resource_dir, model.resources])
    return model
