"""The document's life: opened, saved, renamed, changed by others, broken on disk."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import source_on_disk


def test_saved_work_is_found_again(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("print('hello')", name="found.ipynb")
    nb.edit(0, "print('edited')")
    nb.run_all()
    nb.save()
    assert source_on_disk(open_notebook.root_dir / "found.ipynb", 0) == "print('edited')"
    again = open_notebook.existing("found.ipynb")
    expect(again.output(0)).to_contain_text("edited")
    expect(again.page.locator("#notification_trusted")).to_have_text("Trusted")


@pytest.mark.ui_row("1.20 rename")
def test_the_title_and_the_name_follow_a_rename(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("1", name="before.ipynb")
    expect(nb.page).to_have_title("before - Jupyter Notebook")
    nb.page.click("#notebook_name")
    nb.page.locator(".modal-body input").fill("after")
    nb.page.keyboard.press("Enter")
    expect(nb.page.locator("#notebook_name")).to_have_text("after")
    expect(nb.page).to_have_url(re.compile(r"/notebooks/after\.ipynb"))
    assert (open_notebook.root_dir / "after.ipynb").exists()
    assert not (open_notebook.root_dir / "before.ipynb").exists()


@pytest.mark.ui_row("1.20 checkpoints")
def test_a_checkpoint_can_be_restored(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("'first'", name="checked.ipynb")
    nb.save()
    expect(nb.page.locator(".checkpoint_status")).to_contain_text("Last Checkpoint")
    nb.edit(0, "'second'")
    nb.page.evaluate("() => Jupyter.notebook.save_notebook()")
    nb.page.wait_for_function("() => Jupyter.notebook.dirty === false")
    nb.page.keyboard.press("Escape")
    nb.page.click("#filelink")
    nb.page.hover("#restore_checkpoint")
    nb.page.locator("#restore_checkpoint ul a").first.click()
    nb.page.locator(".modal-footer .btn-danger").click()
    nb.page.wait_for_function("() => Jupyter.notebook.get_cell(0).get_text() === \"'first'\"")


@pytest.mark.ui_row("1.9 Notebook changed", "1.20 changed on disk")
def test_a_change_on_disk_is_never_overwritten_silently(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("mine", name="shared.ipynb")
    path = open_notebook.root_dir / "shared.ipynb"
    foreign = json.loads(path.read_text())
    foreign["cells"][0]["source"] = "theirs"
    path.write_text(json.dumps(foreign))
    nb.edit(0, "mine, edited")
    nb.page.keyboard.press("Control+S")
    dialog = nb.page.locator(".modal-dialog", has_text="Notebook changed")
    expect(dialog).to_be_visible()
    assert source_on_disk(path, 0) == "theirs"
    dialog.locator(".btn-danger").click()
    nb.page.wait_for_function("() => Jupyter.notebook.dirty === false")
    assert source_on_disk(path, 0) == "mine, edited"


def test_a_file_deleted_meanwhile_is_written_again_when_asked(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("mine", name="gone.ipynb")
    path = open_notebook.root_dir / "gone.ipynb"
    path.unlink()
    nb.edit(0, "mine, edited")
    nb.page.keyboard.press("Control+S")
    dialog = nb.page.locator(".modal-dialog", has_text="has been deleted or moved")
    expect(dialog).to_be_visible()
    expect(dialog.locator(".modal-footer button")).to_have_text(["Save As", "Cancel", "Overwrite"])
    assert not path.exists()
    dialog.locator(".btn-danger").click()
    nb.page.wait_for_function("() => Jupyter.notebook.dirty === false")
    assert source_on_disk(path, 0) == "mine, edited"


@pytest.mark.ui_row("1.20 failed")
def test_a_read_only_file_says_so_and_keeps_the_text(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("kept", name="locked.ipynb")
    nb.page.route(
        re.compile(r"/api/contents/locked\.ipynb"),
        lambda route: (
            route.fulfill(status=403, json={"message": "Permission denied: locked.ipynb", "reason": None})
            if route.request.method == "PUT"
            else route.continue_()
        ),
    )
    nb.edit(0, "kept, edited")
    nb.page.keyboard.press("Control+S")
    expect(nb.page.locator("#notification_notebook")).to_contain_text("Permission denied")
    assert nb.page.evaluate("() => Jupyter.notebook.get_cell(0).get_text()") == "kept, edited"
    assert nb.page.evaluate("() => Jupyter.notebook.dirty") is True


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{not json", "JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "UTF-8"),
        (json.dumps({"nbformat": 99, "nbformat_minor": 0, "cells": [], "metadata": {}}).encode(), "99"),
    ],
    ids=["not JSON", "binary", "future major"],
)
def test_a_broken_notebook_says_why_and_is_left_alone(open_notebook: OpenNotebook, content: bytes, says: str) -> None:
    path = open_notebook.root_dir / "broken.ipynb"
    path.write_bytes(content)
    page = open_notebook.visit("notebooks/broken.ipynb")
    dialog = page.locator(".modal-dialog")
    expect(dialog).to_contain_text("Error loading notebook")
    expect(dialog).to_contain_text(says)
    assert path.read_bytes() == content


def old_notebook(nbformat: int) -> dict[str, Any]:
    cell = {"cell_type": "code", "language": "python", "input": "1 + 1", "outputs": [], "collapsed": False}
    if nbformat == 2:
        return {"nbformat": 2, "metadata": {"name": "old"}, "worksheets": [{"cells": [cell]}]}
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"metadata": {}, "cells": [cell]}],
    }


@pytest.mark.parametrize("nbformat", [2, 3])
def test_old_formats_are_converted_with_a_word(open_notebook: OpenNotebook, nbformat: int) -> None:
    (open_notebook.root_dir / "old.ipynb").write_text(json.dumps(old_notebook(nbformat)))
    nb = open_notebook.existing("old.ipynb")
    expect(nb.page.locator(".modal-dialog")).to_contain_text("Notebook converted")
    assert nb.page.evaluate("() => Jupyter.notebook.get_cell(0).get_text()") == "1 + 1"


def test_an_empty_file_opens_as_a_new_notebook(open_notebook: OpenNotebook) -> None:
    (open_notebook.root_dir / "zero.ipynb").write_bytes(b"")
    nb = open_notebook.existing("zero.ipynb")
    nb.page.locator(".modal-footer button").click()
    nb.edit(0, "print('revived')")
    nb.save()
    assert source_on_disk(open_notebook.root_dir / "zero.ipynb", 0) == "print('revived')"


def test_an_unknown_kernel_is_asked_about(open_notebook: OpenNotebook) -> None:
    path = open_notebook.root_dir / "strange.ipynb"
    spec = {"name": "cobol", "display_name": "COBOL", "language": "cobol"}
    path.write_text(json.dumps({"cells": [], "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}))
    page = open_notebook.visit("notebooks/strange.ipynb")
    expect(page.locator(".modal-dialog")).to_contain_text("Kernel not found")


@pytest.mark.ui_row("1.21 failed start")
def test_a_kernel_that_dies_at_start_says_why(open_notebook: OpenNotebook, broken_kernelspec: Path) -> None:
    path = open_notebook.root_dir / "dying.ipynb"
    spec = {"name": broken_kernelspec.name, "display_name": "Broken", "language": "python"}
    path.write_text(json.dumps({"cells": [], "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}))
    page = open_notebook.visit("notebooks/dying.ipynb")
    expect(page.locator(".modal-dialog")).to_contain_text("Failed to start the kernel", timeout=30_000)
    expect(page.locator(".modal-dialog")).to_contain_text("no module today")
