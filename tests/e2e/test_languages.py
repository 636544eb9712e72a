"""A browser that asks for German gets German everywhere, and dates as its country writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.accessibility import beyond_the_edge
from tests.e2e.accessibility_views import VIEWS
from tests.e2e.conftest import OpenNotebook, opened_on_default
from tests.e2e.contexts import SharedContexts
from tests.e2e.ui_dialogs import DIALOGS
from tests.e2e.wording import unknown_words
from tests.servers import Server

NAMES = (
    r"Python 3 \(ipykernel\)|Python|Markdown|LaTeX|HTML|reST|AsciiDoc.*|Jupyter Notebook|flasknb [\d.\w+]+|Aa|OK"
    r"|Sublime Text|Vim|emacs|\S+\.(ipynb|txt|py|md)|jupyter-notebook:.*|system-clipboard:.*|tag|text/x-something"
    r"|(Space|Left|Right|Up|Down|Return|Home|End|PageUp|PageDown|Delete|Backspace|Insert|Minus|Comma)"
    r"|\(?(vor .*|Freitag, 2\. J.nner 2026( um)? 03:04)\)?|no such program"
    r"|(Mo|Di|Mi|Do|Fr|Sa|So)\., \d+\. (Jän|Feb|März|Apr|Mai|Juni|Juli|Aug|Sept?|Okt|Nov|Dez)\.? \d{4} \d\d:\d\d"
    r"|(Strg|Ctrl|Cmd|Alt|Shift|Umschalt|Esc|Enter|Tab)([- ].*)?|.*\(\.\w+\)|\d+ ?(kB|B|MB)|Code|\d+ .*@.*"
)
SUBMENUS = (
    "display => document.querySelectorAll('.dropdown-submenu > ul').forEach(list => list.style.display = display)"
)
NARROW = {"width": 400, "height": 800}
SHOWN_TIMEOUT_MS = 15_000


@pytest.fixture(scope="module")
def german(
    servers: dict[str, Server], contexts: SharedContexts, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenNotebook]:
    """Opens pages for a reader in Austria, in one browser context."""
    with opened_on_default(servers, contexts, tmp_path_factory, "de-AT") as opener:
        yield opener


@pytest.fixture(scope="module")
def page(german: OpenNotebook) -> Page:
    nb = german("print(1)\n" * 5, ("markdown", "# Titel\n\nText [link](https://example.org)"), ("raw", "roh"), "2", "3")
    return nb.page


def do(page: Page, script: str) -> None:
    page.evaluate(f"() => {{ const nb = Jupyter.notebook; {script} }}")


def test_the_page_says_which_language_it_is_in(page: Page) -> None:
    assert page.evaluate("() => [document.documentElement.lang, document.body.dir]") == ["de", "ltr"]
    assert page.evaluate("() => require('base/js/i18n').msg._('Cancel')") == "Abbrechen"
    assert page.evaluate("() => require('base/js/i18n').msg.ngettext('%d cell', '%d cells', 2)") == "%d Zellen"


def test_menus_toolbar_and_the_page_at_rest(page: Page) -> None:
    found = []
    for name in ("filelink", "editlink", "viewlink", "insertlink", "celllink", "kernellink", "helplink"):
        page.focus(f"#{name}")
        page.keyboard.press("Enter")
        expect(page.locator(f"li.open > #{name}")).to_be_visible()
        page.evaluate(
            "() => document.querySelectorAll('.dropdown-submenu > ul').forEach(list => list.style.display = 'block')"
        )
        found += unknown_words(page, "body", "de", NAMES)
        page.keyboard.press("Escape")
    page.evaluate(SUBMENUS, "")
    assert "\n".join(sorted(set(found))) == ""


def test_every_view(page: Page) -> None:
    found = []
    for name, view in VIEWS.items():
        do(page, "nb.select(0); nb.focus_cell()")
        do(page, view.opens)
        for key in view.keys:
            page.keyboard.press(key)
        expect(page.locator(view.shown or view.part).first).to_be_visible(timeout=SHOWN_TIMEOUT_MS)
        found += [f"{name}: {text}" for text in unknown_words(page, "body", "de", NAMES)]
        if view.closes == "Escape":
            page.keyboard.press("Escape")
        else:
            do(page, view.closes)
    assert "\n".join(found) == ""


def test_every_dialog(page: Page) -> None:
    found = []
    for name, dialog in DIALOGS.items():
        do(page, "nb.select(0); nb.focus_cell()")
        dialog.show(page)
        found += [f"{name}: {text}" for text in unknown_words(page, ".modal.in", "de", NAMES)]
        page.keyboard.press("Escape")
        expect(page.locator(".modal:visible, .modal-backdrop")).to_have_count(0)
        do(page, "nb._kernel_is_gone = false; delete nb.metadata.orig_nbformat; nb._choose_celltoolbar('')")
    assert "\n".join(found) == ""


def test_dashboard_editor_and_terminal(german: OpenNotebook) -> None:
    found = []
    (german.root_dir / "datei.txt").write_text("Text")
    tree = german.visit("tree")
    expect(tree.locator("#notebook_list .item_link", has_text="datei.txt")).to_be_visible()
    tree.locator(".list_item", has_text="datei.txt").locator("input[type=checkbox]").check()
    expect(tree.locator(".delete-button")).to_be_visible()
    found += [f"Files: {text}" for text in unknown_words(tree, "body", "de", NAMES)]
    for button in (".rename-button", ".move-button", ".duplicate-button", ".delete-button"):
        tree.click(button)
        expect(tree.locator(".modal.in")).to_be_visible()
        found += [f"{button}: {text}" for text in unknown_words(tree, ".modal.in", "de", NAMES)]
        tree.keyboard.press("Escape")
        expect(tree.locator(".modal:visible, .modal-backdrop")).to_have_count(0)
    tree.click("#new-dropdown-button")
    found += [f"New: {text}" for text in unknown_words(tree, "#new-menu", "de", NAMES)]
    tree.click("#running-tab")
    found += [f"Running: {text}" for text in unknown_words(tree, "body", "de", NAMES)]
    editor = german.visit("edit/datei.txt")
    expect(editor.locator(".CodeMirror-code")).to_contain_text("Text")
    for menu in editor.locator("#menus .dropdown-toggle").all():
        menu.click()
        found += [f"editor: {text}" for text in unknown_words(editor, "body", "de", NAMES)]
        editor.keyboard.press("Escape")
    terminal = german.visit("terminals/1")
    expect(terminal.locator(".xterm")).to_be_visible()
    found += [f"terminal: {text}" for text in unknown_words(terminal, "body", "de", NAMES)]
    assert "\n".join(found) == ""


def test_strangers_and_errors(german: OpenNotebook, browser: Browser) -> None:
    missing = german.visit("tree/gibt-es-nicht")
    assert unknown_words(missing, "body", "de", NAMES + r"|404 : .*") == []
    assert "existiert nicht" in missing.locator(".traceback").inner_text()
    context: BrowserContext = browser.new_context(locale="de-DE")
    stranger = context.new_page()
    stranger.goto(f"{german.server.base_url}login")
    assert unknown_words(stranger, "body", "de", NAMES) == []
    stranger.fill("#password_input", "falsch")
    stranger.click("#login_submit")
    assert stranger.locator(".message.error").inner_text() == "Falsches Passwort oder Token"
    context.close()


def test_what_the_server_refuses_is_said_in_german_too(german: OpenNotebook) -> None:
    (german.root_dir / "da.txt").write_text("da")
    (german.root_dir / "dort.txt").write_text("dort")
    tree = german.visit("tree")
    tree.locator(".list_item", has_text="dort.txt").locator("input[type=checkbox]").check()
    tree.click(".rename-button")
    tree.locator(".modal.in input").fill("da.txt")
    tree.locator(".modal.in .btn-primary").click()
    expect(tree.locator(".modal.in .alert-danger")).to_contain_text("Datei existiert bereits: da.txt")


@pytest.mark.parametrize("path", ["tree", "edit/schmal.txt", "notebooks/schmal.ipynb"])
def test_longer_words_fit_a_narrow_window(german: OpenNotebook, path: str) -> None:
    (german.root_dir / "schmal.txt").write_text("x")
    german.write("1", name="schmal.ipynb")
    narrow = german.visit(path)
    narrow.set_viewport_size(NARROW)  # type: ignore[arg-type]
    expect(narrow.locator("#site")).to_be_visible()
    assert beyond_the_edge(narrow) == []


def pseudo(script: str) -> str:
    """The script of a catalogue in a language of longer, accented words, which shows what was never looked up."""
    head, _, body = script.partition("=")
    words = json.loads(body.rstrip(";\n"))
    for forms in words["locale_data"]["nbjs"].values():
        if isinstance(forms, list):
            forms[:] = [f"ẛ{text}{'ő' * (len(text) // 2)}ẛ" for text in forms]
    return f"{head}={json.dumps(words)};"


def test_words_half_as_long_again_fit_and_every_one_is_looked_up(german: OpenNotebook) -> None:
    german.write("1", name="lang.ipynb")
    page = german.context.new_page()
    page.route("**/locale/de/nbjs-*.js", lambda route: route.fulfill(body=pseudo(route.fetch().text())))
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(f"{german.server.base_url}notebooks/lang.ipynb")
    page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded")
    page.evaluate("() => Jupyter.notebook.show_command_palette()")
    texts = page.locator(".cmd-palette .cmd-text").all_inner_texts()
    assert len(texts) > 60
    assert [text for text in texts if not text.startswith("ẛ")] == []
    assert beyond_the_edge(page) == []
    page.keyboard.press("Escape")
    page.evaluate("() => void Jupyter.notebook._ask_about_conflict()")
    expect(page.locator(".modal.in .modal-footer button").first).to_be_visible()
    assert page.locator(".modal.in .modal-footer button").first.inner_text().startswith("ẛ")
    assert beyond_the_edge(page) == []
    page.close()


def test_moment_speaks_the_language_of_the_page(page: Page) -> None:
    said = page.evaluate(
        "() => new Promise(done => require(['moment'], moment => done(moment([2026, 0, 31]).format('LL'))))"
    )
    assert said == "31. Januar 2026"


def test_another_language_is_chosen_in_the_page_by_key_and_stays(german: OpenNotebook) -> None:
    tree = german.visit("tree")
    expect(tree.locator("#language_switch")).to_have_accessible_name("Sprache: Deutsch")
    tree.focus("#language_switch")
    tree.keyboard.press("Enter")
    expect(tree.get_by_role("menuitemradio", name="Wie der Browser es wünscht")).to_be_focused()
    tree.keyboard.press("ArrowDown")
    with tree.expect_navigation():
        tree.keyboard.press("Enter")
    expect(tree.locator("#language_switch")).to_have_accessible_name("Language: English")
    assert tree.evaluate("() => document.documentElement.lang") == "en"
    tree.click("#language_switch")
    with tree.expect_navigation():
        tree.get_by_role("menuitemradio", name="As the browser asks").click()
    expect(tree.locator("#language_switch")).to_have_accessible_name("Sprache: Deutsch")
    tree.close()
