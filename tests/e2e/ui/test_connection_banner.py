"""The line that tells of a lost connection, on a page whose websocket fails."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.ui.desk import SETTLE_TIMEOUT_MS, Desk
from tests.e2e.ui.test_outline import complaints_of_outline

BREAK = """
nb.kernel.WebSocket = class {
  constructor() { setTimeout(() => this.onclose?.({code: 1006, reason: ''})); }
  close() {}
};
nb.kernel.connection.socket.close();
"""


@pytest.mark.ui_row("ours: connection banner")
def test_a_lost_connection_is_told_until_it_is_back(desk: Desk) -> None:
    page = desk.page
    banner = page.locator("#connection_banner")
    expect(banner).to_be_hidden()
    desk.do(BREAK)
    expect(banner).to_be_visible(timeout=SETTLE_TIMEOUT_MS)
    expect(banner.get_by_role("status")).to_contain_text("The server answers, but the connection to the kernel fails.")
    page.evaluate("() => $('.modal.in').modal('hide')")
    expect(page.locator(".modal-backdrop")).to_have_count(0)
    desk.wait("/Next try in \\d+ s/.test($('#connection_banner').text())")
    assert complaints_of_outline(page) == []
    assert desk.do("$('#site').offset().top + $('#site').outerHeight() <= innerHeight + 1")
    desk.do("nb.kernel.WebSocket = window.WebSocket;")
    banner.get_by_role("button", name="Try now").click()
    expect(banner).to_be_hidden(timeout=SETTLE_TIMEOUT_MS)
    desk.do("nb.execute_cell();")
    desk.wait("desk.ran(1)")
