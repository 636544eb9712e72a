"""What ran while no page was there: outputs, running and waiting cells, in a browser that comes later."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage, notebook_json

SHOWN_MS = 30_000
SLOW = "import time\nfor n in range({}): print('line', n, flush=True); time.sleep(0.25)"
UNTIL = "import os, time\nwhile not os.path.exists({!r}): time.sleep(0.05)\nprint('went on')"


def press_run_all(nb: NotebookPage) -> None:
    nb.page.click("#celllink")
    nb.page.click("#run_all_cells")


def leave(nb: NotebookPage) -> None:
    """Close the tab, unsaved as it is."""
    nb.page.evaluate("() => { window.onbeforeunload = null; }")
    nb.page.close(run_before_unload=False)


def reopen(opener: OpenNotebook, name: str) -> NotebookPage:
    """Open without waiting for the kernel, which is at work."""
    nb = NotebookPage(opener.visit(f"notebooks/{name}"))
    nb.page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded === true", timeout=SHOWN_MS)
    return nb


def test_a_notebook_opened_later_shows_what_ran_runs_and_waits(open_notebook: OpenNotebook, browser: Browser) -> None:
    root = open_notebook.root_dir
    name = open_notebook.write(
        "print('first')\n'one'", SLOW.format(3) + "\n" + UNTIL.format("go"), "print('third')", "4"
    )
    nb = open_notebook.existing(name)
    press_run_all(nb)
    expect(nb.output(1)).to_contain_text("line 0", timeout=SHOWN_MS)
    leave(nb)
    nb = reopen(open_notebook, name)
    expect(nb.output(0)).to_contain_text("first", timeout=SHOWN_MS)
    expect(nb.output(0)).to_contain_text("'one'")
    expect(nb.cell(0).locator(".input_prompt")).to_have_text(re.compile(r"In\s\[1\]:"))
    expect(nb.output(1)).to_contain_text("line 2", timeout=SHOWN_MS)
    expect(nb.cell(1).locator(".input_prompt")).to_have_text(re.compile(r"In\s\[\*\]:"))
    expect(nb.cell(1).locator(".execution_status")).to_contain_text("Running")
    expect(nb.cell(2).locator(".execution_status")).to_contain_text("Next")
    expect(nb.cell(3).locator(".execution_status")).to_contain_text("number 2")
    assert nb.page.evaluate("() => Jupyter.notebook.dirty") is True
    (root / "go").touch()
    expect(nb.output(1)).to_contain_text("went on", timeout=SHOWN_MS)
    expect(nb.output(2)).to_contain_text("third", timeout=SHOWN_MS)
    nb.wait_idle()
    assert nb.text_of(1) == "line 0\nline 1\nline 2\nwent on\n"
    expect(nb.cell(1).locator(".execution_status")).to_contain_text(" s")
    expect(nb.cell(3).locator(".input_prompt")).to_have_text(re.compile(r"In\s\[4\]:"))
    nb.save()
    saved = json.loads((root / name).read_text())
    assert [cell["execution_count"] for cell in saved["cells"]] == [1, 2, 3, 4]


def test_a_notebook_without_cell_ids_finds_its_outputs_too(open_notebook: OpenNotebook) -> None:
    old = notebook_json("print('same')", "print('same')", "print('other')")
    for cell in old["cells"]:
        del cell["id"]
    old["nbformat_minor"] = 2
    nb = open_notebook.raw("old.ipynb", json.dumps(old))
    nb.select(1)
    nb.page.keyboard.press("Shift+Enter")
    nb.page.keyboard.press("Shift+Enter")
    nb.wait_idle()
    leave(nb)
    nb = reopen(open_notebook, "old.ipynb")
    expect(nb.output(1)).to_contain_text("same", timeout=SHOWN_MS)
    expect(nb.output(2)).to_contain_text("other")
    assert nb.text_of(0) == ""


def test_a_waiting_cell_is_taken_out_with_the_keyboard(open_notebook: OpenNotebook) -> None:
    nb = open_notebook(UNTIL.format("go-on"), "print('never')", "print('third')")
    press_run_all(nb)
    button = nb.cell(1).get_by_role("button", name="Take this cell out of the queue")
    expect(button).to_be_visible(timeout=SHOWN_MS)
    button.focus()
    nb.page.keyboard.press("Enter")
    expect(nb.cell(1).locator(".execution_status")).to_contain_text("Taken out", timeout=SHOWN_MS)
    expect(nb.cell(1).locator(".input_prompt")).not_to_contain_text("*")
    (open_notebook.root_dir / "go-on").touch()
    expect(nb.output(2)).to_contain_text("third", timeout=SHOWN_MS)
    assert nb.text_of(1) == ""


def test_code_run_over_http_appears_in_the_cell_it_is_for(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("'mine'", "print('not this')")
    server = open_notebook.server
    kernel_id = nb.page.evaluate("() => Jupyter.notebook.kernel.id")
    headers = {"Authorization": f"token {server.token}"}
    url = f"{server.base_url}api/kernels/{kernel_id}/execute"
    answer = open_notebook.context.request.post(
        url, headers=headers, data={"code": "print(6 * 7)", "cell_id": "cell-0"}
    )
    assert answer.status == 202
    expect(nb.output(0)).to_contain_text("42", timeout=SHOWN_MS)
    expect(nb.cell(0).locator(".input_prompt")).to_have_text(re.compile(r"In\s\[1\]:"))


def test_a_question_is_asked_again_in_the_page_that_comes(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("print('got', input('who? '))")
    press_run_all(nb)
    expect(nb.cell(0).locator("input.raw_input")).to_be_visible(timeout=SHOWN_MS)
    name = nb.page.evaluate("() => Jupyter.notebook.notebook_path")
    leave(nb)
    nb = reopen(open_notebook, name)
    field = nb.cell(0).locator("input.raw_input")
    expect(field).to_be_visible(timeout=SHOWN_MS)
    field.fill("me")
    field.press("Enter")
    expect(nb.output(0)).to_contain_text("got me", timeout=SHOWN_MS)


def kept_for(opener: OpenNotebook, name: str) -> list[object]:
    headers = {"Authorization": f"token {opener.server.token}"}
    url = f"{opener.server.base_url}api/kept-outputs/{name}"
    return list(opener.context.request.get(url, headers=headers).json()["cells"])


def saved_text(opener: OpenNotebook, name: str, index: int) -> str:
    cell = json.loads((opener.root_dir / name).read_text())["cells"][index]
    return "".join("".join(output.get("text", [])) for output in cell["outputs"])


def eventually(opener: OpenNotebook, is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + SHOWN_MS / 1000
    while not is_so():
        assert time.monotonic() < end_s
        opener.context.request.get(f"{opener.server.base_url}api")
        time.sleep(0.1)


def test_outputs_are_in_the_file_soon_after_the_tab_was_closed(open_notebook: OpenNotebook) -> None:
    name = open_notebook.write(UNTIL.format("then"))
    nb = open_notebook.existing(name)
    press_run_all(nb)
    expect(nb.cell(0).locator(".execution_status")).to_contain_text("Running", timeout=SHOWN_MS)
    nb.save()
    leave(nb)
    (open_notebook.root_dir / "then").touch()
    eventually(open_notebook, lambda: saved_text(open_notebook, name, 0) == "went on\n")
    nb = reopen(open_notebook, name)
    nb.wait_ready()
    assert nb.text_of(0) == "went on\n"
    assert nb.page.evaluate("() => Jupyter.notebook.dirty") is False


def test_a_foreign_change_is_kept_and_the_outputs_are_offered(open_notebook: OpenNotebook) -> None:
    name = open_notebook.write(UNTIL.format("later"), "'below'")
    nb = open_notebook.existing(name)
    press_run_all(nb)
    expect(nb.cell(0).locator(".execution_status")).to_contain_text("Running", timeout=SHOWN_MS)
    nb.save()
    leave(nb)
    changed = json.loads((open_notebook.root_dir / name).read_text())
    changed["cells"][1]["source"] = "'changed by git'"
    (open_notebook.root_dir / name).write_text(json.dumps(changed))
    (open_notebook.root_dir / "later").touch()
    eventually(open_notebook, lambda: bool(kept_for(open_notebook, name)))
    assert saved_text(open_notebook, name, 0) == ""
    nb = reopen(open_notebook, name)
    dialog = nb.page.locator(".modal-dialog")
    expect(dialog).to_contain_text("while this notebook was closed", timeout=SHOWN_MS)
    dialog.get_by_role("button", name="Show").click()
    expect(nb.output(0)).to_contain_text("went on", timeout=SHOWN_MS)
    nb.save()
    eventually(open_notebook, lambda: not kept_for(open_notebook, name))
    assert saved_text(open_notebook, name, 0) == "went on\n"


def test_a_long_run_that_fails_says_so_in_every_cell(open_notebook: OpenNotebook) -> None:
    cells_after = 40  # more than the server tells of at once
    nb = open_notebook("input()\n1 / 0", *["x = 1"] * cells_after)
    nb.page.click("#celllink")
    nb.page.click("#run_all_cells")
    expect(nb.cell(cells_after).locator(".input")).to_contain_text("Waiting")
    nb.page.keyboard.press("Enter")
    nb.wait_idle()
    for index in (1, 2, cells_after):
        expect(nb.cell(index).locator(".input")).to_contain_text("Not run: a cell before it failed")
    expect(nb.cell(0).locator(".input")).not_to_contain_text("Running")
