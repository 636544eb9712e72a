"""One real notebook from opening to finding it again, under each of the four ways to run."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook

WAYS = ["flask", "flasknb", "gunicorn", "mounted"]


@pytest.mark.parametrize("way", WAYS)
def test_open_run_save_and_find_again(open_notebook: OpenNotebook, way: str) -> None:
    nb = open_notebook(
        ("markdown", "# Squares\n\nThe sum is $\\sum_k k^2$."),
        "total = 0\nfor k in range(5):\n    total += k * k\n    print(k, total)",
        "total",
        "import time\nfor k in range(3):\n    print(k, flush=True)\n    time.sleep(0.1)",
        name="journey.ipynb",
    )
    expect(nb.cell(0).locator("mjx-container").first).to_be_attached(timeout=15_000)
    nb.run_all()
    expect(nb.output(1).locator("pre")).to_have_text("0 0\n1 1\n2 5\n3 14\n4 30\n")
    expect(nb.output(2)).to_contain_text("30")
    expect(nb.output(3).locator("pre")).to_have_text("0\n1\n2\n")
    nb.save()
    saved = json.loads((open_notebook.root_dir / "journey.ipynb").read_text())
    assert [cell["execution_count"] for cell in saved["cells"][1:]] == [1, 2, 3]
    assert "trusted" not in saved["cells"][1]["metadata"]
    again = open_notebook.existing("journey.ipynb")
    expect(again.output(2)).to_contain_text("30")
    assert again.python("print(total)").strip() == "30"


@pytest.mark.parametrize("way", WAYS)
def test_the_dashboard_leads_to_the_notebook(open_notebook: OpenNotebook, way: str) -> None:
    open_notebook.write("1", name="led/here & there #1.ipynb")
    page = open_notebook.visit("tree")
    page.locator("#notebook_list a.item_link", has_text="led").click()
    with page.context.expect_page() as opened:
        page.locator("#notebook_list a.item_link", has_text="here & there #1.ipynb").click()
    opened.value.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded")
    expect(opened.value).to_have_title(re.compile("here & there #1"))


@pytest.mark.parametrize("way", WAYS)
def test_big_frames_pass_whole(open_notebook: OpenNotebook, way: str) -> None:
    many = "for n in range(500):\n    print(f'{n:04d}' + 'y' * 9996, flush=True)"
    nb = open_notebook("print('x' * 8_000_000 + 'END')", many)
    nb.run_all()
    assert nb.text_of(0) == "x" * 8_000_000 + "END\n"
    assert nb.text_of(1) == "".join(f"{n:04d}" + "y" * 9996 + "\n" for n in range(500))
