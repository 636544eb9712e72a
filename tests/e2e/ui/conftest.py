"""The notebook page that the tests of a module share."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.e2e.conftest import opened_on_default
from tests.e2e.contexts import SharedContexts
from tests.e2e.ui.desk import Desk
from tests.servers import Server

NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def desk_page(
    contexts: SharedContexts, servers: dict[str, Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """One notebook page for all tests of a module."""
    with opened_on_default(servers, contexts, tmp_path_factory) as opener:
        name = f"desk-{next(NUMBERS)}.ipynb"
        yield Desk(opener("one", name=name), opener.root_dir / name)


@pytest.fixture
def desk(desk_page: Desk) -> Desk:
    """The module's page, with the four cells of every test's beginning."""
    desk_page.wait("!nb.kernel_busy")
    desk_page.reset()
    return desk_page
