"""Find and Replace: what it finds, shows, replaces and takes back; patterns that would run for ever."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.ui.desk import Desk

COUNT = "#replace-preview .replace-count"
NOTHING = "No matches, invalid or empty regular expression"
SLOW_TIMEOUT_MS = 20_000


def find(desk: Desk, pattern: str, replacement: str = "", *, is_regex: bool = False, everywhere: bool = True) -> None:
    desk.press("f")
    if everywhere:
        desk.page.click("#findreplace_allcells_btn")
    if is_regex:
        desk.page.click("#isreg")
    desk.page.fill("#findreplace_find_inp", pattern)
    desk.page.fill("#findreplace_replace_inp", replacement)


@pytest.mark.ui_row("1.13 controls")
def test_controls_have_their_ids_names_and_states(desk: Desk) -> None:
    desk.press("f")
    expect(desk.page.locator("#findreplace_find_inp")).to_be_focused()
    assert desk.page.locator("form#find-and-replace button").evaluate_all(
        "buttons => buttons.map(b => [b.textContent, b.id, b.getAttribute('aria-pressed')])"
    ) == [["Aa", "", "false"], [".*", "isreg", "false"], ["", "findreplace_allcells_btn", "false"]]
    desk.page.click("#isreg")
    expect(desk.page.locator("#isreg")).to_have_attribute("aria-pressed", "true")
    expect(desk.page.locator("#findreplace_replaceall_btn.btn-primary")).to_have_text("Replace All")


@pytest.mark.ui_row("1.13 scope")
def test_the_selected_cells_or_all_are_looked_through(desk: Desk) -> None:
    find(desk, "e", everywhere=False)
    expect(desk.page.locator(COUNT)).to_have_text("1 match")
    desk.page.click("#findreplace_allcells_btn")
    expect(desk.page.locator(COUNT)).to_have_text("4 matches")


@pytest.mark.ui_row("1.13 preview")
def test_the_preview_shows_matches_insertions_and_context(desk: Desk) -> None:
    desk.do("desk.cell(1).set_text('x'.repeat(40) + 'NEEDLE' + 'y'.repeat(40));")
    find(desk, "needle", "pin")
    line = desk.page.locator("#replace-preview pre")
    expect(line).to_have_text("..." + "x" * 30 + "NEEDLEpin" + "y" * 30 + "...")
    expect(line.locator("span.match.replace")).to_have_text("NEEDLE")
    expect(line.locator("span.insert")).to_have_text("pin")
    desk.page.click("button[aria-label='Match case']")
    expect(desk.page.locator(COUNT)).to_contain_text(NOTHING)


@pytest.mark.ui_row("1.13 many")
def test_a_crowded_line_is_warned_of(desk: Desk) -> None:
    desk.do("desk.cell(1).set_text('z'.repeat(150));")
    find(desk, "z")
    expect(desk.page.locator(COUNT)).to_have_text("150 matches")
    expect(desk.page.locator("#replace-preview .alert-warning")).to_contain_text("100 matches on one line")
    expect(desk.page.locator("#replace-preview pre")).to_have_count(100)


@pytest.mark.ui_row("1.13 invalid")
def test_an_empty_or_broken_pattern_says_so(desk: Desk) -> None:
    desk.press("f")
    expect(desk.page.locator(COUNT)).to_have_text(NOTHING)
    desk.page.click("#isreg")
    desk.page.fill("#findreplace_find_inp", "(")
    expect(desk.page.locator(f"{COUNT} .replace-problem")).to_contain_text("Invalid regular expression")


@pytest.mark.ui_row("1.13 enter")
def test_enter_leads_to_replace_and_then_replaces(desk: Desk) -> None:
    find(desk, "one", "uno")
    desk.page.locator("#findreplace_find_inp").press("Enter")
    expect(desk.page.locator("#findreplace_replace_inp")).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.wait("desk.texts()[0] === 'uno = 1'")
    expect(desk.dialog()).to_have_count(0)
    assert desk.do("nb.mode") == "command"


@pytest.mark.ui_row("1.13 replace")
def test_groups_are_put_in_and_all_can_be_taken_back(desk: Desk) -> None:
    find(desk, r"(\w+) = (\d)", "$2 is $1", is_regex=True)
    desk.button("Replace All")
    desk.wait("desk.texts()[0] === '1 is one' && desk.texts()[1] === '2 is two\\n3 is lines' && nb.dirty")
    undo = desk.page.locator("#notification_notebook")
    expect(undo).to_have_text(re.compile(r"Replaced 3 matches in 2 cells\. Undo"))
    undo.click()
    desk.wait("desk.texts()[0] === 'one = 1' && desk.texts()[1] === 'two = 2\\nlines = 3'")
    find(desk, "three", "drei")
    desk.button("Replace All")
    expect(desk.page.locator("#notebook .text_cell_render h1")).to_contain_text("drei")
    assert desk.do("desk.cell(2).rendered") is True


@pytest.mark.ui_row("1.13 replace")
def test_the_editors_undo_takes_a_replacement_back_in_one_step(desk: Desk) -> None:
    desk.do("desk.cell(1).code_mirror.refresh();")
    find(desk, "=", "==", everywhere=False)
    desk.button("Replace All")
    desk.wait("desk.texts()[1] === 'two == 2\\nlines == 3'")
    desk.press("enter")
    desk.page.keyboard.press("Control+z")
    desk.wait("desk.texts()[1] === 'two = 2\\nlines = 3'")


@pytest.mark.ui_row("1.13 protected")
def test_cells_that_must_not_be_edited_are_skipped(desk: Desk) -> None:
    desk.do("desk.cell(0).metadata.editable = false;")
    find(desk, " = ", "=")
    desk.button("Replace All")
    desk.wait("desk.texts()[1] === 'two=2\\nlines=3'")
    assert desk.do("desk.texts()[0]") == "one = 1"


@pytest.mark.ui_row("1.13 slow pattern")
def test_a_catastrophic_pattern_is_ended_and_the_page_stays_quick(desk: Desk) -> None:
    desk.do("desk.cell(1).set_text('a'.repeat(40) + '!');")
    find(desk, "(a+)+$", "x", is_regex=True)
    desk.page.locator("#findreplace_replace_inp").press("Enter")
    frame_ms = desk.page.evaluate(
        """() => new Promise(done => { let last = performance.now(), worst = 0, left = 60;
            const step = now => { worst = Math.max(worst, now - last); last = now;
              if (left-- > 0) requestAnimationFrame(step); else done(worst) };
            requestAnimationFrame(step) })"""
    )
    assert frame_ms < 1000
    problem = desk.page.locator(".replace-problem")
    expect(problem).to_contain_text("takes too long", timeout=SLOW_TIMEOUT_MS)
    assert desk.do("desk.texts()[1]") == "a" * 40 + "!"
