"""The toolbar: every button pressed once, the list of cell types, and what extensions add."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.ui.desk import Desk
from tests.e2e.ui.effects import EFFECTS
from tests.e2e.ui.tables import BUTTONS, CELL_TYPES

ROWS = [pytest.param(action, marks=pytest.mark.ui_row(f"1.3 {action}")) for action in BUTTONS]
BAR = "#maintoolbar.navbar > .toolbar-inner.navbar-inner.navbar-nobg > #maintoolbar-container.container.toolbar"


@pytest.mark.parametrize("action", ROWS)
def test_the_button_calls_its_action(desk: Desk, action: str) -> None:
    effect = EFFECTS[action]
    if effect.before:
        desk.do(effect.before)
    desk.page.click(f"button[data-jupyter-action='jupyter-notebook:{action}']")
    desk.wait(effect.after)


@pytest.mark.ui_row("1.3 groups")
def test_groups_and_buttons_have_their_ids_icons_and_names(desk: Desk) -> None:
    found = desk.page.eval_on_selector_all(
        f"{BAR} > .btn-group > button.btn.btn-default",
        """buttons => buttons.map(b => [b.dataset.jupyterAction, b.parentElement.id, b.querySelector('i.fa').className,
            b.title !== '' && b.getAttribute('aria-label') !== ''])""",
    )
    names = {action.removeprefix("jupyter-notebook:"): (group, icon) for action, group, icon, _ in found}
    assert {action: (group, f"fa {icon}") for action, (group, icon) in BUTTONS.items()} == names
    assert all(is_named for *_, is_named in found)
    assert desk.page.locator("#run_int .toolbar-btn-label").all_text_contents() == ["Run"]


@pytest.mark.ui_row("1.3 cell type")
def test_the_list_of_cell_types_follows_and_converts(desk: Desk) -> None:
    choice = desk.page.locator("select#cell_type.form-control.select-xs[role=combobox]")
    assert tuple(choice.locator("option").evaluate_all("options => options.map(o => o.value)")) == CELL_TYPES
    for index, kind in enumerate(("code", "code", "markdown", "raw")):
        desk.do(f"nb.select({index});")
        expect(choice).to_have_value(kind)
    desk.do("nb.select(2, false);")
    expect(choice).to_have_value("multiselect")
    desk.do("nb.select(0);")
    choice.select_option("raw")
    desk.wait("desk.types()[0] === 'raw'")
    desk.do("desk.cell(1).metadata.editable = false; nb.select(1);")
    expect(choice).to_be_disabled()


@pytest.mark.ui_row("1.3 heading")
def test_heading_explains_itself_and_makes_markdown(desk: Desk) -> None:
    desk.page.select_option("#cell_type", "heading")
    desk.wait("desk.dialog() === 'Use markdown headings'")
    desk.button("OK")
    assert desk.do("[desk.types()[1], desk.texts()[1].split('\\n')[0]]") == ["markdown", "# two = 2"]
    expect(desk.page.locator("#cell_type")).to_have_value("markdown")


@pytest.mark.ui_row("1.3 missing icon")
def test_a_button_without_an_icon_shows_a_warning_sign(desk: Desk) -> None:
    desk.do(
        "Jupyter.toolbar.add_buttons_group([{handler: () => 1, help: 'own'}].map(action => ({action})), 'own_group');"
    )
    expect(desk.page.locator("#own_group i.fa.fa-exclamation-triangle")).to_be_visible()
    desk.do("Jupyter.toolbar.add_buttons_group([{action: 'jupyter-notebook:run-cell', label: 'Go'}], 'own_label');")
    assert desk.do("$('#own_label i').attr('class').trim()") == "fa", "a label says enough"
    desk.do("$('#own_group, #own_label').remove();")
