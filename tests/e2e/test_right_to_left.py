"""An interface that is read from right to left, with catalogues made here: pages, menus, dialogs, tool bar.

No such language comes with the product, so its words are put into what a server that knows German sends: the scripts'
catalogue, and the page itself, whose words the server has looked up already.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.accessibility import beyond_the_edge
from tests.e2e.conftest import OpenNotebook, opened_on_default
from tests.e2e.contexts import SharedContexts
from tests.e2e.pages import NotebookPage
from tests.servers import Server

LETTERS = "אבגדהוזחטיכלמנסעפצקרשת"
PLACE = re.compile(r"%(?:\d+\$)?[sdf%]|[A-Za-zÀ-ɏ]")
PAGES = re.compile(r"/(tree|edit|notebooks)(/[^/]*)?$")
WORDS = re.compile(r"""(>|\b(?:alt|title|aria-label)=")([^<>"]+)(?=[<"])""")
NOT_WORDS = re.compile(r"(<(script|style)\b.*?</\2>)", re.DOTALL)
LATIN_TEXTS = """() => {
    const found = []
    const texts = document.createTreeWalker(document.querySelector('#header'), NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) if (/[A-Za-z]{3}/.test(texts.currentNode.data)) found.push(texts.currentNode.data.trim())
    return found
}"""
NAMES = re.compile(r"Python 3 .*|English|Deutsch|\w+ Reference|(Ctrl|Alt|Shift)-.*|.*\(.\w+(\.html)?\)|rtl.*")
WIDTHS_PX = (1200, 400)
HEIGHT_PX = 800
CORNER_PX = 60
DIALOGS = {
    "rename": "Jupyter.save_widget.rename_notebook({notebook: Jupyter.notebook})",
    "find and replace": "Jupyter.actions.call('jupyter-notebook:find-and-replace')",
    "keyboard shortcuts": "Jupyter.quick_help.show_keyboard_shortcuts()",
    "restart": "void Jupyter.notebook.restart_kernel()",
}


def outside(page: Page) -> list[str]:
    """What lies beyond either edge of the page."""
    return beyond_the_edge(page, width_px=page.evaluate("() => innerWidth"), both=True)


def in_letters(text: str) -> str:
    """``text`` in Hebrew letters, which mean nothing; its placeholders stay."""
    return PLACE.sub(
        lambda found: found[0] if found[0][0] == "%" else LETTERS[ord(found[0].lower()) % len(LETTERS)], text
    )


def catalogue(route: Route) -> None:
    """Answer the request for the German catalogue with one in Hebrew letters."""
    head, _, body = route.fetch().text().partition("=")
    words = json.loads(body.rstrip(";\n"))
    messages = words["locale_data"]["nbjs"]
    messages[""]["lang"] = "he"
    for forms in messages.values():
        if isinstance(forms, list):
            forms[:] = map(in_letters, forms)
    route.fulfill(body=f"{head}={json.dumps(words)};", content_type="text/javascript")


def page_in_letters(route: Route) -> None:
    """Answer the request for a page with one whose words are in Hebrew letters and run from the right."""
    answer = route.fetch()
    pieces = NOT_WORDS.split(answer.text())
    for at in range(0, len(pieces), 3):
        pieces[at] = WORDS.sub(lambda found: found[1] + html.escape(in_letters(html.unescape(found[2]))), pieces[at])
    del pieces[2::3]  # the names of the elements that are left alone
    page = "".join(pieces).replace('<html lang="de"', '<html lang="he"').replace('dir="ltr"', 'dir="rtl"')
    route.fulfill(response=answer, body=page)


@pytest.fixture(scope="module")
def reader(
    servers: dict[str, Server], contexts: SharedContexts, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenNotebook]:
    with opened_on_default(servers, contexts, tmp_path_factory, "de") as opener:
        opener.context.route("**/locale/de/nbjs-*.js", catalogue)
        opener.context.route(PAGES, page_in_letters)
        yield opener


@pytest.fixture(scope="module")
def page(reader: OpenNotebook) -> Page:
    path = reader.write("print(1)", ("markdown", "# Title\n\n- one\n- two"), "2", name="rtl.ipynb")
    page = reader.visit(f"notebooks/{path}")
    return NotebookPage(page).wait_ready().page


@pytest.fixture(params=WIDTHS_PX)
def wide(request: pytest.FixtureRequest, page: Page) -> Page:
    page.set_viewport_size({"width": request.param, "height": HEIGHT_PX})
    return page


def left_of(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["x"]


def test_the_page_begins_at_the_right(wide: Page) -> None:
    assert wide.evaluate("() => document.body.dir") == "rtl"
    assert outside(wide) == []
    assert left_of(wide, "#ipython_notebook") > left_of(wide, "#logout")
    groups = ["#save-notbook", "#insert_above_below", "#cut_copy_paste"]
    assert [left_of(wide, group) for group in groups] == sorted(
        (left_of(wide, group) for group in groups), reverse=True
    )
    assert left_of(wide, "#cut_copy_paste button:first-child") > left_of(wide, "#cut_copy_paste button:last-child")


def test_every_word_is_in_the_language_also_after_a_reload(reader: OpenNotebook) -> None:
    page = reader.existing(reader.write("1", name="rtl-again.ipynb")).page
    page.reload()
    NotebookPage(page).wait_ready()
    assert page.evaluate("() => [document.documentElement.lang, document.body.dir]") == ["he", "rtl"]
    assert [text for text in page.evaluate(LATIN_TEXTS) if not NAMES.fullmatch(text)] == []
    page.close()


def test_menus_open_towards_the_left(wide: Page) -> None:
    if wide.locator(".navbar-toggle").is_visible():
        wide.click(".navbar-toggle")
    wide.focus("#filelink")
    wide.keyboard.press("Enter")
    expect(wide.locator("#file_menu")).to_be_visible()
    wide.keyboard.press("ArrowLeft" if wide.viewport_size == {"width": 1200, "height": HEIGHT_PX} else "Enter")
    expect(wide.locator("#menu-new-notebook-submenu")).to_be_visible()
    assert outside(wide) == []
    wide.keyboard.press("Escape")
    wide.keyboard.press("Escape")
    expect(wide.locator("#file_menu")).to_be_hidden()
    if wide.locator(".navbar-toggle").is_visible():
        wide.click(".navbar-toggle")
        expect(wide.locator("#filelink")).to_be_hidden()


@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs_are_mirrored(wide: Page, name: str) -> None:
    wide.evaluate(f"() => {{ {DIALOGS[name]} }}")
    dialog = ".modal.in"
    expect(wide.locator(dialog)).to_be_visible()
    assert outside(wide) == []
    close = left_of(wide, f"{dialog} .close") - left_of(wide, f"{dialog} .modal-content")
    wide.keyboard.press("Escape")
    expect(wide.locator(".modal:visible, .modal-backdrop")).to_have_count(0)
    assert close < CORNER_PX


def test_the_table_of_contents_stands_where_lines_begin(wide: Page) -> None:
    wide.evaluate("() => { Jupyter.notebook.select(0); Jupyter.notebook.focus_cell() }")
    wide.keyboard.press("t")
    pane = wide.locator("#contents_pane")
    expect(pane).to_be_visible()
    box = pane.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] == wide.evaluate("innerWidth")
    assert outside(wide) == []
    wide.evaluate("() => Jupyter.notebook.outline.contents.toggle()")
    expect(pane).to_be_hidden()


@pytest.mark.parametrize("width_px", WIDTHS_PX)
@pytest.mark.parametrize("path", ["tree", "edit/rtl.txt"])
def test_dashboard_and_text_editor(reader: OpenNotebook, path: str, width_px: int) -> None:
    (reader.root_dir / "rtl.txt").write_text("text\n")
    page = reader.context.new_page()
    page.set_viewport_size({"width": width_px, "height": HEIGHT_PX})
    page.goto(f"{reader.server.base_url}{path}")
    expect(page.locator("#site")).to_be_visible()
    assert page.evaluate("() => document.body.dir") == "rtl"
    page.click("#language_switch")
    expect(page.locator("#language_widget .dropdown-menu")).to_be_visible()
    assert outside(page) == []
    page.close()
