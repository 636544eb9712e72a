"""``flasknb kernels``: the kernels that run, asked of the processes that own them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from flasknb.cli.commands.instances import Instance, InstanceKernel, kernels_of, running_instances
from flasknb.cli.commands.output import Problem, counted, home_short, table, tell, width
from flasknb.cli.commands.places import mounts_of_flask_app
from flasknb.errors import KernelMissing

SHORT_ID = 8
HEAD = ("ID", "KERNEL", "STATE", "CLIENTS", "LAST USED", "NOTEBOOK")


@click.group("kernels")
def kernels() -> None:
    """List or stop running kernels.

    Without a folder it is about every kernel of yours on this machine; below `flask` about those of the app.
    """


@kernels.command("list")
@click.argument("folder", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.option("-q", "--quiet", is_flag=True, help="Whole ids only.")
def list_kernels(folder: str | None, as_json: bool, quiet: bool) -> None:
    """Running kernels, or those of FOLDER."""
    found = [(instance, kernels_of(instance)) for instance in chosen_instances(folder)]
    if as_json or quiet:
        for kernel in (kernel for _, some in found for kernel in some):
            click.echo(json.dumps(kernel.to_json()) if as_json else kernel.model.id)
        return
    for instance, some in found:
        click.echo(click.style(home_short(instance.title), bold=True))
        lines = table(HEAD, [_row(kernel) for kernel in some], width(), indent="  ") if some else ["  no kernels"]
        click.echo("\n".join(lines))
    if not found:
        click.echo("No kernels are running.")


@kernels.command("stop")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "every", is_flag=True, help="All that `kernels list` shows.")
@click.option("--folder", help="Only those of this folder.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def stop_kernels(ids: tuple[str, ...], every: bool, folder: str | None, yes: bool) -> None:
    """Stop the kernels of these ids; the beginning of an id is enough. What they hold in memory is gone then."""
    if bool(ids) == every:
        raise click.UsageError("Name the kernels by their ids, or say --all.")
    running = [kernel for instance in chosen_instances(folder) for kernel in kernels_of(instance)]
    chosen = running if every else [_one(running, wanted) for wanted in dict.fromkeys(ids)]
    if not chosen:
        tell("No kernels are running.")
        return
    if every and not yes:
        if not sys.stdin.isatty():
            raise Problem(f"{counted(len(chosen), 'kernel')} would be stopped: say --yes where nobody can be asked.")
        click.confirm(f"Stop {counted(len(chosen), 'kernel')}?", abort=True, err=True)
    for kernel in chosen:
        try:
            kernel.instance.bridge.shutdown_kernel(kernel.model.id)
        except KernelMissing:
            continue  # it ended by itself meanwhile
        click.echo(f"Stopped kernel {kernel.model.id} ({kernel.model.name})")


def chosen_instances(folder: str | None) -> list[Instance]:
    """Those of the Flask app, of a folder, or all that run. Raises Problem for a folder that is none."""
    if folder is None:
        mounts = mounts_of_flask_app()
        if mounts:
            found = {mount.settings.root_dir: mount.bridge for mount in mounts.values()}
            return [Instance(root_dir, str(root_dir), bridge) for root_dir, bridge in found.items() if bridge.attach()]
        return running_instances()
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise Problem(f"No such folder: {folder}")
    return [instance for instance in running_instances() if instance.root_dir == path.resolve()]


def _one(running: Sequence[InstanceKernel], wanted: str) -> InstanceKernel:
    found = [kernel for kernel in running if wanted and kernel.model.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Problem(f"No running kernel's id begins with {wanted!r}; `flasknb kernels list` shows them.")
    raise Problem(f"The ids of {len(found)} kernels begin with {wanted!r}: give more of it.")


def _row(kernel: InstanceKernel) -> tuple[str, ...]:
    model = kernel.model
    shown = ", ".join(kernel.paths) or "-"
    state = f"{model.execution_state}"
    return (model.id[:SHORT_ID], model.name, state, str(model.connections), kernel.last_used, shown)
