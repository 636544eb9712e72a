"""Every item of the menus, chosen with the mouse; and the menu bar's own ways."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.ui.choice import choose
from tests.e2e.ui.desk import Desk
from tests.e2e.ui.effects import EFFECTS, Effect
from tests.e2e.ui.tables import MENU_ITEMS, MenuItem

DIRECT: dict[str, Effect] = {
    "open_notebook": Effect("desk.opened.some(url => url.endsWith('/tree') || url.endsWith('/tree/'))"),
    "save_notebook_as": Effect("desk.dialog() === 'Save As'"),
    "print_preview": Effect(
        "desk.opened.some(url => /nbconvert\\/html\\/desk-\\d+\\.ipynb\\?download=false$/.test(url))"
    ),
    "edit_nb_metadata": Effect("desk.dialog() === 'Edit Notebook Metadata'"),
    "reconnect_kernel": Effect("nb.kernel.is_connected()", "nb.kernel.stop_channels();"),
    "notebook_tour": Effect("desk.shown('.tour') && $('.tour .popover-title').text().startsWith('Welcome')"),
}
SUBMENUS = {
    "new_notebook": "#new-notebook-submenu-python3",
    "restore_checkpoint": "#restore_checkpoint > ul > li",
    "menu-cell-toolbar": "#menu-cell-toolbar-submenu > li",
    "change_cell_type": "#to_code",
    "current_outputs": "#clear_current_output",
    "all_outputs": "#clear_all_output",
    "menu-change-kernel": "#kernel-submenu-python3",
}
LAST = ("close_and_halt",)


def rows(*, last: bool = False, submenus: bool = False) -> list[object]:
    chosen = [item for item in MENU_ITEMS if (item in LAST) is last and (item in SUBMENUS) is submenus]
    return [pytest.param(MENU_ITEMS[item], id=item, marks=pytest.mark.ui_row(f"1.2 {item}")) for item in chosen]


def check(desk: Desk, item: MenuItem) -> None:
    effect = EFFECTS[item.action] if item.action else DIRECT[item.id]
    if effect.before:
        desk.do(effect.before)
    label = desk.page.locator(f"#{item.id} > a .action" if item.action else f"#{item.id} > a").first
    assert (label.text_content() or "").strip() == item.label
    choose(desk.page, item.way)
    desk.wait(effect.after)
    expect(desk.page.locator("#menubar .open")).to_have_count(0)
    assert desk.do("document.activeElement !== document.body")


@pytest.mark.parametrize("item", rows())
def test_the_item_does_what_it_says(desk: Desk, item: MenuItem) -> None:
    check(desk, item)


@pytest.mark.parametrize("item", rows(submenus=True))
def test_the_submenu_opens_under_the_pointer(desk: Desk, item: MenuItem) -> None:
    desk.page.click(f"#{item.way[0]}")
    label = desk.page.locator(f"#{item.id} > a")
    assert (label.text_content() or "").strip() == item.label
    label.hover()
    expect(desk.page.locator(SUBMENUS[item.id]).first).to_be_visible()
    desk.page.keyboard.press("Escape")


@pytest.mark.ui_row("1.2 nesting")
def test_containers_and_indicators_are_where_extensions_look_for_them(desk: Desk) -> None:
    path = "#menubar-container.container > #menubar > #menus.navbar.navbar-default > .container-fluid"
    order = desk.page.eval_on_selector_all(
        f"{path} > *", "nodes => nodes.map(n => n.id || n.className.split(' ').at(-1))"
    )
    assert [name for name in order if name != "collapsed"] == [
        "kernel_indicator", "readonly-indicator", "modal_indicator", "notification_area", "collapse",
    ]  # fmt: skip
    assert desk.page.locator(f"{path} > .navbar-collapse.collapse > ul.nav.navbar-nav > li.dropdown").count() == 7
    links = desk.page.eval_on_selector_all(
        "#menus .navbar-nav > li > a.dropdown-toggle", "nodes => nodes.map(n => n.id)"
    )
    assert links == ["filelink", "editlink", "viewlink", "insertlink", "celllink", "kernellink", "helplink"]


@pytest.mark.ui_row("1.2 shortcuts")
def test_items_show_their_key_as_it_is_now(desk: Desk) -> None:
    link = desk.page.locator("#cut_cell > a.menu-shortcut-container")
    assert link.locator("> span.action").text_content() == "Cut Cells"
    assert link.locator("> span.kb kbd").text_content() == "X"
    assert desk.page.locator("#split_cell .kb").text_content() == "Ctrl-Shift-Minus"
    desk.do("const keys = Jupyter.keyboard_manager.command_shortcuts; keys.remove_shortcut('x');")
    expect(link.locator(".kb")).to_have_count(0)
    desk.do("Jupyter.keyboard_manager.command_shortcuts.add_shortcut('x', 'jupyter-notebook:cut-cell');")
    expect(link.locator(".kb")).to_have_text("X")


@pytest.mark.ui_row("1.2 reselect")
def test_a_click_in_a_menu_selects_the_current_cell_again(desk: Desk) -> None:
    desk.do("nb.select(0); nb.select(2, false);")
    choose(desk.page, ("viewlink", "toggle_line_numbers"))
    assert desk.do("[desk.at(), nb.get_anchor_index()]") == [2, 0]


@pytest.mark.ui_row("1.2 mouse")
def test_an_open_menu_follows_the_pointer_along_the_bar(desk: Desk) -> None:
    desk.page.click("#filelink")
    desk.page.hover("#celllink")
    expect(desk.page.locator("#cell_menu")).to_be_visible()
    expect(desk.page.locator("#file_menu")).to_be_hidden()
    desk.page.click("#site", position={"x": 5, "y": 500})
    expect(desk.page.locator("#cell_menu")).to_be_hidden()


@pytest.mark.ui_row("1.2 enabled")
def test_items_are_enabled_only_when_they_can_do_something(desk: Desk) -> None:
    disabled = "['paste_cell_above', 'paste_cell_replace', 'undelete_cell', 'paste_cell_attachments', 'insert_image']"
    state = f"{disabled}.map(id => $('#' + id).hasClass('disabled'))"
    assert desk.do(state) == [True] * 5
    desk.do("nb.copy_cell();")
    assert desk.do(state) == [False, False, True, True, True]
    desk.do("nb.delete_cell();")
    assert desk.do(state)[2] is False
    desk.do("nb.select(1); nb.get_cell(1).unrender(); nb.select(1);")
    desk.wait("!$('#insert_image').hasClass('disabled')")
    desk.do("nb.get_cell(1).attachments = {'a.png': {'image/png': 'aGk='}}; nb.copy_cell_attachments();")
    assert desk.do(state)[3] is False


@pytest.mark.parametrize("item", rows(last=True))
def test_the_item_ends_the_kernel(desk: Desk, item: MenuItem) -> None:
    check(desk, item)
    desk.do("nb.kernel_selector.set_kernel('python3');")
    desk.wait("desk.seen.has('kernel_ready')")
