"""The table of layers as data: what a package may import, what it never does; and that no import goes in circles."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PACKAGE = REPO / "flasknb"
STANDARD = frozenset(sys.stdlib_module_names)
NETWORK = frozenset({"socket", "ssl", "select", "selectors", "asyncio", "threading", "time", "subprocess"})
WEB = frozenset({"flask", "werkzeug", "flask_sock"})
GREEN = frozenset({"gevent", "greenlet", "zmq.green"})


@dataclass(frozen=True)
class Layer:
    """``folder`` below ``flasknb`` (or a module). ``ours``: parts of flasknb it may import; others are refused."""

    name: str
    files: tuple[str, ...]
    ours: frozenset[str]
    never: frozenset[str]


PURE = (
    "messages",
    "ws_codec",
    "frames",
    "lifecycle",
    "fanout",
    "entries",
    "journal",
    "journal_records",
    "rate_limits",
    "culling",
    "tracebacks",
    "execution_queue",
    "output_fold",
)
LAYERS = (
    Layer(
        "blueprints",
        ("blueprints",),
        frozenset(
            {
                "away",
                "blueprints",
                "contents",
                "conversion",
                "kernel_bridge",
                "auth",
                "extensions",
                "language",
                "events",
                "metrics",
                "openapi",
                "config",
                "errors",
                "lingering",
                "__version__",
            }
        ),
        frozenset({"zmq", "jupyter_client", "shutil", "os", "glob", "tempfile"}),
    ),
    Layer("contents", ("contents",), frozenset({"contents", "config", "errors"}), WEB | GREEN),
    Layer("auth", ("auth",), frozenset({"auth", "config", "errors"}), WEB | GREEN),
    Layer("extensions", ("extensions",), frozenset({"extensions", "config", "errors"}), WEB | GREEN),
    Layer("language", ("language",), frozenset({"language"}), WEB | GREEN | NETWORK),
    Layer("events", ("events",), frozenset({"events", "kernel_bridge", "config", "errors"}), WEB | GREEN),
    Layer(
        "away",
        ("away",),
        frozenset({"away", "contents", "kernel_bridge", "config", "errors"}),
        WEB | GREEN,
    ),
    Layer("metrics", ("metrics",), frozenset({"metrics", "kernel_bridge", "errors"}), WEB | GREEN),
    Layer(
        "conversion",
        ("conversion",),
        frozenset(
            {"conversion", "contents.awaiting", "contents.late_nbformat", "extensions.bundlers", "config", "errors"}
        )
        | {"kernel_bridge.environment", "kernel_bridge.option_values"},
        WEB | GREEN,
    ),
    Layer("openapi", ("openapi",), frozenset({"openapi"}), WEB | GREEN | NETWORK),
    Layer("config", ("config",), frozenset({"config", "errors"}), WEB | GREEN),
    Layer("testing", ("testing",), frozenset({"testing", "kernel_bridge", "errors"}), WEB | GREEN | NETWORK),
    Layer("errors", ("errors.py",), frozenset(), WEB | GREEN | NETWORK),
    Layer("lingering", ("lingering.py",), frozenset(), WEB | GREEN | NETWORK),
    Layer(
        "pure parts of the kernel bridge",
        tuple(f"kernel_bridge/{name}.py" for name in PURE),
        frozenset({f"kernel_bridge.{name}" for name in PURE}),
        NETWORK | WEB | GREEN | frozenset({"zmq", "jupyter_client", "os"}),
    ),
    Layer(
        "kernel bridge",
        ("kernel_bridge",),
        frozenset({"kernel_bridge", "config", "errors"}),
        frozenset({"flask"}),
    ),
    Layer(
        "sidecar",
        ("kernel_bridge/sidecar",),
        frozenset({"kernel_bridge", "config", "errors"}),
        WEB | GREEN,
    ),
    Layer(
        "sockets of the command line",
        ("cli/sockets",),
        frozenset({"cli.sockets", "config", "kernel_bridge.instance"}),
        WEB | GREEN,
    ),
    Layer(
        "logs of the command line",
        ("cli/logs",),
        frozenset({"cli.logs", "auth", "config", "kernel_bridge.bridge", "kernel_bridge.models", "blueprints.context"}),
        WEB | GREEN,
    ),
    Layer(
        "command line",
        ("cli",),
        frozenset({"cli", "config", "auth", "extensions", "kernel_bridge", "errors", "lingering"})
        | {"app", "blueprints.beforehand", "blueprints.context", "blueprints.rendering", "__version__"},
        frozenset({"zmq", "tornado"}),
    ),
)
PURE_MAY_IMPORT = STANDARD | {"orjson", "flasknb"}


def files_of(layer: Layer) -> Iterator[Path]:
    for name in layer.files:
        path = PACKAGE / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that ``path`` imports, also inside functions and for types, absolute, with its line."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def is_within(module: str, names: frozenset[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def offences(layer: Layer) -> Iterator[str]:
    for path in files_of(layer):
        for module, line in imports_of(path):
            inner = module.removeprefix("flasknb.")
            is_ours = module.startswith("flasknb.")
            if (is_ours and not is_within(inner, layer.ours)) or is_within(module, layer.never):
                yield f"{path.relative_to(REPO)}:{line} imports {module}"


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_a_layer_imports_only_what_it_may(layer: Layer) -> None:
    assert sorted(set(offences(layer))) == []


def test_every_package_has_its_layer() -> None:
    packages = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert packages - {name for layer in LAYERS for name in layer.files} == set()


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_need_the_standard_library_and_orjson_only(name: str) -> None:
    path = PACKAGE / "kernel_bridge" / f"{name}.py"
    roots = {module.partition(".")[0] for module, _ in imports_of(path)}
    assert roots <= PURE_MAY_IMPORT


def module_name(path: Path) -> str:
    parts = path.relative_to(REPO).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph() -> dict[str, set[str]]:
    """Imports among our modules that happen at run time; imports for types only make no circle."""
    known = {module_name(path): path for path in PACKAGE.rglob("*.py")}
    edges: dict[str, set[str]] = {}
    for name, path in known.items():
        found = {module for module, _ in runtime_imports_of(path)}
        edges[name] = {module for module in found if module in known and module not in (name, "flasknb")}
    return edges


def runtime_imports_of(path: Path) -> Iterator[tuple[str, int]]:
    tree = parsed(path)
    skipped = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from package import module` needs the module, `from package import name` the package
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            inside = [name for name in submodules if (REPO / (name.replace(".", "/") + ".py")).exists()]
            yield from ((name, node.lineno) for name in (inside or [node.module]))


def circle_in(edges: dict[str, set[str]]) -> list[str]:
    """One circle of imports, as the path that closes it; empty when there is none."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for target in sorted(edges.get(name, ())):
            found = visit(target, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in sorted(edges) if (found := visit(name, []))), [])


def test_no_import_goes_in_circles_not_even_inside_functions() -> None:
    assert circle_in(graph()) == []


def test_a_circle_would_be_found() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]


def views() -> Iterator[tuple[str, int]]:
    """Every view with its length: lines of the function without its docstring."""
    for path in sorted((PACKAGE / "blueprints").glob("*.py")):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef) and any(_is_route(one) for one in node.decorator_list):
                first = node.body[1] if len(node.body) > 1 and ast.get_docstring(node) else node.body[0]
                yield f"{path.name}:{node.name}", (node.end_lineno or 0) - first.lineno + 1


def _is_route(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return False
    names = {"route", "get", "post", "put", "patch", "delete"}
    return decorator.func.attr in names and isinstance(decorator.func.value, ast.Name)


LONG_VIEWS = {"channels.py:kernel_channels"}  # the upgrade must let go of the stream when it fails


def test_a_view_is_at_most_twelve_lines() -> None:
    assert [(name, lines) for name, lines in views() if lines > 12 and name not in LONG_VIEWS] == []
