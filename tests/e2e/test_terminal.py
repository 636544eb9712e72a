"""Terminals as a user meets them: from the dashboard, typing, a killed worker, the end, without a mouse, on a phone."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import complaints
from tests.e2e.conftest import OpenNotebook
from tests.e2e.test_accessibility import Scheme, scheme, themed
from tests.servers import Server

__all__ = ["scheme", "themed"]

SHOWN_TIMEOUT_MS = 20_000
FITTED_AFTER_MS = 300
ALL_TEXT = """() => {
    const buffer = window.terminal.term.buffer.active
    return Array.from({length: buffer.length}, (_, row) => buffer.getLine(row).translateToString(true)).join('\\n')
}"""


@pytest.fixture(autouse=True)
def clean(server: Server, open_notebook: OpenNotebook) -> Iterator[None]:
    """No terminal outlives its test."""
    yield
    for name in names(open_notebook):
        api(open_notebook, "delete", f"api/terminals/{name}")


def api(user: OpenNotebook, method: str, path: str) -> Any:
    headers = {"Authorization": f"token {user.server.token}"}
    return getattr(user.context.request, method)(f"{user.server.base_url}{path}", headers=headers)


def names(user: OpenNotebook) -> list[str]:
    return [terminal["name"] for terminal in api(user, "get", "api/terminals").json()]


def open_terminal(user: OpenNotebook, name: str = "e2e") -> Page:
    page = user.visit(f"terminals/{name}")
    wait_open(page)
    run(page, "exec sh", "")
    run(page, "PS1='> '", "> ")
    return page


def wait_open(page: Page) -> None:
    page.wait_for_function("() => window.terminal?.connection.state === 'open'", timeout=SHOWN_TIMEOUT_MS)


def wait_for(page: Page, text: str) -> None:
    page.wait_for_function(f"text => ({ALL_TEXT})().includes(text)", arg=text, timeout=SHOWN_TIMEOUT_MS)


def run(page: Page, command: str, shows: str) -> None:
    """Type a command, and wait until ``shows`` is on the screen."""
    page.keyboard.type(command)
    page.keyboard.press("Enter")
    wait_for(page, shows)


def text_of(page: Page) -> str:
    return str(page.evaluate(ALL_TEXT))


@pytest.mark.parametrize("way", ["gunicorn", "mounted"])
def test_a_terminal_from_the_dashboard_is_used_listed_and_shut_down(open_notebook: OpenNotebook, way: str) -> None:
    (open_notebook.root_dir / "folder").mkdir(exist_ok=True)
    dashboard = open_notebook.visit("tree/folder")
    dashboard.click("#new-dropdown-button")
    with open_notebook.context.expect_page() as opened:
        dashboard.click("#new-terminal a")
    page = opened.value
    wait_open(page)
    expect(page).to_have_url(re.compile(r"/terminals/1$"))
    run(page, "echo he''re $PWD", f"here {open_notebook.root_dir.resolve()}/folder")
    dashboard.bring_to_front()
    dashboard.click("#running-tab")
    dashboard.click("#refresh_running_list")
    row = dashboard.locator("#terminal_list .list_item")
    expect(row).to_have_count(1)
    expect(row.locator(".item_name")).to_have_text("terminals/1")
    expect(row.locator("a.item_link")).to_have_attribute("href", re.compile(r"/terminals/1$"))
    expect(dashboard.locator("#terminal_list_header")).to_be_hidden()
    row.get_by_role("button", name="Shutdown").click()
    expect(row).to_have_count(0)
    expect(dashboard.locator("#terminal_list_header")).to_have_text("There are no terminals running.")
    expect(page.locator("#terminal_notice")).to_contain_text("This terminal has ended.")
    assert names(open_notebook) == []


def test_typing_titles_and_sizes(open_notebook: OpenNotebook) -> None:
    page = open_terminal(open_notebook)
    run(page, "printf '\\033]0;my title\\007'; echo 'h'é 日本", "hé 日本")
    expect(page).to_have_title("my title")
    expect(page.locator("#terminal_title")).to_have_text("my title")
    rows, columns = page.evaluate("[terminal.term.rows, terminal.term.cols]")
    run(page, "echo size $(stty size)", f"size {rows} {columns}")
    page.set_viewport_size({"width": 700, "height": 500})
    page.wait_for_function(f"() => terminal.term.cols < {columns}")
    rows, columns = page.evaluate("[terminal.term.rows, terminal.term.cols]")
    run(page, "echo size $(stty size)", f"size {rows} {columns}")


def test_the_last_line_is_whole_at_every_height(open_notebook: OpenNotebook) -> None:
    page = open_terminal(open_notebook)
    for height in range(600, 618, 3):
        page.set_viewport_size({"width": 900, "height": height})
        page.wait_for_timeout(FITTED_AFTER_MS)
        box = page.locator("#terminado-container").bounding_box()
        screen = page.locator(".xterm-screen").bounding_box()
        assert box
        assert screen
        assert screen["y"] + screen["height"] <= box["y"] + box["height"], f"cut off at {height} px"
        assert box["y"] + box["height"] <= height


@pytest.mark.way("gunicorn")  # the others have no worker beside them
def test_a_terminal_survives_its_web_worker_and_repeats_nothing(open_notebook: OpenNotebook) -> None:
    page = open_terminal(open_notebook)
    run(page, "kept=value; echo mar''ker", "marker")
    before = text_of(page)
    for worker in psutil.Process(open_notebook.server.pid).children():
        os.kill(worker.pid, signal.SIGKILL)
    page.wait_for_function("() => window.terminal.connection.state !== 'open'", timeout=SHOWN_TIMEOUT_MS)
    wait_open(page)
    wait_for(page, "marker")
    assert text_of(page).rstrip() == before.rstrip()
    run(page, "echo still $kept", "still value")
    expect(page.locator("#terminal_notice")).to_be_hidden()


def test_a_lost_connection_is_told_and_can_be_tried_at_once(open_notebook: OpenNotebook) -> None:
    page = open_terminal(open_notebook)
    open_notebook.context.set_offline(True)
    page.evaluate("terminal.socket.close()")
    expect(page.locator("#terminal_notice")).to_contain_text("The connection to the server was lost", timeout=10_000)
    open_notebook.context.set_offline(False)
    page.get_by_role("button", name="Try now").click()
    wait_open(page)
    expect(page.locator("#terminal_notice")).to_be_hidden()
    page.locator("#terminado-container").click()
    run(page, "echo ba''ck", "back")


def test_the_end_of_the_shell_is_told_with_a_way_on(open_notebook: OpenNotebook) -> None:
    page = open_terminal(open_notebook)
    run(page, "exit", "[CLOSED]")
    expect(page.locator("#terminal_notice")).to_contain_text("This terminal has ended.")
    assert names(open_notebook) == []
    page.get_by_role("button", name="Start it again").click()
    wait_open(page)
    assert "[CLOSED]" not in text_of(page)
    run(page, "echo ag''ain", "again")
    run(page, "exec false", "[CLOSED]")
    page.get_by_role("button", name="Dashboard").click()
    expect(page).to_have_url(re.compile(r"/tree$"))


def test_a_flood_of_output_leaves_the_page_usable(open_notebook: OpenNotebook) -> None:
    page = open_terminal(open_notebook)
    page.keyboard.type("yes floods\n")
    wait_for(page, "floods")
    page.wait_for_timeout(1500)
    page.keyboard.press("Control+C")
    page.wait_for_function(f"() => ({ALL_TEXT})().trimEnd().endsWith('>')", timeout=SHOWN_TIMEOUT_MS)
    run(page, "clear; echo do''ne", "done")


def test_search_and_leaving_by_key(open_notebook: OpenNotebook) -> None:
    page = open_terminal(open_notebook)
    expect(page.get_by_text("Ctrl-Shift-L leaves the terminal")).to_be_visible()
    run(page, "echo need''le hay", "needle hay")
    page.keyboard.press("Control+Shift+F")
    expect(page.locator("#terminal_search_text")).to_be_focused()
    page.keyboard.type("needle")
    page.keyboard.press("Enter")
    page.wait_for_function("() => terminal.term.getSelection() === 'needle'")
    page.keyboard.press("Control+A")
    page.keyboard.type("not there")
    page.keyboard.press("Enter")
    expect(page.locator("#terminal_search_result")).to_have_text("Not found")
    page.keyboard.press("Escape")
    expect(page.locator("#terminal_search_bar")).to_be_hidden()
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()
    page.keyboard.press("Control+Shift+L")
    expect(page.locator("#terminal_search")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#terminal_screen_reader")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#terminal_screen_reader")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".xterm-accessibility")).to_contain_text("needle hay")
    page.keyboard.press("Enter")


def test_copy_and_paste(open_notebook: OpenNotebook) -> None:
    open_notebook.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_terminal(open_notebook)
    run(page, "echo pas''ted text", "pasted text")
    page.evaluate("terminal.term.selectLines(0, 200)")
    page.keyboard.press("Control+Shift+C")
    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('pasted text')")
    page.evaluate("navigator.clipboard.writeText('echo from clip\\'\\'board')")
    page.keyboard.press("Control+Shift+V")
    page.keyboard.press("Enter")
    wait_for(page, "from clipboard")


def test_row_61_what_programs_print_reaches_nothing_outside_the_terminal(open_notebook: OpenNotebook) -> None:
    """Attack row 61: clipboard, links of other kinds, markup in titles, questions asked again."""
    open_notebook.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_terminal(open_notebook)
    page.evaluate("navigator.clipboard.writeText('mine')")
    run(
        page,
        "printf '\\033]52;c;ZXZpbA==\\007\\033]0;<b>x</b>\\202e\\007\\033[c\\033[6n'; echo; echo pri''nted",
        "printed",
    )
    assert page.evaluate("navigator.clipboard.readText()") == "mine"
    expect(page.locator("#terminal_title b")).to_have_count(0)
    run(page, "\x15echo do''ne", "done")
    page.reload()
    wait_open(page)
    wait_for(page, "done")
    page.wait_for_timeout(500)
    assert text_of(page).rstrip().endswith(">")


def test_a_phone_has_room_for_it(open_notebook: OpenNotebook) -> None:
    page = open_terminal(open_notebook)
    page.set_viewport_size({"width": 400, "height": 700})
    page.wait_for_function("() => terminal.term.cols < 60 && terminal.term.cols > 35")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    expect(page.locator("#terminal_new")).to_be_in_viewport()


def test_nothing_for_axe_to_complain_about(themed: OpenNotebook, scheme: Scheme) -> None:
    page = open_terminal(themed, f"axe{scheme}")
    run(page, "printf '\\033[31mred\\033[92mgreen\\033[0m\\n'; echo colo''urs", "colours")
    assert complaints(page) == []
    page.keyboard.press("Control+Shift+F")
    assert complaints(page) == []
    page.keyboard.press("Escape")
    run(page, "exit", "[CLOSED]")
    expect(page.locator("#terminal_notice")).to_be_visible()
    assert complaints(page) == []
