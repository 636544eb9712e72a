"""The dashboard: what is there, what can be made, renamed, moved in, thrown away."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage, write_notebook


def test_it_lists_folders_first_and_opens_them_in_place(open_notebook: OpenNotebook) -> None:
    write_notebook(open_notebook.root_dir / "b.ipynb", "1")
    write_notebook(open_notebook.root_dir / "zoo" / "inside.ipynb", "1")
    (open_notebook.root_dir / "a.txt").write_text("text")
    page = open_notebook.visit("tree")
    names = page.locator("#notebook_list .item_name")
    expect(names.filter(has_text="a.txt")).to_be_visible()  # the last one: rows come in several steps
    listed = [name for name in names.all_inner_texts() if name in ("zoo", "b.ipynb", "a.txt")]
    assert listed == ["zoo", "b.ipynb", "a.txt"]
    page.locator("#notebook_list a.item_link", has_text="zoo").click()
    expect(page.locator("#notebook_list .item_name", has_text="inside.ipynb")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/tree/zoo$"))
    expect(page).to_have_title("zoo/")
    page.go_back()
    expect(page.locator("#notebook_list .item_name", has_text="b.ipynb")).to_be_visible()


def test_an_empty_folder_says_so(open_notebook: OpenNotebook) -> None:
    (open_notebook.root_dir / "void").mkdir()
    page = open_notebook.visit("tree/void")
    expect(page.locator("#notebook_list")).to_contain_text("The notebook list is empty.")


def test_a_new_notebook_opens_in_a_tab_with_its_kernel(open_notebook: OpenNotebook) -> None:
    (open_notebook.root_dir / "fresh").mkdir()
    page = open_notebook.visit("tree/fresh")
    page.click("#new-dropdown-button")
    with page.context.expect_page() as opened:
        page.click("#kernel-python3 a")
    nb = NotebookPage(opened.value).wait_ready()
    expect(nb.page.locator("#notebook_name")).to_have_text("Untitled")
    assert (open_notebook.root_dir / "fresh" / "Untitled.ipynb").exists()


def test_new_text_file_and_folder(open_notebook: OpenNotebook) -> None:
    (open_notebook.root_dir / "things").mkdir()
    page = open_notebook.visit("tree/things")
    page.click("#new-dropdown-button")
    page.click("#new-folder a")
    expect(page.locator("#notebook_list .item_name", has_text="Untitled Folder")).to_be_visible()
    page.click("#new-dropdown-button")
    with page.context.expect_page() as opened:
        page.click("#new-file a")
    editor = opened.value
    expect(editor.locator(".last_modified")).to_contain_text("ago")
    editor.locator(".CodeMirror").click()
    editor.keyboard.type("written here")
    editor.keyboard.press("Control+S")
    expect(editor.locator("#notification_save")).to_contain_text("File saved")
    assert (open_notebook.root_dir / "things" / "untitled.txt").read_text() == "written here"


def test_rename_and_delete(open_notebook: OpenNotebook) -> None:
    folder = open_notebook.root_dir / "desk"
    folder.mkdir()
    (folder / "old.txt").write_text("x")
    page = open_notebook.visit("tree/desk")
    row = page.locator("#notebook_list .list_item", has_text="old.txt")
    row.locator("input[type=checkbox]").check()
    page.click(".rename-button")
    page.locator(".modal-body input").fill("new.txt")
    page.locator(".modal-footer .btn-primary").click()
    expect(page.locator("#notebook_list .item_name", has_text="new.txt")).to_be_visible()
    assert (folder / "new.txt").exists()
    page.locator("#notebook_list .list_item", has_text="new.txt").locator("input[type=checkbox]").check()
    page.click(".delete-button")
    page.locator(".modal-footer .btn-danger").click()
    expect(page.locator("#notebook_list .item_name", has_text="new.txt")).to_have_count(0)
    assert not (folder / "new.txt").exists()


def test_upload_a_file(open_notebook: OpenNotebook) -> None:
    (open_notebook.root_dir / "inbox").mkdir()
    page = open_notebook.visit("tree/inbox")
    page.set_input_files("#upload_span_input", {"name": "dat ä#.bin", "mimeType": "", "buffer": b"\x00\xff\x01"})
    page.locator(".upload_button").first.click()
    expect(page.locator("#notebook_list .list_item:not(.new-file) .item_name", has_text="dat ä#.bin")).to_be_visible()
    assert (open_notebook.root_dir / "inbox" / "dat ä#.bin").read_bytes() == b"\x00\xff\x01"


def test_a_running_notebook_is_marked_and_can_be_shut_down(open_notebook: OpenNotebook) -> None:
    open_notebook("1", name="busy/running.ipynb")
    page = open_notebook.visit("tree/busy")
    row = page.locator("#notebook_list .list_item", has_text="running.ipynb")
    expect(row.locator(".running-indicator")).to_be_visible()
    row.locator("input[type=checkbox]").check()
    page.click(".shutdown-button")
    expect(row.locator(".running-indicator")).not_to_be_visible()
    page.click("#tabs a[href='#running']")
    expect(page.locator("#running_list")).not_to_contain_text("running.ipynb")


def test_dark_and_light_are_a_choice_that_lasts(open_notebook: OpenNotebook) -> None:
    page = open_notebook.visit("tree")
    switch = page.get_by_role("button", name="Colours: as the system has them")
    with page.expect_response(lambda answer: answer.url.endswith("/api/config/common") and answer.ok):
        switch.press("Enter")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    expect(page.get_by_role("button", name="Colours: dark")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark == "rgb(22, 24, 25)"
    for name in ("Colours: dark", "Colours: light"):
        with page.expect_response(lambda answer: answer.url.endswith("/api/config/common") and answer.ok):
            page.get_by_role("button", name=name).click()
    expect(switch).to_be_visible()


HOSTILE_README = "# Our data\n<script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>"
HOSTILE_README += "\n\n**mind** the <b onclick='pwned=3'>gaps</b>"
README_OF_LINKS = "*the end*: [z](z.txt#a), [up](../told), ![none](z.png), [here](#top), [web](https://a.b/)"
COVER = "\n\n<div class='modal in'></div><div class='modal-backdrop in'></div>"  # let out, it would take every click


def test_what_a_folder_says_of_itself_stands_around_its_list_and_runs_nothing(open_notebook: OpenNotebook) -> None:
    folder = open_notebook.root_dir / "told"
    folder.mkdir()
    (folder / "header.md").write_text(HOSTILE_README)
    (folder / "footer.md").write_text(README_OF_LINKS + COVER)
    (folder / "z.txt").write_text("x")
    page = open_notebook.visit("tree/told")
    rows = page.locator("#notebook_list > .list_item")
    expect(rows.first.locator("h1")).to_have_text("Our data")
    expect(rows.last.locator("em")).to_have_text("the end")
    base = urlsplit(page.url).path.removesuffix("tree/told")
    links = [link.get_attribute("href") for link in rows.last.locator("a").all()]
    assert links == [*(f"{base}tree/told/{told}" for told in ("z.txt#a", "../told")), "#top", "https://a.b/"]
    assert rows.last.locator("img").get_attribute("src") == f"{base}files/told/z.png"
    expect(rows).to_have_count(6)
    page.click("#sort-name")
    expect(rows.nth(2).locator(".item_name")).to_have_text("z.txt")
    expect(rows.first.locator("strong")).to_have_text("mind")
    expect(rows.last.locator("em")).to_have_text("the end")
    rows.first.locator("b").click()
    assert page.evaluate("() => window.pwned") is None
    expect(page.locator("#counter-select-all")).to_have_text("0")
    page.click("#tree-selector-btn")
    page.click("a#select-files")
    expect(page.locator("#counter-select-all")).to_have_text("3")


def test_who_comes_by_keyboard_is_told_what_a_button_does(open_notebook: OpenNotebook) -> None:
    (open_notebook.root_dir / "hints").mkdir()
    (open_notebook.root_dir / "hints" / "a.txt").write_text("x")
    page = open_notebook.visit("tree/hints")
    page.locator(".list_item input[type=checkbox]").check()
    hint = page.locator(".rename-button + [role=tooltip]#tooltip2")
    expect(hint).to_be_hidden()
    page.focus(".duplicate-button")
    page.keyboard.press("Tab")
    expect(page.locator(".rename-button[aria-describedby=tooltip2]")).to_be_focused()
    expect(hint).to_have_text("Rename selected")
    expect(hint).to_be_visible()
