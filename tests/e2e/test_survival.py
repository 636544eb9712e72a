"""Processes die under the page; the kernel and its variables do not."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage
from tests.e2e.processes import sidecar_of, workers_of

RECONNECT_TIMEOUT_MS = 15_000


def note_reconnecting(nb: NotebookPage) -> None:
    """From now on ``window.said`` holds an entry for each announced reconnection."""
    nb.page.evaluate(
        """() => {
            window.said = [];
            Jupyter.notebook.events.on('kernel_reconnecting.Kernel', () => window.said.push(1));
        }"""
    )


def assert_survives(nb: NotebookPage, *pids: int) -> None:
    """Kill processes under the page: it says that it reconnects, does so, and the kernel has its variables."""
    note_reconnecting(nb)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    nb.page.wait_for_function("() => window.said.length > 0", timeout=RECONNECT_TIMEOUT_MS)
    nb.page.wait_for_function("() => Jupyter.notebook.kernel.is_connected()", timeout=RECONNECT_TIMEOUT_MS)
    assert nb.python("print(value)").strip() == "kept"


@pytest.mark.way("gunicorn")
def test_killing_the_web_workers_costs_nothing(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("value = 'kept'")
    nb.run_all()
    assert_survives(nb, *workers_of(open_notebook.server))
    expect(nb.page.locator("#notification_kernel")).not_to_contain_text("Connecting")


def test_killing_the_sidecar_costs_nothing(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("value = 'kept'")
    nb.run_all()
    assert_survives(nb, sidecar_of(open_notebook.server))


def test_a_killed_kernel_is_started_again_and_said(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("import os\nos.kill(os.getpid(), 9)", "'alive'")
    nb.select(0)
    nb.page.keyboard.press("Control+Enter")
    expect(nb.page.locator(".modal-dialog")).to_contain_text("Kernel Restarting", timeout=RECONNECT_TIMEOUT_MS)
    nb.page.locator(".modal-footer button").click()
    nb.wait_ready()
    nb.select(1)
    nb.page.keyboard.press("Control+Enter")
    expect(nb.output(1)).to_contain_text("alive", timeout=RECONNECT_TIMEOUT_MS)


def test_running_after_a_shutdown_keeps_the_outputs_and_offers_a_kernel(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("print('first')", "print('second')")
    nb.run_all()
    failures: list[str] = []
    nb.page.on("response", lambda answer: failures.append(answer.url) if answer.status >= 400 else None)
    nb.page.evaluate("() => { Jupyter.notebook.shutdown_kernel({confirm: false}) }")
    expect(nb.page.locator("#notification_kernel")).to_have_text("No kernel")
    nb.page.evaluate("() => Jupyter.notebook.execute_all_cells()")
    dialog = nb.page.locator(".modal-dialog", has_text="nothing was run")
    expect(dialog).to_have_count(1)
    assert (nb.text_of(0), nb.text_of(1)) == ("first\n", "second\n")
    expect(nb.page.locator(".cell.running")).to_have_count(0)
    dialog.locator(".btn-primary").click()
    nb.wait_ready()
    nb.run_all()
    expect(nb.output(1)).to_contain_text("second")
    assert failures == []


def test_a_kernel_shut_down_elsewhere_is_said_and_can_be_started_again(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("print('again')")
    open_notebook.server.end_sessions()
    dialog = nb.page.locator(".modal-dialog", has_text="Dead kernel")
    expect(dialog).to_be_visible()
    dialog.locator(".btn-danger").click()
    nb.wait_ready()
    nb.run_all()
    expect(nb.output(0)).to_contain_text("again")
