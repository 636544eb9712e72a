"""What axe-core finds on the pages, in both colour schemes. Nothing, but for the exceptions that are named here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import OpenNotebook
from tests.servers import REPO

AXE: Path = REPO / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
DIALOG_TIMEOUT_MS = 5_000

# Cells are known by this documented attribute; the order that it makes is the order on the page.
EXCEPT_RULES = {"tabindex": {"enabled": False}}
# Long lines are read in the editor with Enter and the arrows; these boxes only follow its cursor.
# A heading's ¶ is told from its text by what it is; an underline would make it another sign.
EXCEPT_ELEMENTS = [[".CodeMirror-scroll"], [".anchor-link"]]

# Where each is opened: a menu and its item, or one thing to click.
DIALOGS = [
    ("#notebook_name", ""),
    ("#kernellink", "#restart_kernel"),
    ("#editlink", "#edit_nb_metadata"),
    ("#menus >> text=Help", "#keyboard_shortcuts"),
    ("#menus >> text=Help", "#notebook_about"),
]

SOURCES: list[str | tuple[str, str]] = [
    ("markdown", "# Title\nText, `code`, $x^2$, a [link](https://example.org)\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    "import sys\nprint('out'); print('err', file=sys.stderr)\nx = 12345  # comment\n'string'",
    "for i in range(300):\n    print(i)",
    "from IPython.display import HTML, JSON, SVG\n"
    "display(HTML('<table><tr><th>a</th></tr><tr><td>1</td></tr></table>'), JSON({'a': [1, None]}))\n"
    'SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle r="15" cx="20" cy="20"/></svg>\')',
    ("raw", "as it is"),
]


Scheme = Literal["light", "dark"]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    return cast(Scheme, request.param)


@pytest.fixture
def themed(open_notebook: OpenNotebook, scheme: Scheme) -> OpenNotebook:
    """Opens pages in this colour scheme."""
    open_notebook.context.on("page", lambda page: page.emulate_media(color_scheme=scheme))
    return open_notebook


@pytest.fixture
def stranger(browser: Browser, scheme: Scheme) -> Iterator[Page]:
    """A page of somebody who is not logged in."""
    context = browser.new_context(color_scheme=scheme)
    yield context.new_page()
    context.close()


def complaints(page: Page) -> list[str]:
    """One line per rule and element, as axe words them."""
    page.add_script_tag(path=AXE)
    options = {"rules": EXCEPT_RULES}
    found: dict[str, Any] = page.evaluate(
        "([exclude, options]) => axe.run({include: [['html']], exclude}, options)", [EXCEPT_ELEMENTS, options]
    )
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def test_the_dashboard(themed: OpenNotebook) -> None:
    themed.write("1", name="one.ipynb")
    (themed.root_dir / "folder").mkdir(exist_ok=True)
    page = themed.visit("tree")
    expect(page.locator("#notebook_list .item_link", has_text="one.ipynb")).to_be_visible()
    assert complaints(page) == []
    page.locator(".list_item input[type=checkbox]").first.click()
    expect(page.locator(".delete-button")).to_be_visible()
    assert complaints(page) == []
    page.click("#running-tab")
    expect(page.locator("#running")).to_be_visible()
    assert complaints(page) == []


def test_a_notebook_with_outputs(themed: OpenNotebook) -> None:
    notebook = themed(*SOURCES)
    notebook.run_all()
    expect(notebook.page.locator(".output_scroll")).to_be_visible()
    expect(notebook.page.locator("mjx-container")).to_be_visible()
    assert complaints(notebook.page) == []


def test_an_open_menu_and_dialogs(themed: OpenNotebook) -> None:
    page = themed("1").page
    for menu, item in DIALOGS:
        page.click(menu)
        if item:
            assert complaints(page) == [], menu
            page.click(item)
        expect(page.locator(".modal.in")).to_be_visible()
        page.wait_for_function("() => document.getAnimations().length === 0", timeout=DIALOG_TIMEOUT_MS)
        assert complaints(page) == [], (menu, item)
        page.locator(".modal.in button.close").click()
        expect(page.locator(".modal:visible, .modal-backdrop")).to_have_count(0)


def test_the_text_editor(themed: OpenNotebook) -> None:
    (themed.root_dir / "script.py").write_text("import os\nx = 12  # number\ndef f():\n    return 'text'\n")
    page = themed.visit("edit/script.py")
    expect(page.locator("#texteditor-container .CodeMirror-code")).to_contain_text("import os")
    assert complaints(page) == []


def test_the_login_page_and_what_refuses(stranger: Page, themed: OpenNotebook) -> None:
    stranger.goto(f"{themed.server.base_url}login")
    assert complaints(stranger) == []
    stranger.fill("#password_input", "wrong")
    stranger.click("#login_submit")
    expect(stranger.locator(".message.error")).to_be_visible()
    assert complaints(stranger) == []
    missing = themed.visit("tree/there-is-no-such-folder")
    assert complaints(missing) == []


def test_a_scrolled_output_is_reached_and_scrolled_by_key(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook("for i in range(300):\n    print(i)")
    notebook.run_all()
    output = notebook.page.locator(".output_scroll")
    output.focus()
    expect(output).to_be_focused()
    notebook.page.keyboard.press("PageDown")
    notebook.page.wait_for_function("() => document.querySelector('.output_scroll').scrollTop > 0")
