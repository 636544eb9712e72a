"""Section 6a: widths, colours, glyphs that somebody who knows the classic page expects; where they differ, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage

READABLE = 4.5
PALETTE = "black 3e424d/282c36, red e75c58/b22b31, green 00a250/007427, yellow ddb62b/b27d12, blue 208ffb/0065ca"
PALETTE += ", magenta d160c4/a03196, cyan 60c6c8/258f8f, white c5c1b4/a1a6b2"

CELLS = """() => {
    const nb = Jupyter.notebook;
    nb.fromJSON({path: nb.notebook_path, name: nb.notebook_name, content: {
        nbformat: 4, nbformat_minor: 5, metadata: nb.metadata, cells: [
            {cell_type: 'code', metadata: {trusted: true}, execution_count: 1, outputs: [
                {output_type: 'stream', name: 'stderr', text: 'err'},
                {output_type: 'execute_result', execution_count: 1, data: {'text/plain': '1'}, metadata: {}}],
             source: 'def f(): # note\\n    return len("s") + 1\\n@meta\\nclass C: pass'},
            {cell_type: 'markdown', metadata: {}, source: '# Title'},
            {cell_type: 'markdown', metadata: {}, source: 'text'},
            {cell_type: 'code', metadata: {}, execution_count: null, outputs: [], source: '2'}]}});
    nb.get_cells().forEach(cell => cell.code_mirror);
    nb.select(0); nb.focus_cell();
}"""


@dataclass(frozen=True)
class Look:
    """``where``: a selector, with ``::before`` where that is meant; ``prepare``: a script with ``nb``."""

    where: str
    style: str
    wanted: str
    prepare: str = ""


CELL = "#notebook-container > .cell.selected"
EDITING = "nb.select(0); nb.edit_mode();"
LOOKS: list[Look] = [
    Look("body", "background-color", "#eee"),
    Look("#notebook-container", "background-color", "#fff"),
    Look("#notebook-container", "padding-left", "15px"),
    Look(".input_prompt", "color", "#303f9f"),
    Look(".input_prompt", "text-align", "right"),
    Look(CELL, "border-top-color", "#ababab"),
    Look(CELL, "border-top-width", "1px"),
    Look(f"{CELL}::before", "background-color", "#42a5f5"),
    Look(f"{CELL}::before", "width", "5px"),
    Look(CELL, "border-top-color", "#66bb6a", EDITING),
    Look(f"{CELL}::before", "background-color", "#66bb6a", EDITING),
    Look(".cell.jupyter-soft-selected", "background-color", "#e3f2fd", "nb.select(0); nb.select(1, false);"),
    Look(".input_area", "border-top-color", "#cfcfcf"),
    Look(".input_area", "background-color", "#f7f7f7"),
    Look(".input_area", "border-top-left-radius", "2px"),
    Look(".output_subarea", "overflow-x", "auto"),
    Look(".output_stderr", "background-color", "#fdd"),
    Look(".text_cell.rendered .input_area", "display", "none"),
    Look(".anchor-link", "visibility", "hidden"),
    Look(".dropzone .input_area", "border-top-style", "dashed", "nb.get_cell(3).element.addClass('dropzone')"
         ".find('.inner_cell').addClass('dropzone');"),
    Look(".notification_widget.warning", "background-color", "#b46102", "Jupyter.notification_area"
         ".widget('notebook').warning('w');"),
    Look(".notification_widget.danger", "background-color", "#df0404", "Jupyter.notification_area"
         ".widget('notebook').danger('d');"),
    Look("#pager", "position", "fixed"),
    Look("#pager", "max-height", "50%"),
    Look("#pager .ui-resizable-handle", "height", "8px"),
    Look("#tooltip", "max-width", "700px"),
    Look(".cm-keyword", "color", "#008000"),
    Look(".cm-keyword", "font-weight", "700"),
    Look(".cm-string", "color", "#ba2121"),
    Look(".cm-comment", "color", "#007979"),
    Look(".cm-comment", "font-style", "italic"),
    Look(".cm-number", "color", "#080"),
    Look(".cm-operator", "color", "#a2f"),
    Look(".cm-operator", "font-weight", "700"),
    Look(".cm-meta", "color", "#a2f"),
    Look(".cm-builtin", "color", "#008000"),
    Look(".cm-def", "color", "#00f"),
]  # fmt: skip

UNREADABLE: dict[str, tuple[str, str, str]] = {
    "Out prompt": ("--fnb-prompt-out", "#d84315", "#fff"),
    "editor's error": ("--fnb-cm-error", "#f00", "#f7f7f7"),
    "ANSI red": ("--fnb-ansi-red", "#e75c58", "#fff"),
    "ANSI green": ("--fnb-ansi-green", "#00a250", "#fff"),
    "ANSI yellow": ("--fnb-ansi-yellow", "#ddb62b", "#fff"),
    "ANSI blue": ("--fnb-ansi-blue", "#208ffb", "#fff"),
    "ANSI magenta": ("--fnb-ansi-magenta", "#d160c4", "#fff"),
    "ANSI cyan": ("--fnb-ansi-cyan", "#60c6c8", "#fff"),
    "ANSI white": ("--fnb-ansi-white", "#c5c1b4", "#fff"),
    "ANSI yellow, intense": ("--fnb-ansi-yellow-intense", "#b27d12", "#fff"),
    "ANSI blue, intense, on what a program wrote as an error": ("--fnb-ansi-blue-intense", "#0065ca", "#fdd"),
    "ANSI cyan, intense": ("--fnb-ansi-cyan-intense", "#258f8f", "#fff"),
    "ANSI white, intense": ("--fnb-ansi-white-intense", "#a1a6b2", "#fff"),
}
"""Text colours of the classic page that cannot be read by everybody, with the ground they stand on, and ours."""

GLYPHS = {"idle": "circle-o", "busy": "circle", "dead": "bomb", "disconnected": "chain-broken"}
STYLE_OF = """([where, style]) => {
    const [selector, part] = where.split('::');
    const element = document.querySelector(selector);
    if (!element) return 'not there';
    element.getAnimations({subtree: true}).forEach(item => item.finish());
    return getComputedStyle(element, part ? '::' + part : null).getPropertyValue(style);
}"""


@pytest.fixture(scope="module")
def page(desk: OpenNotebook) -> Page:
    page = desk("1").page
    page.emulate_media(color_scheme="light")
    return page


@pytest.fixture
def fresh(page: Page) -> Page:
    """The three cells of the beginning, the first selected, on a wide window."""
    page.set_viewport_size({"width": 1200, "height": 900})
    page.evaluate(CELLS)
    return page


def rgb(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    pairs = [digit * 2 for digit in digits] if len(digits) == 3 else [digits[0:2], digits[2:4], digits[4:6]]
    red, green, blue = (int(pair, 16) for pair in pairs)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it, from 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [part / 255 for part in rgb(colour)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


PLACE_OF = """(named) => {
  const mark = Object.assign(document.createElement('i'), {className: named});
  document.querySelector('#header').append(mark);
  const place = getComputedStyle(mark).getPropertyValue('--icon');
  mark.remove();
  return place;
}"""


def place_of(page: Page, named: str) -> str:
    """Where on the sheet of our icons the one of these classes is drawn."""
    return str(page.evaluate(PLACE_OF, named))


def style_of(page: Page, where: str, style: str) -> Any:
    return page.evaluate(STYLE_OF, [where, style])


@pytest.mark.ui_row("6a looks")
def test_what_is_listed_looks_as_listed(fresh: Page) -> None:
    found = {}
    for look in LOOKS:
        fresh.evaluate(f"() => {{ const nb = Jupyter.notebook; nb.command_mode(); nb.select(0); {look.prepare} }}")
        shown = style_of(fresh, look.where, look.style)
        wanted = f"rgb{rgb(look.wanted)}" if look.wanted.startswith("#") else look.wanted
        if shown != wanted:
            found[f"{look.where} {look.style}"] = (shown, wanted)
    assert found == {}


def test_ansi_grounds_are_those_of_the_palette(fresh: Page) -> None:
    found = fresh.evaluate(
        """() => Object.fromEntries(['', '-intense'].flatMap(kind =>
            ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'].map(name => {
                const mark = $('<i/>').addClass(`ansi-${name}${kind}-bg`).appendTo('#notebook-container');
                const colour = mark.css('background-color');
                mark.remove();
                return [name + kind, colour];
            })))"""
    )
    wanted = {}
    for entry in PALETTE.split(", "):
        name, colours = entry.split(" ")
        normal, intense = colours.split("/")
        wanted |= {name: f"rgb{rgb(normal)}", f"{name}-intense": f"rgb{rgb(intense)}"}
    assert found == wanted


@pytest.mark.parametrize("name", UNREADABLE)
def test_another_colour_is_taken_only_where_the_listed_one_is_hard_to_read(fresh: Page, name: str) -> None:
    variable, listed, ground = UNREADABLE[name]
    ours = fresh.evaluate(
        """variable => {
            const mark = $('<i/>').css('color', `var(${variable})`).appendTo('#notebook-container');
            const parts = mark.css('color').match(/\\d+/g).map(Number);
            mark.remove();
            return '#' + parts.map(part => part.toString(16).padStart(2, '0')).join('');
        }""",
        variable,
    )
    assert contrast(listed, ground) < READABLE <= contrast(ours, ground)


@pytest.mark.parametrize(("window_px", "card_px"), [(800, 768), (1000, 940), (1200, 1140), (1900, 1140)])
def test_the_card_has_the_width_of_its_step(fresh: Page, window_px: int, card_px: int) -> None:
    fresh.set_viewport_size({"width": window_px, "height": 900})
    expect(fresh.locator("#notebook-container")).to_have_css("width", f"{card_px}px")


def test_prompts_stand_above_on_a_narrow_screen_only(fresh: Page) -> None:
    def is_beside() -> bool:
        return bool(
            fresh.evaluate(
                """() => {
                    const box = name => document.querySelector(`.code_cell .${name}`).getBoundingClientRect();
                    return box('input_prompt').right <= box('input_area').left;
                }"""
            )
        )

    fresh.set_viewport_size({"width": 541, "height": 900})
    assert is_beside()
    fresh.set_viewport_size({"width": 540, "height": 900})
    assert not is_beside()
    expect(fresh.locator(".text_cell > .prompt").last).not_to_be_visible()


def test_glyphs_tell_kernel_mode_and_kind_of_file(fresh: Page, desk: OpenNotebook) -> None:
    for state, glyph in GLYPHS.items():
        assert place_of(fresh, f"kernel_{state}_icon") == place_of(fresh, f"fa fa-{glyph}")
    assert len({place_of(fresh, f"fa fa-{name}") for name in ("generic", *GLYPHS.values())}) == 1 + len(GLYPHS)
    assert style_of(fresh, "#modal_indicator::before", "content") == "none"
    fresh.evaluate("() => Jupyter.notebook.edit_mode()")
    assert style_of(fresh, "#modal_indicator::before", "content") != "none"
    (desk.root_dir / "a folder").mkdir(exist_ok=True)
    (desk.root_dir / "a.txt").write_text("a")
    tree = desk.visit("tree")
    expect(tree.locator(".list_item .folder_icon").first).to_be_visible()
    for kind, glyph in {"folder": "folder", "notebook": "book", "file": "file"}.items():
        running = ", .running_notebook_icon" if kind == "notebook" else ""
        assert style_of(tree, f".list_item :is(.{kind}_icon{running})", "--icon") == place_of(tree, f"fa fa-{glyph}")
    tree.close()


def test_paper_has_the_cells_alone(page: Page, desk: OpenNotebook) -> None:
    nb = NotebookPage(page)
    page.evaluate(CELLS)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("#header")).not_to_be_visible()
    expect(page.locator("#pager")).not_to_be_visible()
    expect(nb.cell(0)).to_have_css("border-top-color", "rgba(0, 0, 0, 0)")
    expect(nb.cell(0)).to_have_css("break-inside", "avoid")
    expect(nb.cell(0).locator(".output_area").first).to_have_css("break-inside", "avoid")
    expect(page.locator("#notebook-container")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.emulate_media(media="screen", color_scheme="light")
