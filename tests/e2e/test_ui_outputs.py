"""Section 1.18: what the page shows of outputs, how it scrolls and hides them, and what a running cell looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage
from tests.e2e.ui_output_rows import SHOWN, Shown

LOOK_TIMEOUT_MS = 15_000
GIVE = """([outputs, metadata]) => {
  delete window.pwned
  const area = Jupyter.notebook.get_cell(0).output_area
  Object.assign(area, { scroll_state: 'auto', clear_queued: false })
  area.expand()
  area.clear_output(false, true)
  area.unscroll_area()
  area.fromJSON(structuredClone(outputs), metadata)
}"""


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    return desk("1", "2")


def look(nb: NotebookPage, script: str) -> Any:
    here = "const area = Jupyter.notebook.get_cell(0).output_area; const $out = area.element;"
    return nb.page.evaluate(f"() => {{ {here} return {script} ?? null }}")


@pytest.mark.parametrize("shown", [pytest.param(s, marks=pytest.mark.ui_row(s.row), id=s.row) for s in SHOWN])
def test_an_output_is_shown_as_documented(nb: NotebookPage, shown: Shown) -> None:
    nb.page.evaluate(GIVE, [shown.outputs, shown.metadata])
    found = look(nb, shown.look)
    if (
        found != shown.wanted and "(area." not in shown.look and "dispatch" not in shown.look
    ):  # formulas, frames and scrolling come a moment later
        wait = f"""(wanted) => {{ const area = Jupyter.notebook.get_cell(0).output_area; const $out = area.element;
            return JSON.stringify({shown.look} ?? null) === wanted }}"""
        wanted = json.dumps(shown.wanted, separators=(",", ":"), ensure_ascii=False)
        nb.page.wait_for_function(wait, arg=wanted, timeout=LOOK_TIMEOUT_MS)
        return
    assert found == shown.wanted


@pytest.mark.ui_row("1.18 click")
def test_a_click_scrolls_a_double_click_hides_a_button_brings_back(nb: NotebookPage) -> None:
    nb.page.evaluate(GIVE, [[{"output_type": "stream", "name": "stdout", "text": "x\n" * 40}], {}])
    overlay = nb.cell(0).locator(".out_prompt_overlay")
    overlay.click(position={"x": 5, "y": 5})
    expect(nb.output(0)).to_have_class("output output_scroll")
    overlay.click(position={"x": 5, "y": 5})
    expect(nb.output(0)).to_have_class("output")
    overlay.dblclick(position={"x": 5, "y": 5})
    expect(nb.output(0)).to_be_hidden()
    nb.cell(0).locator(".output_collapsed").click()
    expect(nb.output(0)).to_be_visible()


@pytest.mark.ui_row("1.18 large text")
def test_a_large_text_is_cut_until_asked_for(nb: NotebookPage) -> None:
    text = "".join(f"line {number}\n" for number in range(60_000))
    nb.page.evaluate(GIVE, [[{"output_type": "stream", "name": "stdout", "text": text}], {"scrolled": True}])
    button = nb.cell(0).get_by_role("button", name="Show all")
    expect(nb.output(0)).not_to_contain_text("line 40000")
    button.click()
    expect(nb.output(0)).to_contain_text("line 40000")
    assert nb.text_of(0) == text


@pytest.mark.ui_row("1.18 running", "1.18 prompts")
def test_a_running_cell_has_a_star_then_its_number(nb: NotebookPage) -> None:
    nb.page.evaluate("() => Jupyter.notebook.get_cell(1).set_text('input()')")
    nb.select(1)
    expect(nb.cell(1).locator(".input_prompt")).to_have_text("In [ ]:")
    nb.page.keyboard.press("Control+Enter")
    expect(nb.cell(1)).to_contain_class("running")
    expect(nb.cell(1).locator(".input_prompt")).to_have_text("In [*]:")
    nb.page.locator("input.raw_input").fill("7")
    nb.page.keyboard.press("Enter")
    expect(nb.cell(1).locator(".output_prompt bdi")).to_have_text("Out[1]:")
    expect(nb.cell(1).locator(".input_prompt")).to_have_text("In [1]:")
    expect(nb.cell(1)).not_to_contain_class("running")


@pytest.mark.ui_row("1.18 empty cell", "1.18 execute flags")
def test_what_is_sent_to_the_kernel(nb: NotebookPage) -> None:
    nb.page.evaluate(
        """() => {
            window.requests = []
            const keep = (_event, request) => window.requests.push(request.content)
            Jupyter.notebook.events.on('execution_request.Kernel', keep)
        }"""
    )
    nb.page.evaluate("() => Jupyter.notebook.get_cell(1).set_text('3')")
    nb.select(1)
    nb.page.keyboard.press("Control+Enter")
    nb.wait_idle()
    sent = nb.page.evaluate("() => window.requests")
    flags = {"silent": False, "store_history": True, "stop_on_error": True, "allow_stdin": True}
    assert [{name: one[name] for name in flags} for one in sent] == [flags]
    nb.page.evaluate("() => Jupyter.notebook.get_cell(1).set_text('  \\n')")
    nb.select(1)
    nb.page.keyboard.press("Control+Enter")
    expect(nb.cell(1).locator(".output")).to_be_empty()
    expect(nb.cell(1).locator(".input_prompt")).to_have_text("In [ ]:")
    assert len(nb.page.evaluate("() => window.requests")) == 1


@pytest.mark.ui_row("1.18 trust")
def test_running_a_cell_makes_its_outputs_trusted(nb: NotebookPage) -> None:
    nb.page.evaluate(GIVE, [[{"output_type": "stream", "name": "stdout", "text": "x"}], {}])
    assert look(nb, "area.trusted") is False
    nb.select(0)
    nb.page.keyboard.press("Control+Enter")
    nb.wait_idle()
    assert look(nb, "area.trusted") is True
