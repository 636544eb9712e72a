"""A notebook renamed under its open page: kernel and page go along, and nothing is written under the old name."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage, source_on_disk


def rename(opener: OpenNotebook, before: str, after: str) -> None:
    headers = {"Authorization": f"token {opener.server.token}"}
    url = f"{opener.server.base_url}api/contents/{before}"
    assert opener.context.request.patch(url, headers=headers, data={"path": after}).ok


def test_the_page_saves_under_the_new_name_and_keeps_its_kernel(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("value = 41", name="folder/before.ipynb")
    nb.run_all()
    nb.save()
    kernel = nb.page.evaluate("() => Jupyter.notebook.kernel.id")
    rename(open_notebook, "folder", "moved")
    rename(open_notebook, "moved/before.ipynb", "moved/after.ipynb")
    nb.edit(0, "value + 1")
    nb.save()
    assert source_on_disk(open_notebook.root_dir / "moved/after.ipynb", 0) == "value + 1"
    assert not (open_notebook.root_dir / "folder").exists()
    expect(nb.page).to_have_url(re.compile(r"/notebooks/moved/after\.ipynb$"))
    expect(nb.page.locator("#notebook_name")).to_have_text("after")
    expect(nb.page.locator("#notification_area")).to_contain_text("moved/after.ipynb")
    nb.page.close()
    again = NotebookPage(open_notebook.visit("notebooks/moved/after.ipynb")).wait_ready()
    assert again.page.evaluate("() => Jupyter.notebook.kernel.id") == kernel
    assert again.python("print(value)") == "41\n"


def test_a_page_that_is_looked_at_again_says_its_new_name(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("1", name="seen.ipynb")
    rename(open_notebook, "seen.ipynb", "new name.ipynb")
    nb.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(nb.page.locator("#notebook_name")).to_have_text("new name")
    expect(nb.page.locator("#notification_area")).to_contain_text("new name.ipynb")
