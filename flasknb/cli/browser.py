"""Opens the first page in the user's browser, without leaving a secret on a command line."""

from __future__ import annotations

import logging
import webbrowser

import gevent

log = logging.getLogger(__name__)


def open_browser(name: str, address: str, where: int) -> None:
    """Show ``address`` in the browser ``name`` (a name or a command with ``%s``), or in the default one.

    ``where``: 0 the same window, 1 a new window, 2 a new tab.
    """
    try:
        browser = webbrowser.get(name or None)
    except webbrowser.Error as error:
        log.warning("No web browser found: %s.", error)
        return
    # A greenlet, not a native thread: gevent watches the browser's process in the main hub only.
    gevent.spawn(_open, browser, address, where)


def _open(browser: webbrowser.BaseBrowser, address: str, where: int) -> None:
    try:
        is_open = browser.open(address, where)
    except OSError as error:
        log.warning("The browser could not be started: %s.", error)
        return
    if not is_open:
        log.warning("The browser could not be started. Open %s yourself.", address)
