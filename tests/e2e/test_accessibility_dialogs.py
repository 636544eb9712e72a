"""Dialogs that come by themselves, and rarely: axe-core, the focus, 400 px, both themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import look
from tests.e2e.conftest import OpenNotebook

EXECUTION = "msg_id: 'm', document: null, outputs: [], clears_next: false, is_whole: true, question: null, ended_ms: 2"
DIALOGS = {
    "Kernels unknown": "nb.kernel_selector._kernelspecs_failed(new Error('the disk is full'))",
    "The browser blocked a new window": "Jupyter.menubar._offer_link('/tree')",
    "The kernel is shut down": "nb._tell_closable()",
    "No kernel": "$([Jupyter.events]).trigger('execution_refused.CodeCell')",
    "Image not inserted": "nb.get_cell(1)._image_failed({name: 'a.png'}, new Error('it cannot be read'))",
    "About this notebook's file": "nb._show_validation_failure('loaded', 'a.ipynb is an empty file')",
    "Notebook validation failed": "nb._show_validation_failure('loaded', 'Notebook validation failed: no minor')",
    "Outputs from while you were away": f"nb._offer_kept([{{{EXECUTION}, cell_id: nb.get_cell(0).id}}])",
    "Outputs from while you were away, without a cell": f"nb._offer_kept([{{{EXECUTION}, cell_id: 'gone'}}])",
    "Save As": "void nb._may_write(nb.notebook_path, '')",
    "Directory does not exist": "void nb._may_write('no/such.ipynb', 'no')",
    "Kernel Restarting, with its reason": (
        "$([Jupyter.events]).trigger('kernel_autorestarting.Kernel',"
        " {kernel: nb.kernel, attempt: 1, reason: 'The kernel was ended by signal SIGKILL.'})"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def page(desk: OpenNotebook) -> Page:
    return desk("1", ("markdown", "text")).page


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_of_the_notebook_page(page: Page, name: str) -> None:
    page.evaluate("() => { Jupyter.notebook.select(0); Jupyter.notebook.focus_cell() }")
    page.evaluate(f"() => {{ const nb = Jupyter.notebook; {DIALOGS[name]} }}")
    dialog = page.get_by_role("dialog", name=name.split(",", maxsplit=1)[0], exact=True)
    expect(dialog).to_be_visible()
    found = look(page, ".modal.in", f"dialog {name}")
    assert page.evaluate("() => !!document.activeElement.closest('.modal.in')"), "the focus is elsewhere"
    page.keyboard.press("Escape")
    expect(page.locator(".modal:visible, .modal-backdrop")).to_have_count(0)
    assert page.evaluate("() => document.activeElement !== document.body"), "the focus was lost"
    assert found == []


@pytest.fixture
def tree(desk: OpenNotebook) -> Iterator[Page]:
    """A dashboard with a Quit button, also where the server has none to offer."""
    name = desk.write("1")
    page = desk.visit("tree")
    expect(page.locator("#notebook_list .item_name", has_text=name)).to_be_visible()  # the page's scripts have run
    page.evaluate(
        "() => document.getElementById('shutdown') ?? new Promise(done => require(['tree/js/shutdownbutton'], it => {"
        " $('<button id=shutdown>Quit</button>').appendTo('#login_widget'); it.activate(); done() }))"
    )
    yield page
    page.close()


@pytest.mark.parametrize(("status", "title"), [(200, "Server stopped"), (500, "Quit Failed")])
def test_quitting_from_the_dashboard(tree: Page, status: int, title: str) -> None:
    tree.route("**/api/shutdown", lambda route: route.fulfill(status=status, json={"message": "it is busy"}))
    tree.focus("#shutdown")
    tree.keyboard.press("Enter")
    expect(tree.get_by_role("dialog", name=title)).to_be_visible()
    assert tree.evaluate("() => !!document.activeElement.closest('.modal.in')"), "the focus is elsewhere"
    assert look(tree, ".modal.in", f"dialog {title}") == []
