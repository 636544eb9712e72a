"""Lists in the menus that others fill: kernels, checkpoints, formats, bundlers, cell toolbars, help links."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.ui.choice import choose
from tests.e2e.ui.desk import Desk

USUAL = (
    "asciidoc", "html", "latex", "markdown", "notebook", "pdf", "qtpdf", "qtpng", "rst", "script", "slides", "webpdf",
)  # fmt: skip
FORMATS_TIMEOUT_MS = 30_000


@pytest.mark.ui_row("1.2 new notebook kernels")
def test_new_notebook_lists_kernels_with_the_present_one_first_and_opens_one(desk: Desk) -> None:
    desk.do("nb.kernel_selector.events.trigger('spec_changed.Kernel', nb.kernel_selector.kernelspecs.python3);")
    first = desk.page.locator("#menu-new-notebook-submenu > li").first
    expect(first).to_have_attribute("id", "new-notebook-submenu-python3")
    kernels = len(desk.do("Object.keys(nb.kernel_selector.kernelspecs)"))
    dividers = desk.page.locator("#menu-new-notebook-submenu > li.divider")
    expect(dividers).to_have_count(1 if kernels > 1 else 0)  # with nothing below it, it would part nothing
    choose(desk.page, ("filelink", "new_notebook", "new-notebook-submenu-python3"))
    desk.wait("desk.opened.some(url => /notebooks\\/Untitled\\d*\\.ipynb\\?kernel_name=python3$/.test(url))")


@pytest.mark.ui_row("1.2 change kernel kernels")
def test_change_kernel_lists_every_kernel(desk: Desk) -> None:
    names = desk.do("Object.keys(nb.kernel_selector.kernelspecs).sort()")
    ids = desk.page.eval_on_selector_all("#menu-change-kernel-submenu > li", "items => items.map(i => i.id).sort()")
    assert ids == [f"kernel-submenu-{name}" for name in names]


@pytest.mark.ui_row("1.2 checkpoints")
def test_revert_lists_dates_and_asks(desk: Desk) -> None:
    desk.do("Jupyter.menubar.update_restore_checkpoint([]);")
    empty = desk.page.locator("#restore_checkpoint > ul > li")
    expect(empty).to_have_text("No checkpoints")
    expect(empty).to_have_class(re.compile("disabled"))
    desk.do("nb.save_checkpoint();")
    desk.wait("desk.seen.has('checkpoint_created')")
    expect(empty).to_have_text(re.compile(r"20\d\d"))
    desk.page.click("#filelink")
    desk.page.hover("#restore_checkpoint > a")
    desk.page.click("#restore_checkpoint > ul > li > a")
    desk.wait("desk.dialog() === 'Revert notebook to checkpoint'")


@pytest.mark.ui_row("1.2 download formats")
def test_download_as_lists_what_nbconvert_makes_and_saves_first(desk: Desk) -> None:
    ids = desk.page.eval_on_selector_all("#download_menu > li", "items => items.map(i => i.id)")
    assert ids[: len(USUAL)] == [f"download_{name}" for name in USUAL]
    expect(desk.page.locator("#download_html > a")).to_have_text("HTML (.html)")
    desk.page.click("#filelink")
    with desk.page.expect_response("**/api/nbconvert*", timeout=FORMATS_TIMEOUT_MS):
        desk.page.locator("#download_menu").locator("..").locator("> a").hover()
    desk.do("desk.cell(1).set_text('changed');")
    desk.page.click("#download_html > a")
    desk.wait("desk.opened.some(url => /nbconvert\\/html\\/desk-\\d+\\.ipynb\\?download=true$/.test(url))")
    assert "changed" in desk.disk_path.read_text("utf-8")
    desk.do("Jupyter.menubar.show_formats({html: {}, own: {display_name: 'Own', file_extension: '.own'}});")
    expect(desk.page.locator("#download_own > a")).to_have_text("Own (.own)")
    expect(desk.page.locator("#download_latex")).to_have_class(re.compile("disabled"))
    desk.do("$('#download_own').remove(); $('#download_menu > li').removeClass('disabled');")


@pytest.mark.ui_row("1.2 download script")
def test_the_script_is_named_after_the_kernels_language(desk: Desk) -> None:
    expect(desk.page.locator("#download_script > a")).to_have_text("Python (.py)")
    desk.do("Jupyter.menubar.update_nbconvert_script({});")
    expect(desk.page.locator("#download_script > a")).to_have_text("Script (txt)")


@pytest.mark.ui_row("1.2 bundlers")
def test_bundlers_have_their_items_in_download_and_deploy(desk: Desk) -> None:
    bundlers = {
        "b_zip": {"label": "As <b>zip</b>", "module_name": "x", "group": "download"},
        "a_site": {"label": "To a site", "module_name": "y", "group": "deploy"},
    }
    expect(desk.page.locator("#deploy_menu").locator("..")).to_have_class(re.compile("hidden"))
    desk.page.evaluate(
        """bundlers => { Jupyter.notebook.config.data.bundlerextensions = bundlers;
            Jupyter.menubar.add_bundler_items() }""",
        bundlers,
    )
    expect(desk.page.locator("#download_menu > li").last).to_have_text("As <b>zip</b>")
    desk.page.click("#filelink")
    desk.page.locator("#deploy_menu").locator("..").locator("> a").hover()
    desk.page.click("#deploy_menu > li > a")
    desk.wait("desk.opened.some(url => /bundle\\/desk-\\d+\\.ipynb\\?bundler=a_site$/.test(url))")
    desk.do("$('.bundler-item').remove(); $('#deploy_menu').parent().addClass('hidden');")


@pytest.mark.ui_row("1.2 cell toolbars")
def test_cell_toolbars_are_listed_as_they_come_and_go(desk: Desk) -> None:
    items = desk.page.locator("#menu-cell-toolbar-submenu > li")
    assert items.all_text_contents()[:2] == ["None", "Edit Metadata"]
    expect(items.first).to_have_attribute("data-name", "None")
    desk.do("Jupyter.CellToolbar.register_preset('My own', [], nb);")
    expect(items.last).to_have_attribute("data-name", "My%20own")
    choose(desk.page, ("viewlink", "menu-cell-toolbar", "menu-cell-toolbar-submenu > li:nth-child(2)"))
    desk.wait("nb.metadata.celltoolbar === 'Edit Metadata' && $('body').hasClass('ctb_global_show')")
    choose(desk.page, ("viewlink", "menu-cell-toolbar", "menu-cell-toolbar-submenu > li:nth-child(1)"))
    desk.wait("nb.metadata.celltoolbar === undefined && !$('body').hasClass('ctb_global_show')")
    desk.do("Jupyter.CellToolbar.unregister_preset('My own');")
    expect(items.last).not_to_have_text("My own")


@pytest.mark.ui_row("1.2 help links")
def test_help_opens_elsewhere(desk: Desk) -> None:
    links = desk.page.locator("#help_menu a[target=_blank][rel~=noopener]:has(i.fa-external-link.menu-icon.pull-right)")
    assert [text.strip() for text in links.all_text_contents()][:2] == ["Notebook Help", "Markdown"]


@pytest.mark.ui_row("1.2 kernel help links")
def test_the_kernels_help_links_come_before_the_last_divider_and_go_with_it(desk: Desk) -> None:
    desk.do(
        """Jupyter.menubar.add_kernel_help_links([
            {text: 'A', url: 'https://a.example'}, {text: 'B', url: 'javascript:1'}]);"""
    )
    order = desk.page.eval_on_selector_all(
        "#help_menu > li", "items => items.map(i => i.id || i.className || i.textContent)"
    )
    assert order[-4:-1] == ["kernel-help-links", "kernel-help-link", "divider"]
    desk.do("Jupyter.menubar.add_kernel_help_links([]);")
    expect(desk.page.locator("#kernel-help-links, .kernel-help-link")).to_have_count(0)


@pytest.mark.ui_row("1.2 about")
def test_about_tells_server_python_and_kernel(desk: Desk) -> None:
    desk.page.click("#helplink")
    desk.page.click("#notebook_about")
    expect(desk.dialog()).to_contain_text(re.compile(r"flasknb \d.*Python 3\..*IPython", re.S))
    desk.button("OK")


KEY_WALK = [
    ("ArrowRight", "editlink"),
    ("ArrowLeft", "filelink"),
    ("ArrowLeft", "helplink"),
    ("ArrowRight", "filelink"),
    ("ArrowDown", "new_notebook"),
    ("End", "close_and_halt"),
    ("Home", "new_notebook"),
    ("ArrowRight", "new-notebook-submenu-python3"),
    ("ArrowLeft", "new_notebook"),
    ("r", "rename_notebook"),
    ("r", "restore_checkpoint"),
    ("ArrowUp", "save_checkpoint"),
    ("ArrowRight", "editlink"),
    ("ArrowDown", "cut_cell"),
    ("Escape", "editlink"),
    ("Enter", "cut_cell"),
    ("ArrowDown", "copy_cell"),
]
"""Key pressed, and where the focus is then."""


@pytest.mark.ui_row("1.2 keyboard")
def test_the_menu_bar_is_worked_by_keys_alone(desk: Desk) -> None:
    page = desk.page
    page.locator("#filelink").focus()
    assert page.locator("#menus .navbar-nav > li > a[tabindex='0']").count() == 1
    focused = "() => document.activeElement.id || document.activeElement.parentElement.id"
    for keys, place in KEY_WALK:
        page.keyboard.press(keys)
        assert page.evaluate(focused) == place, keys
    page.keyboard.press("Enter")
    desk.wait("nb.paste_enabled && nb.ncells() === 4")
    roles = page.eval_on_selector_all("#menus [role]", "nodes => [...new Set(nodes.map(n => n.getAttribute('role')))]")
    assert {"menubar", "menu", "menuitem", "separator", "none"} <= set(roles)


@pytest.mark.ui_row("1.2 narrow")
def test_at_400_pixels_the_menus_are_folded_away_and_still_work(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size({"width": 400, "height": 800})
    try:
        expect(page.locator("#filelink")).to_be_hidden()
        page.click("#menus .navbar-toggle")
        page.click("#celllink")
        page.click("#change_cell_type > a")
        page.click("#to_raw > a")
        desk.wait("desk.types()[1] === 'raw'")
        expect(page.locator("#celllink")).to_be_hidden()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 400
        page.click("#menus .navbar-toggle")
        page.locator(".cell").nth(0).locator(".prompt").first.click()
        expect(page.locator("#celllink")).to_be_hidden()
    finally:
        page.set_viewport_size({"width": 1200, "height": 900})


EXPLAINED = (
    *("open_notebook", "copy_notebook", "save_notebook_as", "trust_notebook", "close_and_halt"),
    *("toggle_header", "toggle_toolbar", "toggle_line_numbers", "insert_cell_above", "insert_cell_below"),
    *("run_cell", "run_cell_select_below", "run_cell_insert_below"),
    *("run_all_cells", "run_all_cells_above", "run_all_cells_below", "to_code", "to_markdown", "to_raw"),
    *("toggle_current_output", "toggle_current_output_scroll", "clear_current_output"),
    *("toggle_all_output", "toggle_all_output_scroll", "clear_all_output"),
    *("int_kernel", "restart_kernel", "restart_clear_output", "restart_run_all", "reconnect_kernel"),
    *("shutdown_kernel", "notebook_tour", "keyboard_shortcuts", "edit_keyboard_shortcuts"),
)


@pytest.mark.ui_row("1.2 tooltips")
def test_items_say_what_they_do_where_the_classic_ones_did(desk: Desk) -> None:
    items = desk.page.eval_on_selector_all(
        "#menus li[id]", "items => items.map(i => [i.id, i.title, i.querySelector('a')?.textContent ?? ''])"
    )
    assert set(EXPLAINED) <= {item for item, title, label in items if title and title not in label}
