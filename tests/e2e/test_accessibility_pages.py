"""Dashboard, text editor, terminal, login, errors and their dialogs: axe-core, the focus, and a screen 400 px wide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.accessibility import HEIGHT_PX, NARROW_PX, WIDE_PX, complaints_in_both_themes, look
from tests.e2e.conftest import OpenNotebook

SHOWN_TIMEOUT_MS = 15_000
LONG = "a-name-that-is-very-long-" * 6


@dataclass(frozen=True)
class Dialog:
    """``does`` (a script), then ``clicks`` open it; ``back``: what has the focus after Escape."""

    clicks: tuple[str, ...] = ()
    does: str = ""
    back: str = ""


def row(name: str) -> str:
    return f".list_item:has(.item_name:text-is('{name}')) input[type=checkbox]"


DASHBOARD: dict[str, Dialog] = {
    "rename": Dialog((row("a.txt"), ".rename-button"), back=".rename-button"),
    "rename a folder": Dialog((row("folder"), ".rename-button"), back=".rename-button"),
    "move": Dialog((row("a.txt"), ".move-button"), back=".move-button"),
    "duplicate": Dialog((row("a.txt"), ".duplicate-button"), back=".duplicate-button"),
    "delete": Dialog((row("a.txt"), ".delete-button"), back=".delete-button"),
    "delete a name that is very long": Dialog((row(f"{LONG}.txt"), ".delete-button"), back=".delete-button"),
    "delete failed": Dialog((row("full"), ".delete-button", ".modal.in .btn-danger"), back=".delete-button"),
    "creating failed": Dialog(
        ("#new-dropdown-button", "#new-folder a"),
        "Jupyter.notebook_list.contents.new_untitled = () => Promise.reject(new Error('the disk is full'))",
        back="#new-dropdown-button",
    ),
}
UPLOADS: dict[str, tuple[str, int, str]] = {
    "replace a file": ("a.txt", 3, ".upload_button"),
    "a name that is none": (".hidden", 3, ".upload_button"),
    "a notebook that is none": ("broken.ipynb", 1, ".upload_button"),
    "a large file": ("large.bin", 26 * 1024 * 1024, ""),
}
"""Name, size in bytes, what is pressed."""
ERROR_PAGES = ["tree/gone", "notebooks/gone.ipynb", "edit/gone.txt", "files/gone", "nbconvert/html/gone.ipynb"]


@pytest.fixture(scope="module", autouse=True)
def entries(desk: OpenNotebook) -> None:
    """What the dashboard lists."""
    root = desk.root_dir
    (root / "a.txt").write_text("a")
    (root / f"{LONG}.txt").write_text("a")
    for name in ("folder", "full"):
        (root / name).mkdir(exist_ok=True)
    (root / "full" / "b.txt").write_text("b")
    desk.write("1", name="one.ipynb")


def look_at_dialog(page: Page, name: str, back: str) -> None:
    expect(page.locator(".modal.in")).to_be_visible(timeout=SHOWN_TIMEOUT_MS)
    found = look(page, ".modal.in", name)
    assert page.evaluate("() => !!document.activeElement.closest('.modal.in')"), "the focus is elsewhere"
    page.keyboard.press("Escape")
    expect(page.locator(".modal:visible, .modal-backdrop")).to_have_count(0)
    assert found == []
    if back:
        expect(page.locator(back).first).to_be_focused()


def open_dialog(page: Page, dialog: Dialog) -> None:
    if dialog.does:
        page.evaluate(f"() => void ({dialog.does})")
    for selector in dialog.clicks:
        page.locator(selector).first.click()


@pytest.fixture
def tree(desk: OpenNotebook) -> Iterator[Page]:
    page = desk.visit("tree")
    expect(page.locator(".list_item .item_name", has_text="one.ipynb").first).to_be_visible()
    yield page
    page.close()


@pytest.mark.parametrize("name", DASHBOARD)
def test_dialogs_of_the_dashboard(tree: Page, name: str) -> None:
    open_dialog(tree, DASHBOARD[name])
    if name == "delete failed":
        expect(tree.locator(".modal.in")).to_contain_text("must be empty")
    look_at_dialog(tree, f"dashboard {name}", DASHBOARD[name].back)


@pytest.mark.parametrize("name", UPLOADS)
def test_questions_of_an_upload(tree: Page, tmp_path: Path, name: str) -> None:
    file_name, size_bytes, button = UPLOADS[name]
    with (tmp_path / file_name).open("wb") as file:
        file.truncate(size_bytes)
    tree.set_input_files("#upload_span_input", tmp_path / file_name)
    if button:
        tree.locator(button).first.click()
    look_at_dialog(tree, f"upload {name}", button)


@pytest.mark.parametrize("tab", ["notebooks", "running", "clusters"])
def test_the_dashboards_tabs(tree: Page, desk: OpenNotebook, tab: str) -> None:
    if tab == "notebooks":
        tree.locator(row("a.txt")).click()
    else:
        desk.context.request.post(
            f"{desk.server.base_url}api/terminals", headers={"Authorization": f"token {desk.server.token}"}
        )
        tree.click(f"#tabs a[href='#{tab}']")
    expect(tree.locator(f"#{tab}")).to_be_visible()
    assert look(tree, "body", f"dashboard tab {tab}") == []


def test_the_dashboards_menus(tree: Page) -> None:
    for opener, menu in (("#new-dropdown-button", "#new-menu"), ("#tree-selector-btn", "#selector-menu")):
        tree.set_viewport_size({"width": NARROW_PX, "height": HEIGHT_PX})
        tree.locator(opener).click()
        expect(tree.locator(menu)).to_be_visible()
        assert look(tree, "body", f"dashboard menu {menu}") == []
        tree.keyboard.press("Escape")
        expect(tree.locator(opener)).to_be_focused()


def test_a_name_that_is_edited_before_it_is_uploaded(tree: Page) -> None:
    tree.set_input_files("#upload_span_input", {"name": f"{LONG}.bin", "mimeType": "", "buffer": b"x"})
    expect(tree.locator(".new-file .filename_input")).to_be_visible()
    assert look(tree, "body", "dashboard upload row") == []


def test_an_empty_folder(desk: OpenNotebook) -> None:
    page = desk.visit("tree/folder")
    expect(page.locator("#notebook_list")).to_contain_text("empty")
    assert look(page, "body", "dashboard empty folder") == []
    page.close()


@pytest.fixture
def editor(desk: OpenNotebook) -> Iterator[Page]:
    (desk.root_dir / "script.py").write_text("import os\n" + "x = 1  # a line\n" * 60)
    page = desk.visit("edit/script.py")
    expect(page.locator("#texteditor-container .CodeMirror-code")).to_contain_text("import os")
    yield page
    page.close(run_before_unload=False)


def test_the_text_editor_and_its_menus(editor: Page) -> None:
    assert look(editor, "body", "editor") == []
    editor.set_viewport_size({"width": WIDE_PX, "height": HEIGHT_PX})
    for index in range(editor.locator("#menus .dropdown-toggle").count()):
        opener = editor.locator("#menus .dropdown-toggle").nth(index)
        opener.click()
        found = complaints_in_both_themes(editor, "#menus")
        editor.keyboard.press("Escape")
        assert found == []
        expect(opener).to_be_focused()


def test_renaming_in_the_text_editor(editor: Page) -> None:
    editor.locator("span.filename").click()
    look_at_dialog(editor, "editor rename", "span.filename")


def test_renaming_from_the_menu_of_the_text_editor(editor: Page) -> None:
    opener = ".dropdown:has(#file-menu) > .dropdown-toggle"
    editor.locator(opener).click()
    editor.click("#rename-file a")
    look_at_dialog(editor, "editor rename from the menu", opener)


def test_a_file_that_changed_under_the_text_editor(editor: Page, desk: OpenNotebook) -> None:
    (desk.root_dir / "script.py").write_text("by somebody else")
    editor.locator(".CodeMirror").click()
    editor.keyboard.type("# mine")
    editor.keyboard.press("Control+S")
    look_at_dialog(editor, "editor changed on disk", ".CodeMirror textarea, .CodeMirror [contenteditable]")


def test_searching_in_the_text_editor(editor: Page) -> None:
    for item, name in (("#menu-find", "find"), ("#menu-replace", "replace")):
        editor.locator(".dropdown:has(#edit-menu) > .dropdown-toggle").click()
        editor.click(f"{item} a")
        bar = editor.locator(".CodeMirror-dialog")
        expect(bar).to_be_visible()
        assert look(editor, "body", f"editor {name}") == []
        editor.keyboard.press("Escape")
        expect(bar).to_have_count(0)
        assert editor.evaluate("() => !!document.activeElement.closest('.CodeMirror')")


def test_the_terminal_its_search_and_its_end(desk: OpenNotebook) -> None:
    page = desk.visit("terminals/looked")
    page.wait_for_function("() => window.terminal?.connection.state === 'open'", timeout=SHOWN_TIMEOUT_MS)
    assert look(page, "body", "terminal") == []
    page.keyboard.press("Control+Shift+F")
    expect(page.locator("#terminal_search_bar")).to_be_visible()
    assert look(page, "body", "terminal search") == []
    page.keyboard.press("Escape")
    expect(page.locator("#terminal_search_bar")).not_to_be_visible()
    assert page.evaluate("() => !!document.activeElement.closest('.xterm')")
    page.keyboard.type("exit\n")
    expect(page.locator("#terminal_notice")).to_be_visible(timeout=SHOWN_TIMEOUT_MS)
    assert look(page, "body", "terminal ended") == []
    page.close()


@pytest.mark.parametrize("path", ERROR_PAGES)
def test_pages_that_say_what_went_wrong(desk: OpenNotebook, path: str) -> None:
    page = desk.visit(path)
    for scheme in ("light", "dark"):  # these pages follow the system alone: they stand without scripts and settings
        page.emulate_media(color_scheme=scheme)
        assert look(page, "body", f"error {path} {scheme}") == []
    page.close()


def test_login_and_logout(desk: OpenNotebook, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{desk.server.base_url}login")
    expect(page.locator("#password_input")).to_be_focused()
    assert look(page, "body", "login") == []
    page.fill("#password_input", "wrong")
    page.click("#login_submit")
    expect(page.locator(".message.error")).to_be_visible()
    assert look(page, "body", "login refused") == []
    page.fill("#password_input", desk.server.token)
    page.click("#login_submit")
    page.goto(f"{desk.server.base_url}logout")
    assert look(page, "body", "logout") == []
    context.close()


def test_a_picture_in_the_viewer(desk: OpenNotebook) -> None:
    (desk.root_dir / "page.html").write_text("<!doctype html><html lang=en><title>t</title><main><h1>T</h1></main>")
    page = desk.visit("view/page.html")
    assert look(page, "body", "view") == []
    page.close()
