"""Third-party extensions as published: each loads without an error, the most used ones do what they are for."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.contrib import Extension, NotReachable, described, unpack
from tests.e2e.pages import NotebookPage

pytestmark = pytest.mark.slow

CELLS = (
    "print('one')",
    ("markdown", "# Title\n\ntext"),
    "def f(x):\n    return x\nf(2)",
    ("markdown", "## Part"),
    "value = 7",
)
LOAD_TIMEOUT_MS = 15_000
EVERY_TIMEOUT_S = 900  # sixty pages, one after the other
BROKEN_AS_PUBLISHED = {
    "skill/main": 'asks the global loader for "./skill", which is no file of its own',
    "snippets_menu/main": "one of its files is not JavaScript; the rest works",
    "code_prettify/autopep8": "says that the kernel has no autopep8",
    "code_prettify/isort": "says that the kernel has no isort",
    "spellchecker/main": "its dictionary is on another server unless configured",
    "table_beautifier/main": "its sorting is on another server",
    "load_tex_macros/main": "asks for a file beside the notebook",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return unpack(tmp_path_factory.mktemp("contrib"))
    except NotReachable as error:
        pytest.skip(f"the package index cannot be reached: {error}")


Enable = Callable[..., None]


@pytest.fixture
def enable(open_notebook: OpenNotebook, published: Path) -> Iterator[Enable]:
    """Switch extensions of one page on, with their settings; off again after the test."""
    server = open_notebook.server
    shutil.copytree(published, server.data_dir / "nbextensions", dirs_exist_ok=True)
    folder = server.config_dir / "nbconfig"
    folder.mkdir(parents=True, exist_ok=True)

    def switch_on(*mains: str, page: str = "notebook", settings: Mapping[str, Any] | None = None) -> None:
        content = {"load_extensions": dict.fromkeys(mains, True), **(settings or {})}
        (folder / f"{page}.json").write_text(json.dumps(content))

    yield switch_on
    for page in ("notebook", "edit", "tree"):
        (folder / f"{page}.json").unlink(missing_ok=True)


class Complaints:
    """Errors of a page: uncaught ones, and extensions that could not be loaded."""

    def __init__(self, page: Page) -> None:
        self.seen: list[str] = []
        page.on("pageerror", lambda error: self.seen.append(str(error)))
        page.on("console", self._listen)
        page.on("dialog", lambda dialog: dialog.dismiss())

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.seen.append(message.text)


def visit(open_notebook: OpenNotebook, extension: Extension) -> list[str]:
    """Open the extension's page, use it a little. → what went wrong."""
    page = open_notebook.context.new_page()
    complaints = Complaints(page)
    path = {"notebook": "notebooks/contrib.ipynb", "edit": "edit/contrib.py", "tree": "tree"}[extension.page]
    page.goto(f"{open_notebook.server.base_url}{path}")
    is_loaded = "(id) => window.requirejs?.defined(`nbextensions/${id}`)"
    page.wait_for_function(is_loaded, arg=extension.main, timeout=LOAD_TIMEOUT_MS)
    if extension.page == "notebook":
        nb = NotebookPage(page).wait_ready()
        nb.page.evaluate("() => Jupyter.notebook.execute_cell_range(0, 3)")
        nb.wait_idle()
    page.close()
    return complaints.seen


@pytest.mark.timeout(EVERY_TIMEOUT_S)
def test_every_published_extension_loads(open_notebook: OpenNotebook, enable: Enable, published: Path) -> None:
    open_notebook.write(*CELLS, name="contrib.ipynb")
    (open_notebook.root_dir / "contrib.py").write_text("def f():\n    return 1\n")
    extensions = described(published)
    assert len(extensions) >= 60
    found: dict[str, list[str]] = {}
    for extension in extensions:
        for page in ("notebook", "edit", "tree"):
            enable(*([extension.main] if page == extension.page else []), page=page)
        if complaints := visit(open_notebook, extension):
            found[extension.main] = complaints
    assert {main: said for main, said in found.items() if main not in BROKEN_AS_PUBLISHED} == {}


def opened(open_notebook: OpenNotebook, *sources: Any, extension: str) -> NotebookPage:
    nb = open_notebook(*sources)
    nb.page.wait_for_function("(id) => requirejs.defined(`nbextensions/${id}`)", arg=extension, timeout=LOAD_TIMEOUT_MS)
    return nb


def action(nb: NotebookPage, name: str) -> None:
    """Call an action that the extension registered, as its button would."""
    nb.page.wait_for_function("(name) => Jupyter.keyboard_manager.actions.exists(name)", arg=name)
    nb.page.evaluate("(name) => void Jupyter.keyboard_manager.actions.call(name)", name)


def test_toc2_lists_the_headings(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("toc2/main")
    nb = opened(open_notebook, *CELLS, extension="toc2/main")
    nb.page.locator("#toc_button, [title='Table of Contents']").first.click()
    expect(nb.page.locator("#toc-wrapper #toc")).to_contain_text("Title")
    expect(nb.page.locator("#toc-wrapper #toc")).to_contain_text("Part")


def test_codefolding_folds_and_remembers(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("codefolding/main")
    nb = opened(open_notebook, *CELLS, extension="codefolding/main")
    nb.edit(0, "1")
    nb.save()  # with the kernel's language: the extension looks at the mode once, a second after the start
    nb.page.reload()
    nb.wait_ready()
    nb.page.wait_for_function("() => Jupyter.notebook.get_cell(2).code_mirror.getOption('foldGutter')")
    nb.edit(2, "def f(x):\n    return x\nf(2)")
    nb.page.keyboard.press("Control+Home")
    nb.page.keyboard.press("Alt+f")
    expect(nb.cell(2).locator(".CodeMirror-foldmarker")).to_be_visible()
    assert nb.page.evaluate("() => Jupyter.notebook.get_cell(2).metadata.code_folding") == [0]


def test_collapsible_headings_hide_what_is_below(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("collapsible_headings/main")
    nb = opened(open_notebook, *CELLS, extension="collapsible_headings/main")
    nb.cell(1).locator(".collapsible_headings_toggle").click()
    expect(nb.cell(2)).to_be_hidden()
    nb.cell(1).locator(".collapsible_headings_toggle").click()
    expect(nb.cell(2)).to_be_visible()


def test_execute_time_says_how_long_a_cell_took(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("execute_time/ExecuteTime")
    nb = opened(open_notebook, *CELLS, extension="execute_time/ExecuteTime")
    nb.run_all()
    expect(nb.cell(0).locator(".timing_area")).to_contain_text(re.compile("executed in"))


def test_hide_input_hides_the_code(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("hide_input/main")
    nb = opened(open_notebook, *CELLS, extension="hide_input/main")
    nb.select(0)
    action(nb, "hide_input:toggle-cell-input-display")
    expect(nb.cell(0).locator(".input")).to_be_hidden()
    assert nb.page.evaluate("() => Jupyter.notebook.get_cell(0).metadata.hide_input") is True


def test_the_variable_inspector_shows_variables(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("varInspector/main")
    nb = opened(open_notebook, *CELLS, extension="varInspector/main")
    nb.run_all()
    nb.page.locator("#varInspector_button").click()
    nb.run_all()
    expect(nb.page.locator("#varInspector-wrapper")).to_contain_text("value", timeout=20_000)


def test_autopep8_rewrites_the_cell(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("code_prettify/autopep8")
    (open_notebook.root_dir / "autopep8.py").write_text("def fix_code(code):\n    return code.replace('=', ' = ')\n")
    nb = opened(open_notebook, "a=1", extension="code_prettify/autopep8")
    nb.select(0)
    nb.page.locator("#autopep8_button .btn").click()
    expect(nb.cell(0).locator(".CodeMirror-line, .fnb-static-code").first).to_contain_text("a = 1")


def test_snippets_menu_inserts_a_snippet(open_notebook: OpenNotebook, enable: Enable) -> None:
    own = {"name": "Mine", "sub-menu": [{"name": "greeting", "snippet": ["print('hello')"]}]}
    others = ["numpy", "scipy", "matplotlib", "sympy", "pandas", "astropy", "h5py", "numba", "python", "markdown"]
    chosen = {"include_custom_menu": True, "custom_menu_content": json.dumps(own)}
    settings = {"snippets": {**chosen, "include_submenu": dict.fromkeys(others, False)}}
    enable("snippets_menu/main", settings=settings)
    nb = opened(open_notebook, "", extension="snippets_menu/main")
    nb.page.locator("#menus a", has_text="Snippets").first.click()
    nb.page.locator("#menus a", has_text="Mine").hover()
    nb.page.locator("#menus a", has_text="greeting").click()
    assert nb.page.evaluate("() => Jupyter.notebook.get_cell(0).get_text()") == "print('hello')"


def test_table_beautifier_dresses_tables(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("table_beautifier/main")
    nb = opened(open_notebook, ("markdown", "|a|b|\n|-|-|\n|1|2|"), extension="table_beautifier/main")
    expect(nb.cell(0).locator("table")).to_have_class(re.compile("table-condensed"))


def test_the_scratchpad_runs_code_beside_the_notebook(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("scratchpad/main")
    nb = opened(open_notebook, "value = 41", extension="scratchpad/main")
    nb.run_all()
    nb.page.keyboard.press("Control+b")
    pad = nb.page.locator("#nbextension-scratchpad")
    expect(pad.locator(".cell")).to_be_visible()
    pad.locator(".input_area").click()
    nb.page.keyboard.insert_text("value + 1")
    nb.page.keyboard.press("Control+Enter")
    expect(pad.locator(".output")).to_contain_text("42")
    assert nb.page.evaluate("() => Jupyter.notebook.ncells()") == 1


def test_the_spellchecker_marks_unknown_words(open_notebook: OpenNotebook, enable: Enable) -> None:
    words = open_notebook.server.data_dir / "nbextensions" / "spellchecker" / "typo"
    settings = {"spellchecker": {"dic_url": "./typo/xx.dic", "aff_url": "./typo/xx.aff", "lang_code": "xx"}}
    enable("spellchecker/main", settings=settings)
    (words / "xx.dic").write_text("2\nhello\nworld\n")
    (words / "xx.aff").write_text("SET UTF-8\n")
    nb = opened(open_notebook, ("markdown", "hello wurld"), extension="spellchecker/main")
    nb.cell(0).dblclick()
    expect(nb.cell(0).locator(".cm-spell-error")).to_have_text("wurld")


def test_the_ruler_is_drawn(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("ruler/main")
    nb = opened(open_notebook, "a = 1", extension="ruler/main")
    nb.cell(0).locator(".input_area").click()
    expect(nb.cell(0).locator(".CodeMirror-ruler").first).to_be_attached()


def test_hinterland_completes_while_one_types(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("hinterland/hinterland")
    nb = opened(open_notebook, "hinterland_name = 1\nhinterland_other = 2", "", extension="hinterland/hinterland")
    nb.run_all()
    nb.cell(1).locator(".input_area").click()
    nb.page.keyboard.type("hinterl", delay=60)
    expect(nb.page.locator("#complete, .completions").first).to_be_visible()


def test_rubberband_selects_by_dragging(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("rubberband/main")
    nb = opened(open_notebook, "1", "2", "3", extension="rubberband/main")
    nb.select(0)
    first, last = nb.cell(0).bounding_box(), nb.cell(2).bounding_box()
    assert first
    assert last
    nb.page.keyboard.down("Shift")
    nb.page.mouse.move(first["x"] + first["width"] - 5, first["y"] + 5)
    nb.page.mouse.down()
    nb.page.mouse.move(last["x"] + 200, last["y"] + last["height"] / 2, steps=8)
    nb.page.mouse.up()
    nb.page.keyboard.up("Shift")
    assert nb.page.evaluate("() => Jupyter.notebook.get_selected_cells_indices()") == [0, 1, 2]


def test_freeze_keeps_a_cell_from_running(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("freeze/main")
    nb = opened(open_notebook, "print('ran')", "print('other')", extension="freeze/main")
    nb.select(0)
    nb.page.locator("[title*='freeze' i], [data-jupyter-action*='frozen']").last.click()
    nb.run_all()
    expect(nb.output(1)).to_contain_text("other")
    expect(nb.output(0)).not_to_contain_text("ran")


def test_initialization_cells_run_by_themselves(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("init_cell/main", settings={"init_cell": {"run_untrusted": True}})
    nb = opened(open_notebook, "print('at the start')", extension="init_cell/main")
    nb.page.evaluate("() => { Jupyter.notebook.get_cell(0).metadata.init_cell = true }")
    nb.save()
    nb.page.reload()
    nb.wait_ready()
    expect(nb.output(0)).to_contain_text("at the start", timeout=20_000)


def test_runtools_run_marked_cells(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("runtools/main")
    nb = opened(open_notebook, "print('marked')", "print('not')", extension="runtools/main")
    nb.page.locator("#toggle_runtools").click()
    nb.select(0)
    nb.page.locator("#mark_toggle").click()
    nb.page.locator("#run_m").click()
    expect(nb.output(0)).to_contain_text("marked")
    expect(nb.output(1)).to_be_empty()


def test_tree_filter_narrows_the_dashboard(open_notebook: OpenNotebook, enable: Enable) -> None:
    enable("tree-filter/index", page="tree")
    for name in ("wheat.txt", "chaff.txt"):
        (open_notebook.root_dir / name).write_text("x")
    page = open_notebook.visit("tree")
    page.locator("#filterkeyword").fill("wheat")
    page.locator("#filterkeyword").press("End")
    expect(page.locator(".list_item", has_text="chaff.txt")).to_be_hidden()
    expect(page.locator(".list_item", has_text="wheat.txt")).to_be_visible()
