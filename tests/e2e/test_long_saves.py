"""Large notebooks and files on their way to the server: the page says how far they are, and goes on being used."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import beyond_the_edge, complaints
from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage, notebook_json

MB = 1_000_000
PARTS = 20
SLOW_BYTES_PER_S = 1 * MB
SAVE_TIMEOUT_MS = 120_000

pytestmark = pytest.mark.timeout(300)


def large_notebook(opener: OpenNotebook, name: str) -> NotebookPage:
    """One of 20 MB, nearly all of it outputs."""
    document = notebook_json("1", *[f"{number}" for number in range(PARTS)])
    for cell in document["cells"][1:]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "a line of output\n" * (MB // 17)}]
    (opener.root_dir / name).write_text(json.dumps(document), encoding="utf-8")
    page = opener.visit(f"notebooks/{name}")
    page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded === true", timeout=SAVE_TIMEOUT_MS)
    return NotebookPage(page)


@contextmanager
def slow_line(page: Page) -> Iterator[None]:
    """Uploads of this page travel at ``SLOW_BYTES_PER_S``; what is on its way after the block goes at once."""
    tools = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": SLOW_BYTES_PER_S}
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", conditions)
    yield
    tools.send("Network.emulateNetworkConditions", conditions | {"uploadThroughput": -1})
    tools.detach()


def listen(page: Page, place: str) -> Callable[[], list[str]]:
    """What ``place`` says from now on, however briefly."""
    page.evaluate(
        """place => {
            window.told = []
            new MutationObserver(() => {
                const text = document.querySelector(place)?.textContent
                if (text && text !== window.told.at(-1)) window.told.push(text)
            }).observe(document.body, {subtree: true, childList: true, characterData: true})
        }""",
        place,
    )
    return lambda: list(page.evaluate("() => window.told"))


def words(place: Locator) -> Locator:
    return place.locator(".transfer_text")


@pytest.fixture(scope="module")
def large(desk: OpenNotebook) -> NotebookPage:
    return large_notebook(desk, "large.ipynb")


def test_a_long_save_tells_how_far_it_is_while_its_user_types(large: NotebookPage, desk: OpenNotebook) -> None:
    page = large.page
    area = page.locator("#notification_area")
    with slow_line(page):
        large.edit(0, "before")
        page.keyboard.press("Control+S")
        expect(words(area)).to_contain_text("MB sent", timeout=SAVE_TIMEOUT_MS)
        bar = area.get_by_role("progressbar", name="Saving")
        expect(bar).to_be_visible()
        expect(area.locator(".transfer [role=status]")).to_contain_text("MB sent")
        large.cell(0).locator(".CodeMirror").click()
        page.keyboard.type(" meanwhile")
        assert page.evaluate("() => Jupyter.notebook.get_cell(0).get_text()") == "before meanwhile"
        expect(bar).to_be_visible()
        assert complaints(page, "#notification_area") == []
        told = listen(page, "#notification_area .transfer_text")
    expect(bar).not_to_be_visible(timeout=SAVE_TIMEOUT_MS)
    assert any("the server is writing" in text for text in told())
    assert page.evaluate("() => Jupyter.notebook.dirty") is True
    saved = json.loads((desk.root_dir / "large.ipynb").read_text(encoding="utf-8"))
    assert "".join(saved["cells"][0]["source"]) == "before"
    assert len("".join(saved["cells"][PARTS]["outputs"][0]["text"])) > MB * 0.9


def test_an_upload_tells_how_far_it_is(desk: OpenNotebook, tmp_path: Path) -> None:
    page = desk.visit("tree")
    page.set_viewport_size({"width": 400, "height": 800})
    content = b"0123456789abcdef" * (20 * MB // 16)
    (tmp_path / "large.bin").write_bytes(content)
    with slow_line(page):
        page.set_input_files("#upload_span_input", tmp_path / "large.bin")
        row = page.locator(".new-file")
        row.locator(".upload_button").click()
        expect(words(row)).to_contain_text(re.compile(r"[\d.]+ of [\d.]+ MB sent"), timeout=SAVE_TIMEOUT_MS)
        expect(row.get_by_role("progressbar", name="Uploading large.bin")).to_be_visible()
        expect(row.locator(".upload_button")).to_have_text(re.compile(r"^\d+ %$"))
        expect(row.locator("[role=status]")).to_contain_text("MB sent")
        assert complaints(page, ".new-file") == []
        assert beyond_the_edge(page) == []
    expect(row).to_have_count(0, timeout=SAVE_TIMEOUT_MS)
    assert (desk.root_dir / "large.bin").read_bytes() == content


def test_a_file_too_large_for_one_request_tells_of_the_whole(desk: OpenNotebook, tmp_path: Path) -> None:
    page = desk.visit("tree")
    content = b"0123456789abcdef" * (26 * 1024 * 1024 // 16 + 1)
    (tmp_path / "huge.bin").write_bytes(content)
    page.set_input_files("#upload_span_input", tmp_path / "huge.bin")
    page.locator(".modal.in .btn-primary").click()
    told = listen(page, ".new-file .transfer_text")
    page.locator(".upload_button").click()
    expect(page.locator(".new-file")).to_have_count(0, timeout=SAVE_TIMEOUT_MS)
    assert any("of 27.3 MB sent" in text for text in told())
    assert (desk.root_dir / "huge.bin").read_bytes() == content


def test_a_failed_save_takes_the_bar_away(large: NotebookPage) -> None:
    page = large.page
    page.evaluate(
        """() => {
            const nb = Jupyter.notebook;
            nb.contents.save = (path, model, tell) => {
                tell({sentBytes: 10_000_000, totalBytes: 20_000_000});
                return new Promise((resolve, reject) => {
                    window.fail = () => { delete nb.contents.save; reject(new Error('the disk is full')) };
                });
            };
            nb.save_notebook().catch(() => 0);
        }"""
    )
    bar = page.locator("#notification_area").get_by_role("progressbar", name="Saving")
    expect(bar).to_have_attribute("aria-valuetext", "10.0 of 20.0 MB sent")
    page.evaluate("() => window.fail()")
    expect(bar).not_to_be_visible()
    expect(page.locator("#notification_notebook")).to_contain_text("the disk is full")
