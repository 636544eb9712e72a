"""What axe-core finds on the pages, in both colour schemes. Nothing, but for the exceptions that are named here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, cast

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.accessibility import complaints
from tests.e2e.conftest import OpenNotebook

SOURCES: list[str | tuple[str, str]] = [
    ("markdown", "# Title\nText, `code`, $x^2$, a [link](https://example.org)\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    "import sys\nprint('out'); print('err', file=sys.stderr)\nx = 12345  # comment\n'string'",
    "for i in range(300):\n    print(i)",
    "from IPython.display import HTML, JSON, SVG\n"
    "display(HTML('<table><tr><th>a</th></tr><tr><td>1</td></tr></table>'), JSON({'a': [1, None]}))\n"
    'SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle r="15" cx="20" cy="20"/></svg>\')',
    ("raw", "as it is"),
]


pytestmark = pytest.mark.own_context  # it tells every page the colours to prefer

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
