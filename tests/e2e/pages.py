"""What a user does in the browser, as verbs. Knows ids and classes of the pages, not how they are served."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

READY_TIMEOUT_MS = 30_000
RUN_TIMEOUT_MS = 60_000
LOADED = "() => window.Jupyter?.notebook?._fully_loaded === true"
KERNEL_IDLE = "() => document.querySelector('#kernel_indicator_icon.kernel_idle_icon') !== null"


def notebook_json(*sources: str | tuple[str, str]) -> dict[str, Any]:
    """An nbformat 4.5 notebook: a plain string is a code cell, a pair is ``(cell type, source)``."""
    cells: list[dict[str, Any]] = []
    for index, source in enumerate(sources):
        kind, text = source if isinstance(source, tuple) else ("code", source)
        cell: dict[str, Any] = {"id": f"cell-{index}", "cell_type": kind, "metadata": {}, "source": text}
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        cells.append(cell)
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}


def write_notebook(disk_path: Path, *sources: str | tuple[str, str]) -> Path:
    """Put a notebook on the server's disk."""
    disk_path.parent.mkdir(parents=True, exist_ok=True)
    disk_path.write_text(json.dumps(notebook_json(*sources)), encoding="utf-8")
    return disk_path


def source_on_disk(disk_path: Path, index: int) -> str:
    """Source of one cell as saved."""
    source = json.loads(disk_path.read_text(encoding="utf-8"))["cells"][index]["source"]
    return source if isinstance(source, str) else "".join(source)


@dataclass(frozen=True)
class NotebookPage:
    """One open notebook."""

    page: Page

    def wait_ready(self) -> NotebookPage:
        """Until the document is loaded and its kernel is idle; looks at each frame, ``expect`` only once a second."""
        self.page.wait_for_function(LOADED, timeout=READY_TIMEOUT_MS)
        self.page.wait_for_function(KERNEL_IDLE, timeout=READY_TIMEOUT_MS)
        return self

    def cell(self, index: int) -> Locator:
        return self.page.locator("#notebook-container > .cell").nth(index)

    def output(self, index: int) -> Locator:
        return self.cell(index).locator(".output")

    def select(self, index: int) -> None:
        """Click beside the text, as a user selecting a cell would."""
        self.cell(index).locator(".prompt").first.click()

    def edit(self, index: int, text: str) -> None:
        """Replace a cell's text by typing."""
        editor = self.cell(index).locator(".CodeMirror")
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def text_of(self, index: int) -> str:
        """All stream text of a cell as the model holds it, whole."""
        return str(
            self.page.evaluate(
                """index => Jupyter.notebook.get_cell(index).output_area.toJSON()
                    .map(output => [].concat(output.text).join('')).join('')""",
                index,
            )
        )

    def run_all(self) -> None:
        """Cell → Run All, and wait until the last cell has its number."""
        self.page.click("#celllink")
        self.page.click("#run_all_cells")
        self.wait_idle()

    def wait_idle(self, timeout_ms: int = RUN_TIMEOUT_MS) -> None:
        """Until no cell waits for its reply and the kernel's last output is here (replies may overtake outputs)."""
        self.page.wait_for_function(
            """() => !Jupyter.notebook.kernel_busy
                && Jupyter.notebook.get_cells().every(cell => !cell.element.hasClass('running'))""",
            timeout=timeout_ms,
        )

    def save(self) -> None:
        """Ctrl-S, and wait until the document is clean."""
        self.page.keyboard.press("Control+S")
        self.page.wait_for_function("() => Jupyter.notebook.dirty === false", timeout=READY_TIMEOUT_MS)

    def python(self, code: str) -> str:
        """Run code silently in the page's kernel and return what it printed."""
        return str(
            self.page.evaluate(
                """code => new Promise((resolve) => {
                    let text = '';
                    Jupyter.notebook.kernel.execute(code, {
                        iopub: {output: (msg) => { text += msg.content.text ?? ''; }},
                        shell: {reply: () => setTimeout(() => resolve(text), 50)},
                    }, {silent: false});
                })""",
                code,
            )
        )
