"""The notebook page that the tests of a module share."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import DEFAULT_WAY, OpenNotebook, stop_all_sessions
from tests.e2e.ui.desk import Desk
from tests.servers import Server, start_server

NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def desk_page(browser: Browser, servers: dict[str, Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One notebook page for all tests of a module."""
    if DEFAULT_WAY not in servers:
        servers[DEFAULT_WAY] = start_server(DEFAULT_WAY, tmp_path_factory.mktemp(DEFAULT_WAY))
    server = servers[DEFAULT_WAY]
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.request.get(f"{server.base_url}tree?token={server.token}")
    opener = OpenNotebook(server, context)
    name = f"desk-{next(NUMBERS)}.ipynb"
    yield Desk(opener("one", name=name), opener.root_dir / name)
    # a hidden header, say, is remembered for every page of the server
    headers = {"Authorization": f"token {server.token}"}
    assert context.request.put(f"{server.base_url}api/config/notebook", headers=headers, data={}).ok
    stop_all_sessions(context, server)
    context.close()


@pytest.fixture
def desk(desk_page: Desk) -> Desk:
    """The module's page, with the four cells of every test's beginning."""
    desk_page.wait("!nb.kernel_busy")
    desk_page.reset()
    return desk_page
