"""What gunicorn's master imports for its workers, which patch the standard library after that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flasknb.cli.shared_imports import forget

REPO = Path(__file__).resolve().parents[2]
IMPORT_TIMEOUT_S = 60
HARMLESS = {
    "click.globals.local",  # of commands; a worker runs none
    "jinja2.utils.Lock",  # held for moments in which no greenlet switches
    "werkzeug.routing.map.Lock",  # likewise
}
LEFT_UNPATCHED = """
import sys
import gunicorn.app.wsgiapp, gunicorn.arbiter, gunicorn.workers.ggevent
before = set(sys.modules)
from flasknb.cli.shared_imports import share_imports
share_imports()
from gevent import monkey
import _thread, threading
assert not monkey.saved, "something was patched"
locks = {type(_thread.allocate_lock()), type(threading.RLock())}
monkey.patch_all()
taken = [thing for names in monkey.saved.values() for thing in names.values() if callable(thing)]
known = {id(thing) for thing in taken}
for name in set(sys.modules) - before:
    module = sys.modules[name]
    if name.partition(".")[0] in {*sys.stdlib_module_names, "gevent"}:
        continue
    for own, thing in vars(module).items():
        derived = isinstance(thing, type) and any(id(base) in known for base in thing.__mro__)
        if id(thing) in known or derived or type(thing) in locks:
            print(f"{name}.{own}")
"""


def run(program: str) -> set[str]:
    arguments = [sys.executable, "-W", "error", "-c", program]
    answer = subprocess.run(arguments, cwd=REPO, capture_output=True, text=True, timeout=IMPORT_TIMEOUT_S, check=False)
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split())


def test_nothing_of_it_has_what_workers_patch() -> None:
    assert run(LEFT_UNPATCHED) <= HARMLESS


def test_workers_find_nearly_everything_there() -> None:
    shared = (
        "from flasknb.cli.shared_imports import share_imports; share_imports(); import sys; before = set(sys.modules)"
    )
    made = "from flasknb import create_app; create_app({'root_dir': '.', 'token': 'x'})"
    ours = "print(*(name for name in set(sys.modules) - before if name.startswith('flasknb')))"
    assert run(f"{shared}; {made}; {ours}") == set()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "renewed_package"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "child.py").write_text("VALUE = 'old'")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_what_is_forgotten_is_imported_anew(package: Path) -> None:
    import renewed_package.child  # type: ignore[import-not-found]

    old = renewed_package.child
    (package / "child.py").write_text("VALUE = 'changed'")  # another length: the compiled one does not count
    forget(["renewed_package.child"])
    from renewed_package import child

    assert (old.VALUE, child.VALUE) == ("old", "changed")


def test_forgetting_leaves_alone_what_is_not_there(package: Path) -> None:
    import renewed_package

    renewed_package.child = "something else"
    forget(["renewed_package.child", "no.such.module"])
    assert renewed_package.child == "something else"
