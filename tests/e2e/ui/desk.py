"""A notebook page that many quick tests share: each begins with the same cells, nothing open and nothing remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Request, TimeoutError

from tests.e2e.pages import NotebookPage

SETTLE_TIMEOUT_MS = 30_000  # a save waits for a disk that others keep busy
STATE = """JSON.stringify({texts: desk.texts().map(text => text.slice(0, 200)),
    chosen: desk.chosen(), mode: nb.mode, dialog: desk.dialog(), dirty: nb.dirty, busy: nb.kernel_busy,
    saving: Boolean(nb._saving), told: $('#notification_area').text().trim(),
    seen: [...desk.seen], opened: desk.opened, focus: document.activeElement.outerHTML.slice(0, 80)})"""

TOOLS = """
const nb = Jupyter.notebook;
window.desk = {
  seen: new Set(), opened: [],
  texts: () => nb.get_cells().map(cell => cell.get_text()),
  types: () => nb.get_cells().map(cell => cell.cell_type),
  chosen: () => nb.get_selected_cells_indices(),
  at: () => nb.get_selected_index(),
  cell: (index) => nb.get_cell(index),
  ran: (index) => typeof nb.get_cell(index).input_prompt_number === 'number',
  outputs: (index) => JSON.stringify(nb.get_cell(index).output_area.toJSON()),
  shown: (selector) => $(selector).is(':visible'),
  dialog: () => $('.modal.in .modal-title').last().text(),
  same: (a, b) => JSON.stringify(a) === JSON.stringify(b),
};
const names = ['kernel_ready.Kernel', 'kernel_connected.Kernel', 'kernel_killed.Session', 'kernel_restarting.Kernel',
  'checkpoint_created.Notebook', 'notebook_saved.Notebook'];
for (const name of names) nb.events.on(name, () => desk.seen.add(name.split('.')[0]));
window.open = (url) => {
  const page = { opener: null, close: () => desk.seen.add('window closed'),
    location: { set href(address) { desk.opened.push(address) } } };
  if (url) desk.opened.push(url);
  return page;
};
"""

RESET = """cells => {
  const nb = Jupyter.notebook;
  Jupyter.menubar.tour?.end();
  $('.modal.in').modal('hide');
  document.dispatchEvent(new MouseEvent('click', {bubbles: true}));
  Jupyter.pager.collapse({duration: 0});
  $('#menubar-container').show();
  nb.command_mode();
  nb.clipboard = null; nb.disable_paste();
  nb.clipboard_attachments = null; nb.disable_attachments_paste();
  if (nb.outline.contents.is_shown) nb.outline.contents.toggle();
  if (!nb.header) nb.header = true;
  if (!nb.toolbar) nb.toolbar = true;
  if (nb.line_numbers) nb.line_numbers = false;
  const spec = nb.metadata.kernelspec, language_info = nb.metadata.language_info;
  const content = {cells, metadata: {kernelspec: spec, language_info}, nbformat: 4, nbformat_minor: 5};
  nb.fromJSON({path: nb.notebook_path, name: nb.notebook_name, content});
  Jupyter.keyboard_manager.enable();
  Jupyter.keyboard_manager.command_shortcuts.clearqueue();
  nb.select(1); nb.focus_cell();
  $('#site').scrollTop(0);
  nb.set_dirty(false);
  desk.seen.clear(); desk.opened.length = 0;
}"""

KEY_NAMES = {
    "cmdtrl": "Control", "ctrl": "Control", "shift": "Shift", "alt": "Alt", "up": "ArrowUp", "down": "ArrowDown",
    "left": "ArrowLeft", "right": "ArrowRight",
    "enter": "Enter", "esc": "Escape", "space": "Space", "minus": "Minus", "comma": "Comma",
}  # fmt: skip


def _code(source: str, text: str = "") -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": text}] if text else []
    return {
        "cell_type": "code",
        "metadata": {"trusted": True},
        "source": source,
        "outputs": outputs,
        "execution_count": None,
    }


def _text(kind: str, source: str) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source}


LINES = "line\n" * 30
FOUR_CELLS = [
    _code("one = 1", LINES),
    _code("two = 2\nlines = 3", LINES),
    _text("markdown", "# three"),
    _text("raw", "four"),
]
"""What ``Desk.reset`` shows: two code cells with an output each, the second one selected, Markdown, raw text."""


def playwright_keys(shortcut: str) -> list[str]:
    """``d,d`` → ``["d", "d"]``; ``cmdtrl-shift-p`` → ``["Control+Shift+p"]``."""
    steps = shortcut.replace("--", "-minus").split(",")
    return ["+".join(KEY_NAMES.get(key, key) for key in step.split("-")) for step in steps]


class Desk:
    """The page with its tools; ``reset`` between tests is some 50 ms, opening a page anew is seconds."""

    def __init__(self, notebook: NotebookPage, disk_path: Path) -> None:
        self.notebook = notebook
        self.page: Page = notebook.page
        self._unanswered: set[Request] = set()
        self.page.on("request", self._is_asked)
        self.page.on("requestfinished", self._is_answered)
        self.page.on("requestfailed", self._is_answered)
        self.disk_path = disk_path
        self.page.evaluate(f"() => {{ {TOOLS} }}")

    def reset(self, cells: list[dict[str, Any]] | None = None) -> None:
        self.page.evaluate(RESET, FOUR_CELLS if cells is None else cells)

    def do(self, script: str) -> Any:
        """Run ``script`` with ``nb`` and the tools in reach; returns the value of an expression."""
        body = script if "return " in script or ";" in script else f"return {script}"
        return self.page.evaluate(f"() => {{ const nb = Jupyter.notebook; {body} }}")

    def wait(self, condition: str) -> None:
        """Until the JavaScript expression holds."""
        script = f"() => {{ const nb = Jupyter.notebook; return !!({condition}) }}"
        try:
            self.page.wait_for_function(script, timeout=SETTLE_TIMEOUT_MS)
        except TimeoutError as error:
            waiting = [f"{request.method} {request.url}" for request in self._unanswered]
            raise AssertionError(f"{condition} did not come true: {self.do(STATE)}, unanswered: {waiting}") from error

    def _is_asked(self, request: Request) -> None:
        self._unanswered.add(request)

    def _is_answered(self, request: Request) -> None:
        self._unanswered.discard(request)

    def press(self, shortcut: str) -> None:
        """Type a shortcut as the configuration writes it."""
        for keys in playwright_keys(shortcut):
            self.page.keyboard.press(keys)

    def dialog(self) -> Locator:
        return self.page.locator(".modal.in")

    def button(self, label: str) -> None:
        """Press a button of the open dialog."""
        self.dialog().locator(".modal-footer button", has_text=label).click()

    def saved_config(self) -> Any:
        """The user's section ``notebook`` as the server has it."""
        return self.page.evaluate("() => fetch(`${Jupyter.notebook.base_url}api/config/notebook`).then(a => a.json())")
