"""Section 1.19: what Markdown and raw cells show, and what of them is saved."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage
from tests.e2e.text_cells import markdown, three_cells


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    return three_cells(desk)


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


FACES = """() => Object.fromEntries([...document.fonts].filter(face => /^"?MJX-NCM-N"?$/.test(face.family))
  .map(face => [face.unicodeRange === 'U+0-10FFFF' ? 'rare' : 'usual', face.status]))"""


def test_of_the_font_of_formulas_only_what_they_need_is_loaded(nb: NotebookPage) -> None:
    def set_formula(formula: str, face: str) -> None:
        markdown(nb, f"${formula}$")
        nb.page.wait_for_function(f"face => ({FACES})()[face] === 'loaded'", arg=face, timeout=20_000)

    set_formula(r"h\nu + \hat{x} \vec{y} = \sum_{n \in \mathbb{N}} \alpha_n \le \infty", "usual")
    expect(nb.cell(1).locator("mjx-munderover, mjx-mover")).not_to_have_count(0)
    nb.page.evaluate("() => document.fonts.ready.then(() => null)")
    assert nb.page.evaluate(FACES)["rare"] == "unloaded"
    set_formula(r"A \intercal B", "rare")


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
