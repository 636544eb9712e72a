"""One code, one Markdown and one raw cell: what the tests of text cells do to them."""

from __future__ import annotations

from typing import Any

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC"
OTHER_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
GIVE = """([kind, files, texts]) => {
    const data = new DataTransfer();
    for (const [name, base64] of files) {
        const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
        data.items.add(new File([bytes], name, {type: 'image/png'}));
    }
    for (const [type, text] of Object.entries(texts)) data.setData(type, text);
    const target = document.activeElement;
    const event = kind === 'paste'
        ? new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true});
    return target.dispatchEvent(event);
}"""


def three_cells(desk: OpenNotebook) -> NotebookPage:
    return desk("1", ("markdown", "text"), ("raw", "raw"))


def metadata(nb: NotebookPage, index: int) -> dict[str, Any]:
    found: dict[str, Any] = nb.page.evaluate("index => Jupyter.notebook.get_cell(index).metadata", index)
    return {key: value for key, value in found.items() if key != "trusted"}


def attachments(nb: NotebookPage, index: int = 1) -> list[str]:
    return list(nb.page.evaluate("index => Object.keys(Jupyter.notebook.get_cell(index).attachments)", index))


def choose(nb: NotebookPage, preset: str) -> None:
    nb.page.click("#viewlink")
    nb.page.hover("#menu-cell-toolbar")
    nb.page.locator("#menu-cell-toolbar-submenu").get_by_text(preset, exact=True).click()


def markdown(nb: NotebookPage, text: str) -> None:
    """Make this the text of the Markdown cell, rendered, without attachments."""
    nb.page.evaluate(
        """text => {
            const cell = Jupyter.notebook.get_cell(1);
            cell.attachments = {};
            cell.set_text(text);
            Jupyter.notebook.select(1);
            cell.render();
        }""",
        text,
    )


def edit(nb: NotebookPage, text: str = "") -> None:
    """Open the Markdown cell's editor on this text."""
    markdown(nb, text)
    nb.page.evaluate("() => { const cell = Jupyter.notebook.get_cell(1); cell.unrender(); cell.focus_editor() }")


def text_of(nb: NotebookPage, index: int = 1) -> str:
    return str(nb.page.evaluate("index => Jupyter.notebook.get_cell(index).get_text()", index))


def expect_text(nb: NotebookPage, text: str) -> None:
    nb.page.wait_for_function("text => Jupyter.notebook.get_cell(1).get_text() === text", arg=text)
