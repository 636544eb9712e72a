"""Opens the first page in the user's browser, without putting the token on a command line."""

from __future__ import annotations

import logging
import webbrowser
from pathlib import Path

from gevent import get_hub

log = logging.getLogger(__name__)

NEW_TAB = 2


def open_browser(name: str, page: Path) -> None:
    """Show ``page`` (a file that leads on to the server) in the browser ``name``, or in the default one."""
    try:
        browser = webbrowser.get(name or None)
    except webbrowser.Error as error:
        log.warning("No web browser found: %s.", error)
        return
    get_hub().threadpool.spawn(browser.open, page.as_uri(), NEW_TAB)
