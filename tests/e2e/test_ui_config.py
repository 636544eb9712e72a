"""Section 7: what a user's configuration files ask of the pages, seen in the pages."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import READY_TIMEOUT_MS, NotebookPage

LOADED = "() => window.Jupyter?.notebook?._fully_loaded === true"
NUMBERS = itertools.count()


@contextmanager
def configured(desk: OpenNotebook, section: str, options: dict[str, Any]) -> Iterator[None]:
    """A file of the user's with these options for as long as the block lasts; what pages changed is forgotten."""
    changed = desk.server.config_dir / "serverconfig" / f"{section}.json"
    path = desk.server.config_dir / "nbconfig" / f"{section}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(options), encoding="utf-8")
    changed.unlink(missing_ok=True)  # tests of the same server before this one
    try:
        yield
    finally:
        path.unlink()
        changed.unlink(missing_ok=True)


def loaded(desk: OpenNotebook, *sources: str | tuple[str, str]) -> NotebookPage:
    """A notebook in the page; its kernel is not waited for."""
    page = desk.visit(f"notebooks/{desk.write(*sources, name=f'config-{next(NUMBERS)}.ipynb')}")
    page.wait_for_function(LOADED, timeout=READY_TIMEOUT_MS)
    return NotebookPage(page)


def editor_option(nb: NotebookPage, index: int, name: str) -> Any:
    return nb.page.evaluate(
        "([index, name]) => Jupyter.notebook.get_cell(index).code_mirror.getOption(name)", [index, name]
    )


@pytest.mark.ui_row("7 config")
def test_editors_follow_the_options_of_their_cells_class(desk: OpenNotebook) -> None:
    options = {
        "Cell": {"cm_config": {"lineNumbers": True, "indentUnit": 2}},
        "CodeCell": {"cm_config": {"indentUnit": 3, "autoCloseBrackets": False}},
        "TextCell": {"cm_config": {"indentUnit": 5}},
        "MarkdownCell": {"cm_config": {"lineWrapping": False}},
        "RawCell": {"cm_config": {"indentUnit": 7}},
    }
    with configured(desk, "notebook", options):
        nb = loaded(desk, "if 1:", ("markdown", "text"), ("raw", "raw")).wait_ready()  # it brings the language
        assert [editor_option(nb, index, "indentUnit") for index in range(3)] == [3, 5, 7]
        assert [editor_option(nb, index, "lineWrapping") for index in range(3)] == [False, False, True]
        expect(nb.cell(0).locator(".CodeMirror-linenumber")).to_have_text("1")
        nb.cell(0).locator(".CodeMirror").click()
        nb.page.keyboard.press("Control+End")
        nb.page.keyboard.press("Enter")
        nb.page.keyboard.type("f(")
        assert nb.page.evaluate("() => Jupyter.notebook.get_cell(0).get_text()") == "if 1:\n   f("


@pytest.mark.ui_row("7 config")
def test_patterns_of_the_users_choose_the_colours(desk: OpenNotebook) -> None:
    modes = {"magic_text/x-sql": {"reg": ["^%%mysql"]}, "broken": {"reg": ["(", 5, None]}, "odd": 5, "none": None}
    with configured(desk, "notebook", {"CodeCell": {"highlight_modes": modes}}):
        nb = loaded(desk, "%%mysql\nselect 1", "%%javascript\nvar x", "x = 1")
        problems: list[str] = []
        nb.page.on("pageerror", lambda error: problems.append(str(error)))
        for index in range(3):
            nb.page.evaluate("index => Jupyter.notebook.get_cell(index).auto_highlight()", index)
        expect(nb.cell(0).locator(".cm-keyword")).to_have_text("select")
        expect(nb.cell(1).locator(".cm-keyword")).to_have_text("var")
        expect(nb.cell(2).locator(".cm-number")).to_have_text("1")
        assert problems == []


@pytest.mark.ui_row("7 config")
def test_the_notebooks_own_options(desk: OpenNotebook) -> None:
    options = {"Notebook": {"default_cell_type": "markdown", "Header": False, "Toolbar": False}}
    with configured(desk, "notebook", options):
        nb = loaded(desk, "1")
        expect(nb.page.locator("#header-container")).not_to_be_visible()
        expect(nb.page.locator("#maintoolbar")).not_to_be_visible()
        nb.select(0)
        nb.page.keyboard.press("b")
        expect(nb.cell(1)).to_have_class(re.compile("text_cell"))
        nb.page.click("#viewlink")
        nb.page.click("#toggle_toolbar")
        expect(nb.page.locator("#maintoolbar")).to_be_visible()
        nb.page.wait_for_function(
            """() => fetch(`${Jupyter.notebook.base_url}api/config/notebook`).then(answer => answer.json())
                .then(({Notebook}) => Notebook.Toolbar === true && Notebook.default_cell_type === 'markdown')"""
        )


@pytest.mark.ui_row("7 config")
def test_streams_are_cut_into_blocks_of_the_size_that_is_asked_for(desk: OpenNotebook) -> None:
    with configured(desk, "notebook", {"OutputArea": {"stream_chunk_size": 50}}):
        nb = loaded(desk, "1")
        blocks = nb.page.evaluate(
            """() => {
                const area = Jupyter.notebook.get_cell(0).output_area;
                const header = {msg_type: 'stream'};
                for (let line = 0; line < 20; line += 1)
                    area.handle_output({header, content: {name: 'stdout', text: `line ${line}\\n`}, metadata: {}});
                return area.element.find('.output_stream pre').length;
            }"""
        )
        assert 2 < blocks < 20


@pytest.mark.ui_row("7 config")
def test_keys_are_bound_and_unbound(desk: OpenNotebook) -> None:
    keys = {
        "command": {"bind": {"shift-x": "jupyter-notebook:insert-cell-below"}, "unbind": ["b"]},
        "edit": {"bind": {"alt-q": "jupyter-notebook:insert-cell-above"}, "unbind": ["alt-enter"]},
    }
    with configured(desk, "notebook", {"keys": keys}):
        nb = loaded(desk, "1")
        nb.select(0)
        for key, count in (("b", 1), ("Shift+x", 2)):
            nb.page.keyboard.press(key)
            assert nb.page.evaluate("() => Jupyter.notebook.ncells()") == count
        nb.page.keyboard.press("Enter")
        for key, count in (("Alt+Enter", 2), ("Alt+q", 3)):
            nb.page.keyboard.press(key)
            assert nb.page.evaluate("() => Jupyter.notebook.ncells()") == count


@pytest.mark.ui_row("7 config")
def test_a_margin_decides_when_a_file_counts_as_newer(desk: OpenNotebook) -> None:
    """Only where the contents service knows no hashes, which are exact."""
    newer = """() => {
        const nb = Jupyter.notebook;
        nb.content_hash = null;
        nb.last_modified = new Date(nb.last_modified.getTime() - 60_000);
        return nb._is_newer_on_disk();
    }"""
    with configured(desk, "notebook", {"last_modified_check_margin": 3600}):
        assert loaded(desk, "1").page.evaluate(newer) is False
    assert loaded(desk, "1").page.evaluate(newer) is True


@pytest.mark.ui_row("7 config")
@pytest.mark.parametrize("section", ["common", "notebook", "tree", "edit", "terminal"])
def test_extensions_of_a_section_are_loaded_on_its_page_alone(desk: OpenNotebook, section: str) -> None:
    folder = desk.server.data_dir / "nbextensions" / "mine"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.js").write_text(
        "define([], () => ({load_ipython_extension: () => { document.body.dataset.mine = 'here' }}))"
    )
    (desk.root_dir / "a.txt").write_text("a")
    desk.write("1", name="extended.ipynb")
    pages = {"tree": "tree", "notebook": "notebooks/extended.ipynb", "edit": "edit/a.txt", "terminal": "terminals/mine"}
    with configured(desk, section, {"load_extensions": {"mine/main": True, "gone/main": False, "odd": None}}):
        for name, path in pages.items():
            is_here = section in (name, "common")
            if not is_here and section != "notebook":
                continue  # one section tells about the others: each would wait for what must not happen
            page: Page = desk.visit(path)
            if is_here:
                expect(page.locator("body")).to_have_attribute("data-mine", "here", timeout=READY_TIMEOUT_MS)
            else:
                page.wait_for_load_state("networkidle")
                assert page.evaluate("() => document.body.dataset.mine ?? null") is None
            page.close()


@pytest.mark.ui_row("7 config")
def test_the_text_editors_options(desk: OpenNotebook) -> None:
    options = {
        "Editor": {
            "codemirror_options": {"indentUnit": 2, "keyMap": "sublime"},
            "file_extension_modes": {".foo": "SQL"},
        }
    }
    (desk.root_dir / "a.foo").write_text("select 1")
    with configured(desk, "edit", options):
        page = desk.visit("edit/a.foo")
        expect(page.locator("#texteditor-container .cm-keyword")).to_have_text("select")
        expect(page.locator("#menu-keymap-sublime")).to_have_class(re.compile("selected-keymap"))
        found = page.evaluate(
            "() => [window.editor, document.querySelector('.CodeMirror').CodeMirror.getOption('indentUnit')][1]"
        )
        assert found == 2
