"""A browser, a running server per way of running it, and notebooks opened in it.

``FLASKNB_E2E_WAY=mounted`` (or ``flask``, ``flasknb``) runs the tests that name no way under that one.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.contexts import SharedContexts, forget_settings
from tests.e2e.order import turn
from tests.e2e.pages import NotebookPage, write_notebook
from tests.servers import Server, start_server

SHOWN_CHARACTERS = 3000
EXPECT_TIMEOUT_MS = 20_000  # Playwright's own five seconds are few on a busy machine
DEFAULT_WAY = os.environ.get("FLASKNB_E2E_WAY", "gunicorn")
OFF = [
    # what Playwright switches off; Chromium takes the last list only
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "OptimizationHints"),
    # the address bar's list is a page of its own, which each tab would start: a third of the processor's time
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    # a page that a test answers itself counts as one from elsewhere, and could open no websocket to this machine
    "--disable-features=" + ",".join(["LocalNetworkAccessChecks", *OFF]),
]
SERVERS = pytest.StashKey[dict[str, Server]]()
expect.set_options(timeout=EXPECT_TIMEOUT_MS)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long modules first; kept by ``--no-loadscope-reorder`` alone."""
    items.sort(key=lambda item: turn(item.path))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; nothing is downloaded."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Iterator[dict[str, Server]]:
    """Servers already started in this session, by way; all stopped at its end."""
    running = pytestconfig.stash[SERVERS] = {}
    yield running
    for server in running.values():
        server.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put what the servers have printed beside a failure."""
    report = yield
    if report.failed:
        servers = item.config.stash.get(SERVERS, {})
        report.sections += [(f"log of {way}", server.log[-SHOWN_CHARACTERS:]) for way, server in servers.items()]
    return report


@pytest.fixture
def server(
    request: pytest.FixtureRequest, servers: dict[str, Server], tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """The server of this test's way (``@pytest.mark.way``, or a ``way`` parameter)."""
    marker = request.node.get_closest_marker("way")
    callspec = getattr(request.node, "callspec", None)
    way = marker.args[0] if marker else (callspec.params.get("way", DEFAULT_WAY) if callspec else DEFAULT_WAY)
    if way not in servers:
        servers[way] = start_server(way, tmp_path_factory.mktemp(way))
    return servers[way]


class OpenNotebook:
    """Opens notebooks as a logged-in user, one browser context per test.

    No two tests share a path: the server remembers what was kept for it.
    """

    _numbers = itertools.count()

    def __init__(self, server: Server, context: BrowserContext) -> None:
        self.server = server
        self.context = context
        self.root_dir = server.root_dir

    def __call__(self, *sources: str | tuple[str, str], name: str | None = None) -> NotebookPage:
        return self.existing(self.write(*sources, name=name))

    def write(self, *sources: str | tuple[str, str], name: str | None = None) -> str:
        """Put a notebook on disk; returns its API path."""
        api_path = name or f"test-{next(self._numbers)}.ipynb"
        write_notebook(self.root_dir / api_path, *sources)
        return api_path

    def raw(self, name: str, text: str) -> NotebookPage:
        """Open a notebook with exactly this content."""
        (self.root_dir / name).write_text(text, encoding="utf-8")
        return self.existing(name)

    def existing(self, api_path: str) -> NotebookPage:
        return NotebookPage(self.visit(f"notebooks/{api_path}")).wait_ready()

    def visit(self, path: str) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.server.base_url}{path}")
        return page


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> SharedContexts:
    """Logged-in contexts of the browser."""
    return SharedContexts(browser)


@pytest.fixture
def open_notebook(server: Server, contexts: SharedContexts, request: pytest.FixtureRequest) -> Iterator[OpenNotebook]:
    """Opens pages for one test; ``@pytest.mark.own_context`` where it does something to the context itself."""
    is_own = request.node.get_closest_marker("own_context") is not None
    with contexts.own(server) if is_own else contexts.borrow(server, "test") as context:
        yield OpenNotebook(server, context)


@pytest.fixture(autouse=True)
def no_page_stays(browser: Browser) -> Iterator[None]:
    """Close what a test has opened: in a page behind another one every click takes half a second."""
    before = {page for context in browser.contexts for page in context.pages}
    yield
    for page in [page for context in browser.contexts for page in context.pages if page not in before]:
        page.close()


@pytest.fixture(scope="module")
def desk(
    request: pytest.FixtureRequest,
    servers: dict[str, Server],
    contexts: SharedContexts,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[OpenNotebook]:
    """Opens pages in one browser context for all tests of a module, on the default server."""
    is_own = request.node.get_closest_marker("own_context") is not None
    with opened_on_default(servers, contexts, tmp_path_factory, is_own=is_own) as opener:
        opener.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield opener


@contextmanager
def opened_on_default(
    servers: dict[str, Server],
    contexts: SharedContexts,
    tmp_path_factory: pytest.TempPathFactory,
    locale: str | None = None,
    *,
    is_own: bool = False,
) -> Iterator[OpenNotebook]:
    """A logged-in browser context on the default server; its kernels end with it."""
    if DEFAULT_WAY not in servers:
        servers[DEFAULT_WAY] = start_server(DEFAULT_WAY, tmp_path_factory.mktemp(DEFAULT_WAY))
    server = servers[DEFAULT_WAY]
    with contexts.own(server, locale=locale) if locale or is_own else contexts.borrow(server, "module") as context:
        yield OpenNotebook(server, context)
        forget_settings(context, server)


@pytest.fixture
def broken_kernelspec(server: Server) -> Iterator[Path]:
    """A kernel specification whose process ends at once with a message."""
    folder = server.data_dir / "kernels" / "broken"
    folder.mkdir(parents=True)
    program = "import sys; sys.exit('no module today')"
    argv = ["python3", "-c", program, "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Broken", "language": "python"}))
    yield folder
    shutil.rmtree(folder)
