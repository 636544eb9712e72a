"""Section 1.21: which kernel a notebook gets, and what the page does when that ends, restarts or is replaced."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import READY_TIMEOUT_MS, RUN_TIMEOUT_MS, NotebookPage, notebook_json

NAME = "() => Jupyter.notebook.kernel.name"
SPEC = "() => Jupyter.notebook.metadata.kernelspec"
DIES_WHEN_TOLD = """import os, signal, time
while not os.path.exists({path!r}):
    time.sleep(0.05)
os.kill(os.getpid(), signal.SIGKILL)"""
ARGV = ["python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"]


def make_spec(folder: Path, display_name: str, **files: str) -> None:
    """A Python kernel under another name, of a language of its own."""
    folder.mkdir(parents=True)
    spec = {"argv": ARGV, "display_name": display_name, "language": folder.name}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module", autouse=True)
def kernels(desk: OpenNotebook) -> Iterator[None]:
    """Two more kernels: one with a style, one with a script."""
    kernels = desk.server.data_dir / "kernels"
    make_spec(kernels / "styled", "Styled", kernel_css="body { --styled: 1; }")
    make_spec(kernels / "scripted", "Scripted", kernel_js="define({onload: () => { window.loaded = 'scripted' }});")
    yield
    for name in ("styled", "scripted"):
        shutil.rmtree(kernels / name)


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook, kernels: None) -> NotebookPage:
    return desk("1", "2")


def with_metadata(desk: OpenNotebook, name: str, metadata: dict[str, Any], query: str = "") -> NotebookPage:
    text = json.dumps(notebook_json("1") | {"metadata": metadata})
    (desk.root_dir / name).write_text(text, encoding="utf-8")
    return NotebookPage(desk.visit(f"notebooks/{name}{query}"))


def expect_kernel(nb: NotebookPage, name: str) -> None:
    nb.page.wait_for_function(
        "name => Jupyter?.notebook?.kernel?.name === name && Jupyter.notebook.kernel.is_connected()",
        arg=name,
        timeout=READY_TIMEOUT_MS,
    )


def run(nb: NotebookPage, index: int, code: str) -> None:
    """Put code into a cell and start it."""
    nb.page.evaluate(
        """([index, code]) => {
            Jupyter.notebook.get_cell(index).set_text(code);
            Jupyter.notebook.select(index);
            Jupyter.notebook.focus_cell();
            Jupyter.notebook.execute_selected_cells();
        }""",
        [index, code],
    )


@pytest.mark.ui_row("1.21 choice")
def test_the_address_wins_then_the_metadata_then_the_servers_default(desk: OpenNotebook) -> None:
    styled = {"kernelspec": {"name": "styled", "display_name": "Styled", "language": "styled"}}
    nb = with_metadata(desk, "choice-address.ipynb", styled, "?kernel_name=python3")
    expect_kernel(nb, "python3")
    nb.page.close()
    nb = with_metadata(desk, "choice-metadata.ipynb", styled)
    expect_kernel(nb, "styled")
    nb.page.close()
    nb = with_metadata(desk, "choice-language.ipynb", {"language": "STYLED"})
    expect_kernel(nb, "styled")
    assert nb.page.evaluate("() => 'language' in Jupyter.notebook.metadata") is False
    assert nb.page.evaluate(SPEC) == styled["kernelspec"]
    nb.page.close()
    nb = with_metadata(desk, "choice-default.ipynb", {})
    expect_kernel(nb, "python3")
    nb.page.close()


@pytest.mark.ui_row("1.21 missing")
def test_an_unknown_kernel_is_replaced_or_done_without(desk: OpenNotebook) -> None:
    spec = {"name": "cobol", "display_name": "COBOL 85", "language": "cobol"}
    nb = with_metadata(desk, "missing.ipynb", {"kernelspec": spec})
    dialog = nb.page.locator(".modal.in")
    expect(dialog).to_contain_text("COBOL 85", timeout=READY_TIMEOUT_MS)
    dialog.get_by_role("button", name="Continue Without Kernel").click()
    expect(dialog).to_have_count(0)
    assert nb.page.evaluate("() => Jupyter.notebook.kernel") is None
    expect(nb.page.locator(".kernel_indicator_name")).to_have_text("No Kernel")
    assert nb.page.evaluate(SPEC) == spec, "the file keeps what it was written for"
    nb.edit(0, "edited = 'without'")
    nb.save()
    nb.page.evaluate("() => Jupyter.notebook.kernel_selector.set_kernel('cobol')")
    dialog.get_by_label("Kernel").select_option("Styled")
    dialog.get_by_role("button", name="Set Kernel").click()
    expect_kernel(nb, "styled")
    nb.page.close()


@pytest.mark.ui_row("1.21 switch")
def test_another_kernel_takes_the_place_of_the_first(nb: NotebookPage, desk: OpenNotebook) -> None:
    page = nb.page
    expect(page.locator("#kernel-css")).not_to_have_attribute("href", re.compile("."))
    first = page.evaluate("() => Jupyter.notebook.kernel.id")
    page.evaluate("() => { Jupyter.notebook.set_dirty(false) }")
    page.click("#kernellink")
    page.hover("#menu-change-kernel")
    page.click("#kernel-submenu-styled")
    expect_kernel(nb, "styled")
    nb.wait_ready()
    assert page.evaluate(SPEC) == {"name": "styled", "display_name": "Styled", "language": "styled"}
    assert page.evaluate("() => Jupyter.notebook.dirty") is True
    expect(page.locator(".kernel_indicator_name")).to_have_text("Styled")
    expect(page.locator("#kernel-css")).to_have_attribute("href", re.compile("kernelspecs/styled/kernel.css"))
    page.wait_for_function("() => getComputedStyle(document.body).getPropertyValue('--styled').trim() === '1'")
    expect(page.locator("img.current_kernel_logo")).to_have_attribute("title", "Styled")
    headers = {"Authorization": f"token {desk.server.token}"}
    gone = desk.context.request.get(f"{desk.server.base_url}api/kernels/{first}", headers=headers)
    assert gone.status == 404
    run(nb, 0, "6 * 7")
    expect(nb.output(0)).to_contain_text("42", timeout=RUN_TIMEOUT_MS)
    page.evaluate("() => Jupyter.notebook.kernel_selector.set_kernel('python3')")
    expect_kernel(nb, "python3")
    nb.wait_ready()
    expect(page.locator("#kernel-css")).not_to_have_attribute("href", re.compile("."))


@pytest.mark.ui_row("1.21 reconnect")
def test_output_goes_on_after_a_reconnection_by_hand(nb: NotebookPage) -> None:
    page = nb.page
    run(nb, 0, "import time\nfor n in range(20):\n    print(n, flush=True)\n    time.sleep(.1)")
    expect(nb.output(0)).to_contain_text("3", timeout=RUN_TIMEOUT_MS)
    page.evaluate("() => { window.said = 0; Jupyter.notebook.events.on('kernel_connected.Kernel', () => said++) }")
    page.evaluate("() => { Jupyter.notebook.kernel.stop_channels() }")
    page.click("#kernellink")
    page.click("#reconnect_kernel")
    page.wait_for_function("() => said > 0", timeout=READY_TIMEOUT_MS)
    nb.wait_idle()
    assert nb.text_of(0) == "".join(f"{number}\n" for number in range(20))


@pytest.mark.ui_row("1.21 interrupt")
def test_an_interrupt_stops_the_cell_and_asks_how_the_kernel_is(nb: NotebookPage) -> None:
    page = nb.page
    run(nb, 0, "import time\nprint('started', flush=True)\ntime.sleep(600)")
    run(nb, 1, "print('after')")
    expect(nb.output(0)).to_contain_text("started", timeout=RUN_TIMEOUT_MS)
    page.evaluate(
        """() => {
            const kernel = Jupyter.notebook.kernel;
            window.asked = 0;
            kernel.kernel_info = function (...given) {
                asked++;
                delete kernel.kernel_info;
                return kernel.kernel_info(...given);
            };
        }"""
    )
    page.click("#kernellink")
    page.click("#int_kernel")
    nb.wait_idle()
    expect(nb.output(0)).to_contain_text("KeyboardInterrupt")
    assert nb.text_of(1) == "", "what waited is not run"
    assert page.evaluate("() => asked") == 1
    run(nb, 1, "print('usable')")
    expect(nb.output(1)).to_contain_text("usable", timeout=RUN_TIMEOUT_MS)


@pytest.mark.ui_row("1.21 restart")
def test_a_restart_blanks_prompts_and_forgets_requests(nb: NotebookPage) -> None:
    page = nb.page
    run(nb, 0, "import time\nprint('started', flush=True)\ntime.sleep(600)")
    run(nb, 1, "2")
    expect(nb.output(0)).to_contain_text("started", timeout=RUN_TIMEOUT_MS)
    expect(nb.cell(1).locator(".input_prompt")).to_contain_text("In [*]:")
    page.click("#kernellink")
    page.click("#restart_kernel")
    page.locator(".modal-footer .btn-danger").click()
    expect(nb.cell(0).locator(".input_prompt")).to_contain_text("In [ ]:")
    expect(nb.cell(1).locator(".input_prompt")).to_contain_text("In [ ]:")
    expect(page.locator(".cell.running")).to_have_count(0)
    nb.wait_ready()
    assert page.evaluate("() => Jupyter.notebook.get_cell(0).output_area.toJSON().length") == 1, "outputs stay"
    run(nb, 1, "print('fresh')")
    expect(nb.cell(1).locator(".input_prompt")).to_contain_text("In [1]:", timeout=RUN_TIMEOUT_MS)


RESTARTED_FIVE_TIMES = """async ([name, pause_ms]) => {
    const notebook = Jupyter.notebook;
    for (let turn = 0; turn < 5; turn++) {
        notebook[name]({confirm: false});
        notebook.set_dirty(true);
        notebook.save_checkpoint();
        if (name === 'restart_kernel') notebook.get_cell(0).execute();
        await new Promise((resolve) => setTimeout(resolve, pause_ms));
    }
}"""
BAD_NEWS = ["kernel_dead.Kernel", "kernel_dead.Session", "kernel_failed_restart.Kernel", "kernel_autorestarting.Kernel"]


@pytest.mark.parametrize(("name", "pause_ms"), [("restart_kernel", 150), ("restart_run_all", 0)])
def test_five_restarts_amid_saves_and_runs_are_no_death(nb: NotebookPage, name: str, pause_ms: int) -> None:
    page = nb.page
    page.evaluate(
        """names => {
            window.badNews = [];
            for (const name of names) Jupyter.notebook.events.on(name, () => badNews.push(name));
            window.ready = 0;
            Jupyter.notebook.events.on('kernel_ready.Kernel', () => ready++);
            Jupyter.notebook.get_cell(0).set_text('try: runs += 1\\nexcept NameError: runs = 1\\nprint(runs)');
            Jupyter.notebook.get_cell(1).set_text('print(1)');
        }""",
        BAD_NEWS,
    )
    kernel = page.evaluate("() => Jupyter.notebook.kernel.id")
    page.evaluate(RESTARTED_FIVE_TIMES, [name, pause_ms])
    page.wait_for_function("() => ready > 0 && !Jupyter.notebook._saving", timeout=READY_TIMEOUT_MS)
    nb.wait_idle()
    assert nb.python("print('alive')") == "alive\n"
    assert nb.text_of(0) == "1\n", "what was run last has run, once"
    assert page.evaluate("() => [badNews, Jupyter.notebook.kernel.id, $('.modal:visible').length]") == [[], kernel, 0]
    nb.save()


@pytest.mark.ui_row("1.21 autorestart")
def test_a_kernel_that_died_is_started_again(nb: NotebookPage, desk: OpenNotebook) -> None:
    page, may_die = nb.page, desk.root_dir / "may-die"
    may_die.unlink(missing_ok=True)
    run(nb, 0, DIES_WHEN_TOLD.format(path=str(may_die)))
    run(nb, 1, "2")
    expect(page.locator(".cell.running")).to_have_count(2)
    may_die.touch()
    dialog = page.locator(".modal.in")
    expect(dialog.locator(".modal-title")).to_have_text("Kernel Restarting", timeout=READY_TIMEOUT_MS)
    dialog.locator(".modal-footer button").click()
    expect(page.locator(".cell.running")).to_have_count(0)
    expect(nb.cell(1).locator(".input_prompt")).to_contain_text("In [ ]:")
    nb.wait_ready()
    run(nb, 1, "print('alive')")
    expect(nb.output(1)).to_contain_text("alive", timeout=RUN_TIMEOUT_MS)


@pytest.mark.ui_row("1.21 dead")
def test_a_dead_kernel_is_said_and_started_from_the_dialog(nb: NotebookPage, desk: OpenNotebook) -> None:
    page = nb.page
    headers = {"Authorization": f"token {desk.server.token}"}
    kernel = page.evaluate("() => Jupyter.notebook.kernel.id")
    desk.context.request.delete(f"{desk.server.base_url}api/kernels/{kernel}", headers=headers)
    dialog = page.locator(".modal.in")
    expect(dialog.locator(".modal-title")).to_have_text("Dead kernel", timeout=READY_TIMEOUT_MS)
    expect(page.locator("#kernel_indicator_icon")).to_have_class(re.compile("kernel_dead_icon"))
    dialog.get_by_role("button", name="Don't Restart").click()
    expect(dialog).to_have_count(0)
    page.evaluate("() => { Jupyter.notebook.restart_kernel() }")
    nb.wait_ready()
    run(nb, 0, "print('again')")
    expect(nb.output(0)).to_contain_text("again", timeout=RUN_TIMEOUT_MS)
    kernel = page.evaluate("() => Jupyter.notebook.kernel.id")
    desk.context.request.delete(f"{desk.server.base_url}api/kernels/{kernel}", headers=headers)
    dialog.get_by_role("button", name="Try Restarting Now").click(timeout=READY_TIMEOUT_MS)
    nb.wait_ready()
    assert page.evaluate("() => Jupyter.notebook.kernel.id") != kernel


@pytest.mark.ui_row("1.21 kernel.js")
def test_a_kernels_script_runs_and_leaves_with_a_fresh_page(nb: NotebookPage) -> None:
    page = nb.page
    page.evaluate("() => Jupyter.notebook.kernel_selector.set_kernel('scripted')")
    page.wait_for_function("() => window.loaded === 'scripted'", timeout=READY_TIMEOUT_MS)
    nb.wait_ready()
    nb.edit(0, "typed = 'before the switch'")
    with page.expect_navigation(timeout=READY_TIMEOUT_MS):
        page.evaluate("() => Jupyter.notebook.kernel_selector.set_kernel('python3')")
    expect_kernel(nb, "python3")
    nb.wait_ready()
    assert page.evaluate("() => window.loaded") is None
    assert page.evaluate("() => Jupyter.notebook.get_cell(0).get_text()") == "typed = 'before the switch'"
