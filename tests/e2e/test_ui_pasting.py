"""Section 1.19: pictures, rich text and megabytes from the clipboard, and what is dropped."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage
from tests.e2e.text_cells import GIVE, OTHER_PNG, PNG, attachments, edit, expect_text, markdown, text_of, three_cells


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    return three_cells(desk)


@pytest.mark.ui_row("1.19 paste image", "1.19 rich paste", "1.19 attachments")
def test_pictures_are_pasted_and_the_text_of_rich_clipboards(nb: NotebookPage) -> None:
    page = nb.page
    edit(nb)
    page.evaluate(GIVE, ["paste", [["image.png", PNG]], {"text/html": "<img src='x'>"}])
    expect_text(nb, "![_auto_0](attachment:_auto_0)")
    page.evaluate(GIVE, ["paste", [["image.png", PNG]], {}])
    expect_text(nb, "![_auto_0](attachment:_auto_0)" * 2)
    page.evaluate(GIVE, ["paste", [["image.png", OTHER_PNG]], {}])
    assert page.wait_for_function("() => Object.keys(Jupyter.notebook.get_cell(1).attachments).length === 2")
    page.evaluate("() => Jupyter.notebook.get_cell(1).render()")
    expect(nb.cell(1).locator("img[src^='data:image/png;base64,']")).to_have_count(3)
    edit(nb)
    rich = {"text/plain": "a\tb", "text/html": "<table><tr><td>a</td><td>b</td></tr></table>", "text/rtf": "{\\rtf1 a}"}
    page.evaluate(GIVE, ["paste", [["image.png", PNG]], rich])
    expect_text(nb, "a\tb")
    assert attachments(nb) == []


@pytest.mark.ui_row("1.19 drop image", "1.19 unused", "6b read-only cell")
def test_pictures_are_dropped_and_unused_ones_leave_with_the_save(nb: NotebookPage) -> None:
    page = nb.page
    edit(nb)
    page.evaluate(GIVE, ["dragover", [["a.png", PNG]], {}])
    page.evaluate(GIVE, ["drop", [["my (1).png", PNG], ["my (1).png", OTHER_PNG]], {}])
    page.wait_for_function("() => Object.keys(Jupyter.notebook.get_cell(1).attachments).length === 2")
    assert sorted(attachments(nb)) == ["my%20%281%29-1.png", "my%20%281%29.png"]
    expect(nb.cell(1).locator(".dropzone")).to_have_count(0)
    page.evaluate("() => Jupyter.notebook.get_cell(1).render()")
    expect(nb.cell(1).locator("img[src^='data:image/png;base64,']")).to_have_count(2)
    page.evaluate("() => Jupyter.notebook.get_cell(1).set_text('no picture any more')")
    kept = page.evaluate("() => Jupyter.notebook.toJSON().cells[1].attachments ?? null")
    assert kept is None
    assert len(attachments(nb)) == 2, "undo must find them"
    edit(nb, "fixed")
    page.evaluate("() => { Jupyter.notebook.get_cell(1).metadata.editable = false }")
    page.evaluate(GIVE, ["drop", [["b.png", PNG]], {}])
    page.evaluate(GIVE, ["paste", [["b.png", PNG]], {}])
    assert page.evaluate("() => Jupyter.notebook.insert_image() ?? document.querySelector('.modal.in')") is None
    page.evaluate("() => { delete Jupyter.notebook.get_cell(1).metadata.editable }")
    assert attachments(nb) == []


@pytest.mark.ui_row("1.19 cut and paste")
def test_attachments_move_from_cell_to_cell(nb: NotebookPage) -> None:
    page = nb.page
    markdown(nb, "![](attachment:a.png)")
    page.evaluate(
        """([one, other]) => {
            Jupyter.notebook.get_cell(1).add_attachment('a.png', 'image/png', one);
            Jupyter.notebook.get_cell(2).add_attachment('a.png', 'image/png', other);
        }""",
        [PNG, OTHER_PNG],
    )
    for item in ("cut_cell_attachments", "paste_cell_attachments"):
        page.click("#editlink")
        page.click(f"#{item}")
        if item.startswith("cut"):
            assert attachments(nb) == []
            nb.select(2)
    assert sorted(attachments(nb, 2)) == ["a-1.png", "a.png"]


@pytest.mark.ui_row("1.19 big paste")
def test_five_megabytes_are_pasted(nb: NotebookPage) -> None:
    page = nb.page
    nb.cell(0).locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    line, count = "x = 1  # a line\n", 330_000
    give = GIVE.replace("setData(type, text)", f"setData(type, text.repeat({count}))")
    page.evaluate(give, ["paste", [], {"text/plain": line}])
    page.wait_for_function(
        "size => Jupyter.notebook.get_cell(0).get_text().length === size", arg=len(line) * count, timeout=60_000
    )
    assert nb.cell(0).locator(".CodeMirror-line").count() < 500, "lines out of view are not drawn"
    page.keyboard.press("Control+A")
    page.keyboard.type("z")
    assert text_of(nb, 0) == "z"


def test_five_megabytes_in_one_line_are_pasted_and_typing_goes_on(nb: NotebookPage) -> None:
    page, cell = nb.page, nb.cell(0)
    cell.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    text, count = "value = 1; ", 470_000
    give = GIVE.replace("setData(type, text)", f"setData(type, text.repeat({count}))")
    page.evaluate(give, ["paste", [], {"text/plain": text}])
    fold = cell.locator(".fnb-long-line")
    expect(fold).to_contain_text("more characters")
    drawn = cell.locator(".CodeMirror-code").evaluate("code => code.textContent.length")
    assert drawn < 10_000, "a line is drawn anew at every key, so little of this one may be drawn"
    page.keyboard.press("Control+Home")
    page.keyboard.type("a")
    page.keyboard.press("Control+End")
    page.keyboard.type("z")
    ends = page.evaluate(
        "() => { const t = Jupyter.notebook.get_cell(0).get_text(); return [t.length, t[0], t.at(-1)] }"
    )
    assert ends == [len(text) * count + 2, "a", "z"]
    page.keyboard.press("Control+A")
    page.keyboard.type("z")
    expect(fold).to_have_count(0)
    assert text_of(nb, 0) == "z"
