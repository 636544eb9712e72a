"""Starting the sidecar from a worker: one at a time, detached, with the environment that kernels may see."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from traitlets import TraitError
from traitlets.config import Config

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.environment import allowed_environment
from flasknb.kernel_bridge.gateway_options import GatewayClient, passed_variables
from flasknb.kernel_bridge.instance import Discovery, locked, read_discovery
from flasknb.kernel_bridge.option_values import packed
from flasknb.kernel_bridge.options import KernelSidecar

log = logging.getLogger(__name__)

START_TIMEOUT_S = 30.0
PACKAGE_PARENT = Path(__file__).resolve().parents[2]
BOOT = (
    "import sys; sys.path[:1] = []; sys.path.append(sys.argv.pop(1)); "
    "from flasknb.kernel_bridge.sidecar.__main__ import main; main()"
)
"""The sidecar must not import from its working directory, and kernels must not inherit a PYTHONPATH made for it."""

SHOWN_NAME = "flasknb.kernel_bridge.sidecar"  # tells it from other Pythons in `ps`; means nothing to it


def start_sidecar(instance: Path, root_dir: Path, config: Mapping[str, Any], *, seen: Discovery | None) -> None:
    """Make sure that a sidecar runs which is not the dead one that ``seen`` describes.

    Raises:
        SidecarUnavailable: it did not come up within START_TIMEOUT_S; the message has the reason it gave.
    """
    with locked(instance / "start.lock", timeout_s=START_TIMEOUT_S) as is_mine:
        if not is_mine:
            raise SidecarUnavailable("Another process has been starting the sidecar for too long; try again.")
        if read_discovery(instance) not in (None, seen):
            return  # somebody else started one while we waited for the lock
        _spawn(instance, sidecar_settings(instance, root_dir, config), sidecar_environment(config))


def sidecar_settings(instance: Path, root_dir: Path, config: Mapping[str, Any]) -> bytes:
    """What the sidecar reads on its standard input. Passwords and values that are no JSON stay here."""
    settings = {"instance_dir": str(instance), "root_dir": str(root_dir), "config": packed(config)}
    return json.dumps(settings).encode()


def sidecar_environment(config: Mapping[str, Any]) -> dict[str, str]:
    """The part of this process's environment for the sidecar. Raises SidecarUnavailable for impossible options."""
    try:
        options = Config(config)
        names = passed_variables(GatewayClient(config=options), os.environ)
        return allowed_environment(os.environ, [*KernelSidecar(config=options).allowed_env, *names])
    except TraitError as error:
        raise SidecarUnavailable(f"The kernels' process has an option that makes no sense: {error}") from error


def _spawn(instance: Path, settings: bytes, environment: Mapping[str, str]) -> None:
    try:
        tail = _launched(instance, settings, environment)
    except OSError as error:  # no process or descriptor is left, or no memory
        reason = error.strerror or error
        raise SidecarUnavailable(f"The process that runs the kernels could not be started: {reason}.") from error
    if tail is not None:
        raise SidecarUnavailable(f"The process that runs the kernels did not start: {tail or 'no reason given'}")
    log.info("sidecar started instance=%s", instance)


def _launched(instance: Path, settings: bytes, environment: Mapping[str, str]) -> str | None:
    """What the new sidecar complains of; ``None`` when it serves. Raises OSError, SidecarUnavailable."""
    command = [sys.executable, "-c", BOOT, str(PACKAGE_PARENT), SHOWN_NAME, "--detach"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=instance,
        env=dict(environment),
        start_new_session=True,
    ) as launcher:
        try:
            _, complaint = launcher.communicate(settings, timeout=START_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            launcher.kill()
            raise SidecarUnavailable(
                f"The process that runs the kernels did not start within {START_TIMEOUT_S:.0f} s; "
                f"see {instance}/sidecar.log"
            ) from None
    return complaint.decode(errors="replace").strip()[-2000:] if launcher.returncode else None
