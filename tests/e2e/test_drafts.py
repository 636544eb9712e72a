"""A page that ends before a save loses nothing: the browser has what was typed, and offers it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import source_on_disk

KEPT_WITHIN_MS = 1_500


def test_what_was_typed_before_a_crash_is_offered_and_restored(open_notebook: OpenNotebook) -> None:
    path = open_notebook.write("'on disk'", "'second'")
    nb = open_notebook.existing(path).wait_ready()
    nb.edit(0, "'typed and never saved'")
    nb.page.wait_for_timeout(KEPT_WITHIN_MS)
    nb.page.close(run_before_unload=False)

    nb = open_notebook.existing(path)
    dialog = nb.page.get_by_role("dialog", name="Unsaved changes")
    expect(dialog).to_contain_text("1 cell is different there.")
    expect(dialog.get_by_role("button", name="Later")).to_be_focused()
    dialog.get_by_role("button", name="Restore").click()
    expect(nb.cell(0)).to_contain_text("typed and never saved")
    nb.wait_ready().save()
    assert source_on_disk(open_notebook.root_dir / path, 0) == "'typed and never saved'"

    nb.page.reload()
    nb.wait_ready()
    expect(nb.page.get_by_role("dialog")).to_have_count(0)
