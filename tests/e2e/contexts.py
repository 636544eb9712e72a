"""Logged-in browser contexts, used again: where the browser has its scripts, a page opens in a third of the time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.servers import Server

VIEWPORT = {"width": 1200, "height": 900}
KEPT_BY_PAGES = "cookies,local_storage,indexeddb,cache_storage,service_workers"


class SharedContexts:
    """One context for each kind of user of a server; who comes next finds nothing of the one before but the HTTP cache.

    A test that listens to its context, has a word in its requests or stops its clock wants one of its own (``own``).
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[tuple[str, str], BrowserContext] = {}

    @contextmanager
    def borrow(self, server: Server, kind: str) -> Iterator[BrowserContext]:
        """The context of ``kind`` (one user at a time), logged in; its kernels end with its use."""
        key = (server.base_url, kind)
        if key not in self._contexts:
            self._contexts[key] = self._browser.new_context(viewport=VIEWPORT)
        context = self._contexts[key]
        log_in(context, server)
        try:
            yield context
        finally:
            with sessions_ending(server):
                forget_everything(context, server)

    @contextmanager
    def own(self, server: Server, **settings: Any) -> Iterator[BrowserContext]:
        """A context that nobody else has had, with Playwright's ``settings``."""
        context = self._browser.new_context(viewport=VIEWPORT, **settings)
        log_in(context, server)
        try:
            yield context
        finally:
            with sessions_ending(server):
                context.close()


def log_in(context: BrowserContext, server: Server) -> None:
    """As somebody who follows the address that the server printed."""
    context.request.get(f"{server.base_url}tree?token={server.token}")


@contextmanager
def sessions_ending(server: Server) -> Iterator[None]:
    """The kernels of this test end during the block, so that they do not slow the next one."""
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(server.end_sessions)
        yield
        ended.result()


def forget_settings(context: BrowserContext, server: Server) -> None:
    """A hidden header, say, or an open outline is remembered by the server for every page."""
    headers = {"Authorization": f"token {server.token}"}
    assert context.request.put(f"{server.base_url}api/config/notebook", headers=headers, data={}).ok


def forget_everything(context: BrowserContext, server: Server) -> None:
    """Close all pages, then have the browser drop what they kept."""
    for page in context.pages:
        page.close()
    context.set_offline(False)
    context.clear_permissions()
    context.unroute_all()
    with blank(context) as page:
        devtools = context.new_cdp_session(page)
        origin = server.base_url.split("/", 3)
        devtools.send("Storage.clearDataForOrigin", {"origin": "/".join(origin[:3]), "storageTypes": KEPT_BY_PAGES})
    context.clear_cookies()


@contextmanager
def blank(context: BrowserContext) -> Iterator[Page]:
    """A page without anything."""
    page = context.new_page()
    yield page
    page.close()
