"""Every key that is bound from the start, pressed once in its mode."""

from __future__ import annotations

import pytest

from tests.e2e.ui.desk import Desk
from tests.e2e.ui.effects import EFFECTS
from tests.e2e.ui.tables import COMMAND_KEYS, EDIT_KEYS

COMMAND = [pytest.param(*row, marks=pytest.mark.ui_row(f"1.5 command {row[0]}")) for row in COMMAND_KEYS.items()]
EDIT = [pytest.param(*row, marks=pytest.mark.ui_row(f"1.5 edit {row[0]}")) for row in EDIT_KEYS.items()]


@pytest.mark.parametrize(("keys", "action"), COMMAND)
def test_the_key_works_in_command_mode(desk: Desk, keys: str, action: str) -> None:
    effect = EFFECTS[action]
    if effect.before:
        desk.do(effect.before)
    desk.press(keys)
    desk.wait(effect.after)


@pytest.mark.parametrize(("keys", "action"), EDIT)
def test_the_key_works_in_edit_mode(desk: Desk, keys: str, action: str) -> None:
    effect = EFFECTS[action]
    if effect.before:
        desk.do(effect.before)
    desk.do("nb.edit_mode();")
    desk.wait("nb.mode === 'edit'")
    desk.press(keys)
    desk.wait(effect.after)


@pytest.mark.ui_row("1.5 disabled")
def test_a_disabled_manager_lets_keys_pass_and_escape_leaves_the_editor(desk: Desk) -> None:
    desk.do("nb.edit_mode(); Jupyter.keyboard_manager.disable();")
    desk.page.keyboard.press("Shift+Enter")
    assert desk.do("desk.at() === 1 && nb.ncells() === 4 && !desk.ran(1)")
    desk.page.keyboard.press("Escape")
    desk.wait("nb.mode === 'command'")


@pytest.mark.ui_row("1.5 ignored events")
def test_marked_events_are_passed_over(desk: Desk) -> None:
    desk.do(
        """const event = new KeyboardEvent('keydown', {keyCode: 66, which: 66, bubbles: true});
        event._ipkmIgnore = true; document.body.dispatchEvent(event);"""
    )
    assert desk.do("nb.ncells()") == 4


@pytest.mark.ui_row("1.5 sequences")
def test_a_sequence_ends_by_another_key_or_by_time_and_not_by_a_modifier(desk: Desk) -> None:
    desk.press("d")
    desk.press("k")
    desk.press("d")
    assert desk.do("nb.ncells()") == 4
    desk.page.keyboard.press("Shift")
    desk.press("d")
    desk.wait("nb.ncells() === 3")
    desk.reset()
    desk.press("d")
    desk.wait("Jupyter.keyboard_manager.command_shortcuts._queue.length === 0")  # forgotten after 800 ms
    desk.press("d")
    assert desk.do("nb.ncells()") == 4


@pytest.mark.ui_row("1.5 config")
def test_keys_follow_the_users_configuration(desk: Desk) -> None:
    page = desk.page.context.new_page()
    keys = {"bind": {"g,g": "jupyter-notebook:insert-cell-below", "ctrl-alt-y": "late:extension"}, "unbind": ["b"]}
    desk.page.evaluate("keys => Jupyter.notebook.config.update({keys: {command: keys}})", keys)
    try:
        page.goto(desk.page.url)
        page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded === true")
        found = page.evaluate(
            """() => ['g,g', 'b', 'ctrl-alt-y', 'a'].map(keys =>
                Jupyter.keyboard_manager.command_shortcuts.get_shortcut(keys) ?? null)"""
        )
        insert = "jupyter-notebook:insert-cell-below"
        assert found == [insert, None, "late:extension", "jupyter-notebook:insert-cell-above"]
        page.evaluate("() => Jupyter.notebook.focus_cell()")
        count = page.evaluate("() => Jupyter.notebook.ncells()")
        page.keyboard.press("b")
        page.keyboard.type("gg")
        assert page.evaluate("() => Jupyter.notebook.ncells()") == count + 1
    finally:
        desk.page.evaluate("() => Jupyter.notebook.config.update({keys: null})")
        page.close()


@pytest.mark.ui_row("1.5 registered inputs")
def test_typing_in_a_registered_input_is_no_command(desk: Desk) -> None:
    desk.do(
        """const input = $('<input id="own">').appendTo(desk.cell(1).element);
        Jupyter.keyboard_manager.register_events(input);
        input.trigger('focus');"""
    )
    desk.page.keyboard.type("abx")
    assert desk.do("[$('#own').val(), nb.ncells()]") == ["abx", 4]
    desk.do("$('#own').remove();")
    desk.wait("Jupyter.keyboard_manager.enabled")


@pytest.mark.ui_row("1.5 editor keys")
@pytest.mark.parametrize(
    ("text", "selection", "keys", "wanted"),
    [
        ("a\nb", ((0, 0), (1, 1)), "Tab", "    a\n    b"),
        ("    a\n    b", ((0, 0), (1, 5)), "Shift+Tab", "a\nb"),
        ("a = 1", ((0, 0), (0, 0)), "Control+/", "# a = 1"),
        ("        a", ((0, 8), (0, 8)), "Backspace", "    a"),
        ("a\nb", ((0, 0), (0, 0)), "Control+d", "b"),
        ("a", ((0, 0), (0, 0)), "Control+]", "    a"),
        ("    a", ((0, 0), (0, 0)), "Control+[", "a"),
        ("a (", ((0, 3), (0, 3)), "(", "a (()"),
    ],
)
def test_the_editors_own_keys(
    desk: Desk, text: str, selection: tuple[tuple[int, int], tuple[int, int]], keys: str, wanted: str
) -> None:
    desk.page.evaluate(
        """([text, [anchor, head]]) => {
            desk.cell(1).set_text(text); Jupyter.notebook.edit_mode();
            desk.cell(1).code_mirror.setSelection({line: anchor[0], ch: anchor[1]}, {line: head[0], ch: head[1]});
        }""",
        [text, selection],
    )
    desk.page.keyboard.press(keys)
    assert desk.do("desk.texts()[1]") == wanted
    assert desk.do("nb.mode") == "edit"
