"""Opens the first page in the user's browser, without putting the token on a command line."""

from __future__ import annotations

import logging
import webbrowser
from pathlib import Path

import gevent

log = logging.getLogger(__name__)

NEW_TAB = 2


def open_browser(name: str, page: Path) -> None:
    """Show ``page`` (a file that leads on to the server) in the browser ``name``, or in the default one."""
    try:
        browser = webbrowser.get(name or None)
    except webbrowser.Error as error:
        log.warning("No web browser found: %s.", error)
        return
    # A greenlet, not a native thread: gevent watches the browser's process in the main hub only.
    gevent.spawn(_open, browser, page)


def _open(browser: webbrowser.BaseBrowser, page: Path) -> None:
    try:
        is_open = browser.open(page.as_uri(), NEW_TAB)
    except OSError as error:
        log.warning("The browser could not be started: %s.", error)
        return
    if not is_open:
        log.warning("The browser could not be started. Open %s yourself.", page)
