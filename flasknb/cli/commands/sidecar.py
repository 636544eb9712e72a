"""``flasknb sidecar``: the kernels' process in the foreground, for people who look and for systemd."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import NoReturn

import click
from traitlets.config import Config

from flasknb.blueprints.context import Services
from flasknb.cli.commands.output import tell
from flasknb.cli.commands.places import chosen_mount, services_of_options
from flasknb.errors import SidecarUnavailable

FOR_EVER_S = 0


@click.command("sidecar", context_settings={"ignore_unknown_options": True})
@click.option("--mount", help="Which mount of the app, below `flask` only.")
@click.option("--listen", metavar="tcp://HOST:PORT", help="Also serve web workers of other machines, over TLS.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[FOLDER] [OPTIONS OF FLASKNB]")
def sidecar(mount: str | None, listen: str | None, options: tuple[str, ...]) -> None:
    """Run the process that owns the kernels of FOLDER in the foreground, until Control-C or SIGTERM.

    Servers of that folder find it and start none of their own. It takes the options that flasknb takes. Unless
    KernelSidecar.grace_time_s says otherwise, it stays however long no server runs. Control-C ends the kernels too;
    SIGTERM leaves them to the next one, unless KernelSidecar.stop_kernels_on_sigterm is set.
    """
    services = chosen_mount(mount) if not options else None
    run_in_foreground(services or services_of_options(options), listen)


def run_in_foreground(services: Services, listen: str | None = None) -> NoReturn:
    """Become the sidecar of a mount: the same program, settings and environment as when a worker starts it.

    Raises:
        SidecarUnavailable: one runs already.
    """
    from flasknb.kernel_bridge.instance import instance_dir
    from flasknb.kernel_bridge.starting import (
        BOOT,
        PACKAGE_PARENT,
        SHOWN_NAME,
        sidecar_environment,
        sidecar_settings,
    )

    root_dir, config = services.settings.root_dir, Config(services.settings.config)
    if listen:
        config.KernelSidecar.listen = listen
    config.KernelSidecar.pop("address", None)  # it is this one
    config.KernelSidecar.setdefault("grace_time_s", FOR_EVER_S)
    if services.bridge.attach():
        raise SidecarUnavailable(f"Another sidecar serves {root_dir} already; `flasknb stop` ends it with its server")
    services.bridge.close()
    folder = instance_dir(root_dir)
    with tempfile.TemporaryFile() as settings:
        settings.write(sidecar_settings(folder, root_dir, config))
        settings.seek(0)
        os.dup2(settings.fileno(), 0)
    tell(f"The sidecar of {root_dir} runs. Control-C ends it and its kernels.")
    os.chdir(folder)
    command = [sys.executable, "-c", BOOT, str(PACKAGE_PARENT), SHOWN_NAME]
    os.execve(sys.executable, command, sidecar_environment(config))  # noqa: S606
