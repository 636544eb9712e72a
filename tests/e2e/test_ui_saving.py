"""Sections 1.11, 1.15 and 1.20: what makes a notebook dirty, another file, leaving the page; the pager's height."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Dialog, expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import READY_TIMEOUT_MS, NotebookPage, notebook_json

LEAVE = "() => Jupyter.notebook._before_unload()"
CHANGES: dict[str, str] = {
    "text": "nb.get_cell(0).set_text('2')",
    "insert": "nb.insert_cell_below('code', 2)",
    "delete": "nb.delete_cell(2)",
    "move": "nb.select(0), nb.move_cell_down()",
    "type": "nb.select(2), nb.cells_to_markdown([2])",
    "prompt": "nb.get_cell(0).set_input_prompt(7)",
    "collapse": "nb.toggle_output(0)",
    "scroll": "nb.toggle_output_scroll(0)",
    "clear": "nb.clear_all_output()",
    "metadata": "nb.edit_metadata({notebook: nb}), $('.modal .btn-primary').click()",
    "rendered": "nb.get_cell(1).set_text('other')",
}


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    return desk("print(1)", ("markdown", "text"), ("raw", "raw"))


def start_over(nb: NotebookPage) -> None:
    """The three cells of the beginning, as saved."""
    nb.page.evaluate(
        """content => {
            const nb = Jupyter.notebook;
            content.metadata = nb.metadata;
            nb.fromJSON({path: nb.notebook_path, name: nb.notebook_name, content});
            nb.select(0);
            nb.set_dirty(false);
        }""",
        notebook_json("print(1)", ("markdown", "text"), ("raw", "raw")),
    )


def sessions(desk: OpenNotebook) -> list[dict[str, Any]]:
    headers = {"Authorization": f"token {desk.server.token}"}
    found: list[dict[str, Any]] = desk.context.request.get(
        f"{desk.server.base_url}api/sessions", headers=headers
    ).json()
    return found


def eventually(nb: NotebookPage, condition: Callable[[], bool], what: str) -> None:
    """Ask again until it is so, for a bounded time."""
    for _ in range(READY_TIMEOUT_MS // 100):
        if condition():
            return
        nb.page.wait_for_timeout(100)
    raise AssertionError(what)


@pytest.mark.ui_row("1.11 raises-exception")
def test_the_cells_after_one_that_may_fail_run(desk: OpenNotebook) -> None:
    nb = desk("1 / 0", "print('second')", "1 / 0", "print('never')")
    nb.page.evaluate("() => { Jupyter.notebook.get_cell(0).metadata.tags = ['raises-exception'] }")
    nb.run_all()
    expect(nb.output(0)).to_contain_text("ZeroDivisionError")
    expect(nb.output(1)).to_contain_text("second")
    expect(nb.output(2)).to_contain_text("ZeroDivisionError")
    nb.page.wait_for_function("() => !document.querySelector('.cell.running')", timeout=READY_TIMEOUT_MS)
    assert nb.text_of(3) == ""


@pytest.mark.ui_row("1.20 dirty")
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_the_notebook_dirty(nb: NotebookPage, change: str) -> None:
    page = nb.page
    start_over(nb)
    page.evaluate(f"() => {{ const nb = Jupyter.notebook; {CHANGES[change]} }}")
    page.wait_for_function("() => Jupyter.notebook.dirty === true")
    expect(page.locator(".autosave_status")).to_have_text("(unsaved changes)")


@pytest.mark.ui_row("1.20 dirty")
def test_looking_is_no_change(nb: NotebookPage) -> None:
    page = nb.page
    start_over(nb)
    page.evaluate(
        """() => {
            const nb = Jupyter.notebook;
            nb.select(1);
            nb.get_cell(1).unrender();
            nb.get_cell(1).render();
            nb.copy_cell();
            nb.toggle_all_line_numbers();
            nb.toggle_all_line_numbers();
        }"""
    )
    nb.cell(0).locator(".CodeMirror").click()
    page.keyboard.press("Escape")
    assert page.evaluate("() => Jupyter.notebook.dirty") is False


@pytest.mark.ui_row("1.20 save as")
def test_save_as_makes_a_folder_and_the_session_follows(desk: OpenNotebook) -> None:
    nb = desk("value = 'kept'", name="first.ipynb")
    nb.run_all()
    nb.page.click("#filelink")
    nb.page.click("#save_notebook_as")
    nb.page.locator("[data-testid=save-as]").fill("new folder/deep/second")
    nb.page.keyboard.press("Enter")
    question = nb.page.locator(".modal.in", has_text="Directory does not exist")
    question.locator(".modal-footer button", has_text="Create").click()
    expect(nb.page).to_have_title("second - Jupyter Notebook", timeout=READY_TIMEOUT_MS)
    expect(nb.page.locator(".modal.in")).to_have_count(0)
    assert nb.page.url.endswith("/notebooks/new%20folder/deep/second.ipynb")
    written = json.loads((desk.root_dir / "new folder/deep/second.ipynb").read_text(encoding="utf-8"))
    assert "".join(written["cells"][0]["source"]) == "value = 'kept'"
    paths = lambda: [session["path"] for session in sessions(desk)]  # noqa: E731
    eventually(nb, lambda: "new folder/deep/second.ipynb" in paths(), "the session did not follow")
    assert "first.ipynb" not in paths()
    assert nb.python("print(value)").strip() == "kept"
    nb.edit(0, "later")
    nb.save()
    assert (desk.root_dir / "first.ipynb").read_text(encoding="utf-8").count("later") == 0


@pytest.fixture
def kill_kernel(nb: NotebookPage, desk: OpenNotebook) -> Iterator[None]:
    """The user's configuration wants the kernel to end with its page."""
    url, headers = f"{desk.server.base_url}api/config/notebook", {"Authorization": f"token {desk.server.token}"}
    desk.context.request.patch(url, headers=headers, data={"Notebook": {"kill_kernel": True}})
    yield
    desk.context.request.patch(url, headers=headers, data={"Notebook": {"kill_kernel": None}})


@pytest.mark.ui_row("1.20 unload")
def test_who_leaves_is_asked_when_something_may_be_lost(nb: NotebookPage) -> None:
    page = nb.page
    start_over(nb)
    page.evaluate("() => { Jupyter.notebook.kernel_busy = false }")
    assert page.evaluate(LEAVE) is None
    page.evaluate("() => { Jupyter.notebook.kernel_busy = true }")
    assert page.evaluate(LEAVE) == "The Kernel is busy, outputs may be lost."
    page.evaluate("() => { Jupyter.notebook.kernel_busy = false; Jupyter.notebook.set_autosave_interval(0) }")
    nb.edit(0, "unsaved")
    assert page.evaluate(LEAVE) == "Unsaved changes will be lost."
    page.evaluate("() => Jupyter.notebook.set_autosave_interval(120000)")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.close(run_before_unload=True)
    page.wait_for_function("() => Jupyter.notebook.dirty === false", timeout=READY_TIMEOUT_MS)  # saved after staying
    assert asked == ["beforeunload"]


@pytest.mark.ui_row("1.20 unload")
@pytest.mark.usefixtures("kill_kernel")
def test_kill_kernel_ends_the_kernel_of_who_leaves_and_of_nobody_else(nb: NotebookPage, desk: OpenNotebook) -> None:
    other = desk("1", name="ends.ipynb")
    other.edit(0, "unsaved")
    other.page.once("dialog", lambda dialog: dialog.dismiss())
    other.page.close(run_before_unload=True)
    other.page.wait_for_function("() => Jupyter.notebook.dirty === false", timeout=READY_TIMEOUT_MS)
    assert other.python("print('alive')").strip() == "alive"
    other.page.goto("about:blank")
    eventually(nb, lambda: all(one["path"] != "ends.ipynb" for one in sessions(desk)), "the kernel is still there")


@pytest.mark.ui_row("1.20 restarting")
def test_a_notebook_is_saved_while_its_kernel_restarts(nb: NotebookPage, desk: OpenNotebook) -> None:
    page = nb.page
    nb.edit(0, "saved = 'meanwhile'")
    page.evaluate("() => { Jupyter.notebook.restart_kernel({confirm: false}); Jupyter.notebook.save_notebook() }")
    page.wait_for_function("() => Jupyter.notebook.dirty === false", timeout=READY_TIMEOUT_MS)
    path = page.evaluate("() => Jupyter.notebook.notebook_path")
    assert "meanwhile" in (desk.root_dir / path).read_text(encoding="utf-8")
    nb.wait_ready()


@pytest.mark.ui_row("1.15 resize")
def test_the_pager_is_pulled_by_pointer_and_keys(nb: NotebookPage) -> None:
    page = nb.page
    text = "\n".join(f"line {number}" for number in range(200))
    page.evaluate(
        "text => Jupyter.notebook.events.trigger('open_with_text.Pager', {data: {'text/plain': text}})",
        text,
    )
    pager, handle = page.locator("#pager"), page.locator("#pager .ui-resizable-n")
    expect(pager).to_be_visible()
    half = page.evaluate("() => innerHeight / 2")
    height = "() => document.querySelector('#pager').getBoundingClientRect().height"
    assert page.evaluate(height) <= half + 1
    covered = "() => document.querySelector('.end_space').offsetHeight + 20 >= $('#pager').height()"
    page.wait_for_function(covered)
    box = handle.bounding_box()
    assert box is not None
    before = page.evaluate(height)
    page.mouse.move(box["x"] + 100, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 104, steps=4)
    page.mouse.up()
    assert page.evaluate(height) == pytest.approx(before - 100, abs=2)
    handle.focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate(height) == pytest.approx(before - 80, abs=2)
    page.wait_for_function(covered)
    page.evaluate("() => Jupyter.pager.collapse()")
    expect(pager).to_be_hidden()
