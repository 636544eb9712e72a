"""Section 1.10: what the page tells beside the menus, and its quiet signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage
from tests.e2e.ui_notifications import NOTIFICATIONS, Notification

TRIGGER = "() => $([Jupyter.events]).trigger({})"
KERNEL_STATES = [
    ("kernel_idle", "kernel_idle_icon", "Kernel Idle"),
    ("kernel_busy", "kernel_busy_icon", "Kernel Busy"),
    ("kernel_connected", "kernel_busy_icon", "Kernel Connected"),
    ("kernel_disconnected", "kernel_disconnected_icon", "No Connection to Kernel"),
    ("kernel_killed", "kernel_busy_icon", "Kernel is not running"),
    ("kernel_dead", "kernel_dead_icon", "Kernel Dead"),
    ("kernel_ready", "kernel_idle_icon", "Kernel Idle"),
]


pytestmark = pytest.mark.own_context  # a clock that is stopped stands still for all of a context's pages


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    """A page whose clock stands still unless a test moves it."""
    nb = desk("1")
    expect(nb.page.locator("#notification_kernel, #notification_notebook").locator("visible=true")).to_have_count(0)
    nb.page.clock.install()
    nb.page.clock.pause_at(datetime.now() + timedelta(minutes=1))
    return nb


@pytest.fixture(autouse=True)
def tidy(nb: NotebookPage) -> Iterator[None]:
    yield
    nb.page.evaluate(
        """() => {
            $('.modal').modal('hide');
            Jupyter.notebook._kernel_is_gone = false;
            Jupyter.notification_area._kernel_died = false;
        }"""
    )


def tell(page: Page, arguments: str) -> None:
    page.evaluate(TRIGGER.format(arguments))


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=name, marks=pytest.mark.ui_row(f"1.10 {name}")) for name, row in NOTIFICATIONS.items()]
)
def test_a_message(nb: NotebookPage, row: Notification) -> None:
    page = nb.page
    tell(page, row.trigger)
    widget = page.locator(f"#notification_{row.widget}")
    expect(widget).to_have_text(row.text)
    expect(widget).to_be_visible()
    expect(widget).to_have_class(re.compile(r"notification_widget btn btn-xs navbar-btn"))
    for style in ("info", "warning", "danger"):
        assert (style in (widget.get_attribute("class") or "").split()) is (style == row.style)
    if row.stays_ms is None:
        page.clock.run_for(4_000)  # longer than any message stays by itself
        expect(widget).to_be_visible()
        return
    page.clock.run_for(row.stays_ms - 50)
    expect(widget).to_be_visible()
    page.clock.run_for(100)
    expect(widget).to_be_hidden()


@pytest.mark.ui_row("1.10 dismiss")
def test_a_click_dismisses_unless_a_callback_says_no(nb: NotebookPage) -> None:
    page = nb.page
    page.evaluate(
        """() => {
            const area = Jupyter.notification_area;
            area.widget('mine').danger('bad', undefined, () => {
                window.clicked = (window.clicked ?? 0) + 1;
                return false;
            });
            area.widget('other').set_message('gone at a click');
        }"""
    )
    page.locator("#notification_mine").click()
    page.locator("#notification_other").click()
    expect(page.locator("#notification_mine")).to_be_visible()
    expect(page.locator("#notification_other")).to_be_hidden()
    assert page.evaluate("() => window.clicked") == 1
    page.evaluate("() => Jupyter.notification_area.get_widget('mine').hide()")


@pytest.mark.ui_row("1.10 trust")
def test_not_trusted_asks_and_trusted_does_not(nb: NotebookPage) -> None:
    page = nb.page
    tell(page, "'trust_changed.Notebook', false")
    page.get_by_role("button", name="Not Trusted").click()
    expect(page.locator(".modal.in .modal-title")).to_have_text("Trust this notebook?")
    page.locator(".modal.in .modal-footer button", has_text="Cancel").click()
    expect(page.locator("#notification_trusted")).to_have_text("Not Trusted")
    tell(page, "'trust_changed.Notebook', true")
    expect(page.locator("#notification_trusted")).to_have_css("cursor", "help")


@pytest.mark.ui_row("1.10 spoken")
def test_a_live_region_says_what_is_shown(nb: NotebookPage) -> None:
    region = nb.page.locator("#notification_area .notification_announcer[role=status][aria-live=polite]")
    expect(region).to_have_count(1)
    tell(nb.page, "'notebook_saved.Notebook'")
    expect(region).to_have_text("Notebook saved")
    nb.page.clock.run_for(3_000)
    tell(nb.page, "'notebook_save_failed.Notebook', new Error('disk full')")
    expect(region).to_have_text("disk full")


@pytest.mark.ui_row("1.10 kernel icon")
def test_the_kernels_circle(nb: NotebookPage) -> None:
    icon = nb.page.locator("#kernel_indicator_icon")
    for event, style, title in KERNEL_STATES:
        tell(nb.page, f"'{event}.Kernel', {{kernel: Jupyter.notebook.kernel, attempt: 2}}")
        expect(icon).to_have_class(style)
        expect(icon).to_have_attribute("title", title)


@pytest.mark.ui_row("1.10 kernel name")
def test_the_kernels_name(nb: NotebookPage) -> None:
    name = nb.page.locator(".kernel_indicator_name")
    shown = name.inner_text()
    assert shown.startswith("Python 3")
    tell(nb.page, "'no_kernel.Kernel'")
    expect(name).to_have_text("No Kernel")
    nb.page.evaluate("name => $('.kernel_indicator_name').text(name)", shown)


@pytest.mark.ui_row("1.10 mode")
def test_the_pencil(nb: NotebookPage) -> None:
    sign = nb.page.locator("#modal_indicator.modal_indicator")
    expect(sign).to_have_attribute("title", "Command Mode")
    nb.cell(0).locator(".CodeMirror").click()
    expect(sign).to_have_attribute("title", "Edit Mode")
    assert (
        nb.page.evaluate("() => getComputedStyle(document.querySelector('#modal_indicator'), '::before').content")
        != "none"
    )
    nb.page.keyboard.press("Escape")
    expect(sign).to_have_attribute("title", "Command Mode")


@pytest.mark.ui_row("1.10 favicon")
def test_the_favicon_is_busy_after_a_second(nb: NotebookPage) -> None:
    icon = nb.page.locator("#favicon")
    tell(nb.page, "'kernel_idle.Kernel', {kernel: Jupyter.notebook.kernel}")
    tell(nb.page, "'kernel_busy.Kernel', {kernel: Jupyter.notebook.kernel}")
    nb.page.clock.run_for(900)
    expect(icon).to_have_attribute("href", re.compile("favicon-notebook"))
    nb.page.clock.run_for(200)
    expect(icon).to_have_attribute("href", re.compile("favicon-busy-1"))
    tell(nb.page, "'kernel_idle.Kernel', {kernel: Jupyter.notebook.kernel}")
    expect(icon).to_have_attribute("href", re.compile("favicon-notebook"))


@pytest.mark.ui_row("1.10 autosave")
def test_whether_it_is_saved(nb: NotebookPage) -> None:
    status = nb.page.locator(".autosave_status")
    nb.page.evaluate("() => Jupyter.notebook.set_dirty(false)")
    for script, text in [
        ("Jupyter.notebook.set_dirty(true)", "(unsaved changes)"),
        ("$([Jupyter.events]).trigger('notebook_save_failed.Notebook')", "Autosave Failed!"),
        ("Jupyter.notebook.set_dirty(false)", "(autosaved)"),
    ]:
        nb.page.evaluate(f"() => {script}")
        expect(status).to_have_text(text)


@pytest.mark.ui_row("1.10 checkpoint")
def test_the_last_checkpoint_grows_older(nb: NotebookPage) -> None:
    status = nb.page.locator(".checkpoint_status")
    tell(nb.page, "'checkpoint_created.Notebook', {id: 'checkpoint', last_modified: new Date(Date.now())}")
    expect(status).to_have_text("Last Checkpoint: a few seconds ago")
    expect(status).to_have_attribute("title", re.compile(r"\d{4}"))
    nb.page.clock.fast_forward(130_000)
    nb.page.clock.run_for(61_000)
    expect(status).to_have_text(re.compile("Last Checkpoint: [23] minutes ago"))
    tell(nb.page, "'checkpoints_listed.Notebook', [[]]")
    expect(status).to_have_attribute("title", "no checkpoint")


@pytest.mark.ui_row("1.10 read only", "1.20 disabled")
def test_a_read_only_notebook_says_so_everywhere(open_notebook: OpenNotebook) -> None:
    name = open_notebook.write("1", name="read-only.ipynb")
    page = open_notebook.context.new_page()

    def only_read(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"writable": False})

    page.route(re.compile(r"/api/contents/read-only\.ipynb(\?|$)"), only_read)
    page.goto(f"{open_notebook.server.base_url}notebooks/{name}")
    nb = NotebookPage(page).wait_ready()
    expect(page.locator("#readonly-indicator")).to_be_visible()
    expect(page.locator(".autosave_status")).to_have_text("(read only)")
    nb.edit(0, "2")
    expect(page.locator(".autosave_status")).to_have_text("(read only)")
    page.keyboard.press("Control+S")
    expect(page.locator("#notification_notebook")).to_have_text("Notebook is read-only")
    assert page.evaluate("() => Jupyter.notebook.autosave_interval") == 0
    page.close()
