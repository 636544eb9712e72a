"""Sections 1.11 and 1.19: cell toolbars, Markdown and raw cells, attachments, and what comes from the clipboard."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC"
OTHER_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
GIVE = """([kind, files, texts]) => {
    const data = new DataTransfer();
    for (const [name, base64] of files) {
        const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
        data.items.add(new File([bytes], name, {type: 'image/png'}));
    }
    for (const [type, text] of Object.entries(texts)) data.setData(type, text);
    const target = document.activeElement;
    const event = kind === 'paste'
        ? new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true});
    return target.dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    return desk("1", ("markdown", "text"), ("raw", "raw"))


def metadata(nb: NotebookPage, index: int) -> dict[str, Any]:
    found: dict[str, Any] = nb.page.evaluate("index => Jupyter.notebook.get_cell(index).metadata", index)
    return {key: value for key, value in found.items() if key != "trusted"}


def attachments(nb: NotebookPage, index: int = 1) -> list[str]:
    return list(nb.page.evaluate("index => Object.keys(Jupyter.notebook.get_cell(index).attachments)", index))


def choose(nb: NotebookPage, preset: str) -> None:
    nb.page.click("#viewlink")
    nb.page.hover("#menu-cell-toolbar")
    nb.page.locator("#menu-cell-toolbar-submenu").get_by_text(preset, exact=True).click()


def markdown(nb: NotebookPage, text: str) -> None:
    """Make this the text of the Markdown cell, rendered, without attachments."""
    nb.page.evaluate(
        """text => {
            const cell = Jupyter.notebook.get_cell(1);
            cell.attachments = {};
            cell.set_text(text);
            Jupyter.notebook.select(1);
            cell.render();
        }""",
        text,
    )


def edit(nb: NotebookPage, text: str = "") -> None:
    """Open the Markdown cell's editor on this text."""
    markdown(nb, text)
    nb.page.evaluate("() => { const cell = Jupyter.notebook.get_cell(1); cell.unrender(); cell.focus_editor() }")


def text_of(nb: NotebookPage, index: int = 1) -> str:
    return str(nb.page.evaluate("index => Jupyter.notebook.get_cell(index).get_text()", index))


def expect_text(nb: NotebookPage, text: str) -> None:
    nb.page.wait_for_function("text => Jupyter.notebook.get_cell(1).get_text() === text", arg=text)


@pytest.mark.ui_row("1.11 Edit Metadata", "1.11 Raw Cell Format", "1.11 Slideshow", "1.11 None", "1.11 remembered")
def test_cell_toolbars_from_the_menu(nb: NotebookPage) -> None:
    page = nb.page
    bars = page.locator(".celltoolbar").locator("visible=true")
    choose(nb, "Raw Cell Format")
    expect(bars).to_have_count(1)
    nb.cell(2).get_by_label("Raw NBConvert Format").select_option("HTML")
    assert metadata(nb, 2) == {"raw_mimetype": "text/html"}
    nb.cell(2).get_by_label("Raw NBConvert Format").select_option("None")
    choose(nb, "Slideshow")
    nb.cell(0).get_by_label("Slide Type").select_option("Fragment")
    assert metadata(nb, 0) == {"slideshow": {"slide_type": "fragment"}}
    choose(nb, "Edit Metadata")
    expect(bars).to_have_count(3)
    expect(page.locator("body")).to_have_class(re.compile("ctb_global_show"))
    nb.cell(0).locator(".celltoolbar button").click()
    page.locator(".modal .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("{}")
    page.locator(".modal-footer .btn-primary").click()
    assert metadata(nb, 0) == {}
    expect(nb.cell(0).locator(".celltoolbar button")).to_be_focused()
    nb.save()
    page.reload()
    nb.wait_ready()
    expect(bars).to_have_count(3)
    choose(nb, "None")
    expect(bars).to_have_count(0)
    assert page.evaluate("() => 'celltoolbar' in Jupyter.notebook.metadata") is False


@pytest.mark.ui_row("1.11 Tags")
def test_tags_are_typed_removed_and_edited(nb: NotebookPage) -> None:
    page = nb.page
    choose(nb, "Tags")
    bar = nb.cell(0).locator(".celltoolbar")
    bar.get_by_label("New tags").fill("one, two")
    page.keyboard.press("Enter")
    expect(bar.locator(".cell-tag")).to_have_text(["one", "two"])
    expect(bar.get_by_label("New tags")).to_be_focused()
    page.keyboard.type("xdd")
    page.keyboard.press("Escape")
    expect(nb.cell(0)).to_be_focused()
    assert page.evaluate("() => Jupyter.notebook.ncells()") == 3
    bar.get_by_role("button", name="Remove tag one").click()
    bar.locator(".tags-dialog-btn").click()
    page.locator(".modal textarea").fill("three")
    page.locator(".modal-footer .btn-primary").click()
    assert metadata(nb, 0) == {"tags": ["three"]}
    choose(nb, "None")


@pytest.mark.ui_row("1.11 Attachments")
def test_attachments_are_taken_out_and_put_back(nb: NotebookPage) -> None:
    page = nb.page
    markdown(nb, "![](attachment:a.png)")
    page.evaluate("png => Jupyter.notebook.get_cell(1).add_attachment('a.png', 'image/png', png)", PNG)
    choose(nb, "Attachments")
    nb.cell(1).locator(".celltoolbar button").click()
    page.get_by_role("button", name="Delete a.png").click()
    page.get_by_role("button", name="Restore a.png").click()
    page.get_by_role("button", name="Delete a.png").click()
    page.locator(".modal-footer .btn-primary").click()
    assert attachments(nb) == []
    expect(nb.cell(1).locator(".attachment-missing")).to_be_visible()
    choose(nb, "None")


@pytest.mark.ui_row("1.11 extension")
def test_an_extension_brings_its_own_preset(nb: NotebookPage) -> None:
    nb.page.evaluate(
        """() => {
            const {CellToolbar} = Jupyter;
            CellToolbar.register_callback('mine.box', CellToolbar.utils.checkbox_ui_generator(
                'Mine', (cell, value) => { cell.metadata.mine = value }, cell => cell.metadata.mine), ['raw']);
            CellToolbar.register_preset('My preset', ['mine.box'], Jupyter.notebook);
        }"""
    )
    choose(nb, "My preset")
    nb.cell(2).get_by_label("Mine").check()
    assert metadata(nb, 2) == {"mine": True}
    assert nb.page.evaluate("() => Jupyter.CellToolbar.unregister_preset('My preset')") is True
    expect(nb.page.locator("#menu-cell-toolbar-submenu", has_text="My preset")).to_have_count(0)
    choose(nb, "None")


@pytest.mark.ui_row("1.19 markdown", "1.19 links", "1.19 placeholder", "1.19 headings")
def test_what_markdown_becomes(nb: NotebookPage) -> None:
    page, shown = nb.page, nb.cell(1).locator(".text_cell_render")
    markdown(
        nb,
        "# A big title\n\n| l | r |\n|:--|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n```python\nimport os\n```\n\n"
        "> said\n\n"
        "[there](other.ipynb) [here](#A-big-title) ~~gone~~ ![a picture](missing.png)",
    )
    expect(shown.locator("h1#A-big-title a.anchor-link[href='#A-big-title']")).to_have_text("\u00b6")
    expect(shown.locator("td").nth(1)).to_have_css("text-align", "right")
    expect(shown.locator("li input[type=checkbox][disabled]")).to_have_count(2)
    expect(shown.locator("code.cm-s-ipython.language-python span.cm-keyword")).to_have_text("import")
    expect(shown.locator("blockquote")).to_have_text("said")
    expect(shown.locator("del")).to_have_text("gone")
    expect(shown.get_by_role("link", name="there")).to_have_attribute("target", "_blank")
    expect(shown.locator("a[href='#A-big-title']").last).not_to_have_attribute("target", "_blank")
    expect(shown.locator("img[alt='a picture']")).to_be_attached()
    shown.locator("h1").hover()
    expect(shown.locator(".anchor-link")).to_be_visible()
    shown.locator(".anchor-link").click()
    expect(page).to_have_url(re.compile("#A-big-title$"))
    expect(shown.locator("h1")).to_be_visible()
    shown.locator("h1").dblclick()
    expect(nb.cell(1).locator(".CodeMirror-focused")).to_be_visible()
    markdown(nb, "")
    expect(shown).to_contain_text("Type Markdown and LaTeX")


@pytest.mark.ui_row("1.19 math", "1.19 hostile")
def test_math_is_set_and_nothing_runs(nb: NotebookPage) -> None:
    shown = nb.cell(1).locator(".text_cell_render")
    source = "$a$ $$b$$ \\\\(c\\\\) \\\\[d\\\\] \\begin{align}e\\end{align} `$code$` \\$5 $unfinished\n\nparagraph"
    markdown(nb, source + "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>")
    expect(shown.locator("mjx-container")).to_have_count(5, timeout=20_000)
    expect(shown.locator("code")).to_have_text("$code$")
    assert nb.page.evaluate("() => window.pwned") is None


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


@pytest.mark.ui_row("1.19 raw", "1.19 magics")
def test_raw_text_and_modes_by_the_first_line(nb: NotebookPage) -> None:
    page = nb.page
    mode = "([index, text]) => { const c = Jupyter.notebook.get_cell(index); c.set_text(text); c.auto_highlight();"
    mode += " return JSON.stringify(c.code_mirror.getOption('mode')) }"
    for text, found in [
        ("%%javascript\n1", "javascript"),
        ("%%bash\nls", "shell"),
        ("%%R\nx", "magic_r"),
        ("x", "ipython"),
    ]:
        page.evaluate(mode, [0, text])
        page.wait_for_function(
            "found => JSON.stringify(Jupyter.notebook.get_cell(0).code_mirror.getOption('mode')).includes(found)",
            arg=found,
        )
    page.evaluate(mode, [2, "diff --git a b"])
    page.wait_for_function(
        "() => /diff/.test(JSON.stringify(Jupyter.notebook.get_cell(2).code_mirror.getOption('mode')))"
    )
    page.evaluate(mode, [2, "<b>not bold</b>"])
    page.evaluate("() => Jupyter.notebook.get_cell(2).render()")
    expect(nb.cell(2).locator("b")).to_have_count(0)
    expect(nb.cell(2)).not_to_have_class(re.compile(r"(^| )rendered"))
    page.evaluate(mode, [2, ""])
    page.evaluate("() => Jupyter.notebook.select(0)")
    expect(nb.cell(2).locator(".CodeMirror-placeholder")).to_have_text(re.compile("Raw text for nbconvert"))


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


@pytest.mark.ui_row("6b permissions", "6b direction")
def test_only_what_differs_is_saved_and_directions_act(nb: NotebookPage, desk: OpenNotebook) -> None:
    page = nb.page
    page.evaluate(
        """() => {
            const [code, text, raw] = Jupyter.notebook.get_cells();
            Object.assign(code.metadata, {deletable: true, editable: true});
            Object.assign(raw.metadata, {deletable: false});
            text.metadata.direction = 'rtl';
            text.set_text('right');
            text.render();
        }"""
    )
    expect(nb.cell(1).locator(".text_cell_render")).to_have_attribute("dir", "rtl")
    cells = json.loads(json.dumps(page.evaluate("() => Jupyter.notebook.toJSON().cells")))
    assert not {"deletable", "editable"} & set(cells[0]["metadata"])
    assert cells[2]["metadata"]["deletable"] is False
