"""nbconvert for the tests of conversions: as users start it, and forked where only its answer matters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flasknb.conversion import processes
from tests.contents_site import Site, open_site
from tests.forking import Nursery, nursery

NO_SPARE = {"Conversion.spare_time_s": 0}


@pytest.fixture(scope="module", autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    processes.end_spares()


@pytest.fixture(scope="session")
def nbconvert_nursery() -> Iterator[Nursery]:
    imports = ["flasknb.conversion.worker", "flasknb.conversion.exports", "nbconvert.exporters"]
    with nursery("flasknb.conversion.worker:main", imports) as made:
        yield made


@pytest.fixture
def quick_start(monkeypatch: pytest.MonkeyPatch, nbconvert_nursery: Nursery) -> Iterator[None]:
    """Conversion processes that need not import nbconvert again: for tests of what it makes, not of the process."""

    def start(environment: dict[str, str], spare_time_s: float) -> Any:
        return nbconvert_nursery.start([f"{spare_time_s:.0f}"], environment, [None, None, None])

    processes.end_spares()
    with monkeypatch.context() as patch:
        patch.setattr(processes, "_start", start)
        yield
        processes.end_spares()


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


@pytest.fixture
def one_site(tmp_path: Path, quick_start: None) -> Site:
    """Without the mount and with forked processes: where neither matters."""
    return open_site(tmp_path, **{"Conversion.timeout_s": 60})


@pytest.fixture
def real_site(tmp_path: Path) -> Site:
    """With processes as they are started for users: where environment, folders or limits matter."""
    processes.end_spares()
    return open_site(tmp_path, **{"Conversion.timeout_s": 60, **NO_SPARE})
