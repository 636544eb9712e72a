"""What runs, what was left behind, and whether the owners of the kernels answer."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from flasknb.cli.commands.checks.finding import Finding, Patient, note, ok, problem, warning
from flasknb.cli.commands.instances import instance_at, instance_folders, is_answered
from flasknb.cli.commands.output import counted, printable
from flasknb.cli.commands.process_identity import evidence
from flasknb.cli.commands.running_servers import RunningServer, UnusableInfo, info_files, read_info, runtime_dir
from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.instance import read_discovery

SHOWN_FILES = 3


def check_processes(_: Patient) -> Iterator[Finding]:
    """Servers by their files, then sidecars, then connection files of kernels."""
    running: list[RunningServer] = []
    for path in info_files(runtime_dir()):
        finding = check_info(path, running)
        if finding is not None:
            yield finding
    yield from _servers(running)
    kernel_ids: set[str] = set()
    for folder in instance_folders():
        yield check_sidecar(folder, kernel_ids)
    if not running:  # kernels of other servers are not ours to know
        yield from check_connection_files(runtime_dir(), kernel_ids)


def check_info(path: Path, running: list[RunningServer]) -> Finding | None:
    """What is wrong with a server's file; a good one joins ``running``."""
    try:
        server = read_info(path)
    except FileNotFoundError:
        return None
    except UnusableInfo as error:
        return problem(f"{path} is no server's file: {error}.", f"Look who made it, and remove it: rm {path}")
    found = evidence(server.pid, server.written_s)
    if found.is_running:
        running.append(server)
        return None
    what = "a process that is something else now" if found.is_alive else "a server that has ended"
    return warning(f"{path} was left behind by {what} (pid {server.pid}).", "`flasknb list` removes it.")


def check_sidecar(folder: Path, kernel_ids: set[str]) -> Finding:
    """Whether the sidecar of one instance answers; the ids of its kernels join ``kernel_ids``."""
    instance, discovery = instance_at(folder), read_discovery(folder)
    if discovery is None:
        return problem(f"{folder}/sidecar.json cannot be read.", f"Remove it: rm {folder}/sidecar.json")
    try:
        if not is_answered(folder):
            return note(
                f"The sidecar of {instance.title} was killed; the next server starts one and keeps its kernels."
            )
        kernels = instance.bridge.list_kernels()
    except FlasknbError as error:
        return problem(
            f"The sidecar of {instance.title} (pid {discovery.pid}) does not answer: {error.message}",
            f"Look at {folder}/sidecar.log; `kill -9 {discovery.pid}` ends it: kernels keep what they hold, and the"
            " next server takes them over.",
        )
    finally:
        instance.bridge.close()
    kernel_ids.update(kernel.id for kernel in kernels)
    dead = [kernel for kernel in kernels if kernel.execution_state == "dead"]
    if dead:
        reason = dead[0].reason or "no reason known"
        return warning(
            f"The sidecar of {instance.title} has {counted(len(dead), 'dead kernel')}: {reason}",
            f"See {folder}/kernels/*.log, then restart or stop them: flasknb kernels list",
        )
    return ok(f"The sidecar of {instance.title} answers: {counted(len(kernels), 'kernel')}.")


def check_connection_files(folder: Path, kernel_ids: set[str]) -> Iterator[Finding]:
    """Connection files of kernels that nobody knows."""
    try:
        names = [entry.name for entry in os.scandir(folder)]
    except OSError:
        return
    left = sorted(
        name for name in names if name.startswith("kernel-") and name.endswith(".json") and name[7:-5] not in kernel_ids
    )
    if left:
        shown = ", ".join(map(printable, left[:SHOWN_FILES])) + (", …" if len(left) > SHOWN_FILES else "")
        yield note(
            f"{len(left)} connection files in {folder} belong to no kernel of a running server: {shown}.",
            "Remove them, unless a `jupyter console` or another program uses its kernel.",
        )


def _servers(running: list[RunningServer]) -> Iterator[Finding]:
    by_root = defaultdict(list)
    for server in running:
        by_root[server.fields["root_dir"]].append(server)
    for root, servers in by_root.items():
        if len(servers) > 1:
            ends = ", ".join(sorted(printable(server.endpoint) for server in servers))
            yield note(
                f"{len(servers)} servers ({ends}) serve {printable(root)}: those of flasknb share their kernels."
            )
