"""Two pages write one notebook: nothing of either is lost, whatever the second one chooses."""

from __future__ import annotations

import json

import nbformat
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage

MERGE_TIMEOUT_MS = 60_000


def two_pages(open_notebook: OpenNotebook, *sources: str) -> tuple[str, NotebookPage, NotebookPage]:
    path = open_notebook.write(*sources)
    return path, open_notebook.existing(path).wait_ready(), open_notebook.existing(path).wait_ready()


def refused(nb: NotebookPage) -> Locator:
    """The question, after a save that met another file."""
    nb.page.evaluate("void Jupyter.notebook.save_notebook().catch(() => undefined)")
    dialog = nb.page.get_by_role("dialog", name="Notebook changed")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    return dialog


def merge(nb: NotebookPage, dialog: Locator) -> None:
    dialog.get_by_role("button", name="Merge").click()
    told = nb.page.get_by_role("dialog", name="Merged")
    told.get_by_role("button", name="OK").click(timeout=MERGE_TIMEOUT_MS)
    expect(nb.page.get_by_role("dialog")).to_have_count(0)


def on_disk(open_notebook: OpenNotebook, path: str) -> list[str]:
    notebook = json.loads((open_notebook.root_dir / path).read_text("utf-8"))
    nbformat.validate(notebook)
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def test_changes_of_different_cells_are_merged(open_notebook: OpenNotebook) -> None:
    path, first, second = two_pages(open_notebook, "alpha = 1", "beta = 2", "gamma = 3")
    first.edit(0, "alpha = 10")
    first.save()
    second.edit(2, "gamma = 30")
    merge(second, refused(second))
    expect(second.cell(0)).to_contain_text("alpha = 10")
    assert on_disk(open_notebook, path) == ["alpha = 10", "beta = 2", "gamma = 3"], "saved before the user saved"
    second.save()
    assert on_disk(open_notebook, path) == ["alpha = 10", "beta = 2", "gamma = 30"]


def test_one_cell_changed_in_both_stays_in_both_versions(open_notebook: OpenNotebook) -> None:
    path, first, second = two_pages(open_notebook, "alpha = 1", "beta = 2")
    first.edit(0, "alpha = 10")
    first.save()
    second.edit(0, "alpha = 11")
    dialog = refused(second)
    dialog.get_by_role("button", name="Compare").click()
    comparison = second.page.get_by_role("dialog", name="This page and the file")
    expect(comparison.locator("tr.comparison-different pre")).to_have_text(["alpha = 11", "alpha = 10"])
    comparison.get_by_role("button", name="Back").click()
    merge(second, dialog)
    expect(second.page.locator(".merge-conflict")).to_have_count(2)
    second.save()
    assert on_disk(open_notebook, path) == ["alpha = 11", "alpha = 10", "beta = 2"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_question_fits_a_phone(open_notebook: OpenNotebook, scheme: str) -> None:
    _, first, second = two_pages(open_notebook, "alpha = 1")
    first.edit(0, "alpha = 10")
    first.save()
    second.edit(0, "alpha = 11")
    second.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    second.page.set_viewport_size({"width": 400, "height": 800})
    dialog = refused(second)
    for button in dialog.locator(".modal-footer button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400
