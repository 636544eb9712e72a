"""Can the installed kernels start?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flasknb.cli.commands.checks.finding import Finding, Patient, note, ok, problem, warning
from flasknb.cli.commands.checks.versions import is_older
from flasknb.cli.commands.output import printable

IMPORT_TIMEOUT_S = 30.0
LEAST_IPYKERNEL = "6.29"
DEFAULT_KERNEL = "python3"
OWN_PYTHONS = {"python", f"python{sys.version_info[0]}", f"python{sys.version_info[0]}.{sys.version_info[1]}"}
MANAGERS = ("MultiKernelManager", "MappingKernelManager", "AsyncMappingKernelManager")


@dataclass(frozen=True)
class Spec:
    """One usable kernel.json. ``argv`` is the command line, ``folder`` where it lies."""

    name: str
    folder: Path
    argv: Sequence[str]
    display_name: str


def check_kernelspecs(patient: Patient) -> Iterator[Finding]:
    """Every specification on Jupyter's path, the native one among them."""
    found = spec_folders()
    specs = []
    for name, folders in found.items():
        spec = read_spec(name, folders[0])
        yield from _shadowed(name, folders)
        if isinstance(spec, Finding):
            yield spec
            continue
        specs.append(spec)
        yield from check_spec(spec)
    yield from _same_titles(specs)
    yield from _default(patient, [spec.name for spec in specs])


def spec_folders() -> Mapping[str, Sequence[Path]]:
    """Name → the folders that hold a kernel of that name, the one that counts first."""
    from jupyter_client.kernelspec import KernelSpecManager

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # IPython's, of a read-only home: folders.py tells it
        parents = dict.fromkeys(KernelSpecManager().kernel_dirs)
    found: dict[str, list[Path]] = defaultdict(list)
    for parent in map(Path, parents):
        try:
            folders = sorted(path for path in parent.iterdir() if path.is_dir() and (path / "kernel.json").exists())
        except OSError:
            continue
        for folder in folders:
            found[folder.name.lower()].append(folder)
    return found


def read_spec(name: str, folder: Path) -> Spec | Finding:
    """The specification in ``folder``, or what is wrong with it."""
    path = folder / "kernel.json"
    advice = f"Correct {path}, or remove it: jupyter kernelspec remove {name}"
    try:
        content = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        return problem(f"Kernel {name}: {path}, line {error.lineno}: {error.msg}.", advice)
    except (OSError, ValueError) as error:
        return problem(f"Kernel {name}: {path} cannot be read: {error}.", advice)
    argv = content.get("argv") if isinstance(content, dict) else None
    if not isinstance(argv, list) or not argv or not all(isinstance(word, str) for word in argv):
        return problem(f"Kernel {name}: argv in {path} is no list of texts.", advice)
    return Spec(name, folder, argv, str(content.get("display_name") or name))


def check_spec(spec: Spec) -> Iterator[Finding]:
    """Whether it can start, and what its Python has."""
    program = _program(spec.argv[0])
    if program is None:
        yield problem(
            f"Kernel {spec.name}: its program {printable(spec.argv[0])} does not exist or is no program.",
            f"Install it anew, or remove it: jupyter kernelspec remove {spec.name}",
        )
        return
    if not any("{connection_file}" in word for word in spec.argv):
        yield problem(
            f"Kernel {spec.name}: its argv has no {{connection_file}}, so it cannot be told where to listen.",
            f"Correct {spec.folder / 'kernel.json'}",
        )
    if not os.access(spec.folder, os.R_OK | os.X_OK):
        yield problem(f"Kernel {spec.name}: {spec.folder} cannot be read.", f"chmod a+rX {spec.folder}")
    yield from _check_ipykernel(spec, program) if "ipykernel_launcher" in spec.argv else [_fine(spec, program, "")]


def _check_ipykernel(spec: Spec, program: str) -> Iterator[Finding]:
    version, complaint = ipykernel_in(program)
    install = f"{program} -m pip install --upgrade ipykernel"
    if version is None:
        yield problem(f"Kernel {spec.name}: ipykernel cannot be imported in {program}: {complaint}", install)
    elif is_older(version, LEAST_IPYKERNEL):
        yield warning(f"Kernel {spec.name}: ipykernel {version} in {program} is older than {LEAST_IPYKERNEL}.", install)
    else:
        yield _fine(spec, program, f", ipykernel {version}")
        if spec.name == DEFAULT_KERNEL and not _is_this_python(program):
            yield note(
                f"Kernel {spec.name} runs another Python ({program}) than flasknb ({sys.executable}):"
                " packages that you install for one are not there for the other."
            )


@cache
def ipykernel_in(program: str) -> tuple[str | None, str]:
    """Version of ipykernel in a Python, or ``None`` and the last line it said."""
    try:
        said = subprocess.run(
            [program, "-c", "import ipykernel; print(ipykernel.__version__)"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=IMPORT_TIMEOUT_S,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=os.sep,  # a file called ipykernel.py in the working directory proves nothing
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, str(error)
    if said.returncode == 0:
        return said.stdout.strip(), ""
    return None, printable((said.stderr.strip().splitlines() or [f"it ended with status {said.returncode}"])[-1])


def _program(name: str) -> str | None:
    """What jupyter_client would run for the first word of an argv; ``None`` when it cannot be run."""
    return sys.executable if name in OWN_PYTHONS else shutil.which(name)


def _is_this_python(program: str) -> bool:
    """By the folder, not by the file: every environment's python may be a link to the same one."""
    return Path(program).parent.resolve() == Path(sys.executable).parent.resolve()


def _fine(spec: Spec, program: str, more: str) -> Finding:
    return ok(f"Kernel {spec.name} ({printable(spec.display_name)}): {program}{more}")


def _shadowed(name: str, folders: Sequence[Path]) -> Iterator[Finding]:
    if len(folders) > 1:
        others = ", ".join(map(str, folders[1:]))
        yield warning(
            f"Kernel {name} is installed {len(folders)} times: {folders[0]} counts, {others} does not.",
            "Remove the one that you do not want.",
        )


def _same_titles(specs: Sequence[Spec]) -> Iterator[Finding]:
    titles = defaultdict(list)
    for spec in specs:
        titles[spec.display_name].append(spec.name)
    for title, names in titles.items():
        if len(names) > 1:
            yield warning(
                f"The kernels {', '.join(names)} all show as {printable(title)!r}: nobody can tell them apart.",
                "Give each a display_name of its own in its kernel.json.",
            )


def _default(patient: Patient, names: Sequence[str]) -> Iterator[Finding]:
    if not names:
        yield problem(
            "No kernel can be started: none is installed.",
            f"{sys.executable} -m ipykernel install --sys-prefix",
        )
        return
    said = [patient.config.get(manager, {}).get("default_kernel_name") for manager in MANAGERS]
    default = next((str(name) for name in said if name), DEFAULT_KERNEL)
    if default not in names:
        yield warning(
            f"The default kernel {printable(default)} is not installed.",
            f"Set MultiKernelManager.default_kernel_name to one of: {', '.join(names)}",
        )
