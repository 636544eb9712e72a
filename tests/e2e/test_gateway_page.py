"""A notebook page whose kernels run behind a gateway: it is worked as any other, also when the wire to it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.bridge.gateways import RemoteGateway
from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage
from tests.servers import start_server
from tests.wire import Wire

TIMEOUT_MS = 60_000


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteGateway]:
    running = RemoteGateway("kernel_gateway", tmp_path_factory.mktemp("gateway"))
    yield running
    running.stop()


@pytest.fixture
def wire(gateway: RemoteGateway) -> Iterator[Wire]:
    wire = Wire(gateway.port)
    yield wire
    wire.close()


@pytest.fixture
def nb(gateway: RemoteGateway, wire: Wire, browser: Browser, tmp_path: Path) -> Iterator[NotebookPage]:
    config = (
        f"c.GatewayClient.url = {wire.url!r}\n"
        f"c.GatewayClient.auth_token = {gateway.token!r}\n"
        "c.GatewayClient.gateway_retry_interval = 0.1\n"
        "c.GatewayClient.gateway_retry_interval_max = 0.5\n"
    )
    server = start_server("gunicorn", tmp_path / "front", config)
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    try:
        context.request.get(f"{server.base_url}tree?token={server.token}")
        yield OpenNotebook(server, context)("import os, time; kept = 'kept'\nprint('here', flush=True)", "")
        server.end_sessions()
    finally:
        context.close()
        server.stop()


def run(nb: NotebookPage, index: int, code: str) -> None:
    nb.page.evaluate("([index, code]) => Jupyter.notebook.get_cell(index).set_text(code)", [index, code])
    nb.page.evaluate("(index) => Jupyter.notebook.execute_cells([index])", index)


def choose(nb: NotebookPage, entry: str) -> None:
    nb.page.click("#kernellink")
    nb.page.click(entry)


def test_a_notebook_is_worked_in_front_of_a_gateway(nb: NotebookPage, gateway: RemoteGateway, wire: Wire) -> None:
    page = nb.page
    nb.run_all()
    assert nb.text_of(0) == "here\n"
    kernel = page.evaluate("() => Jupyter.notebook.kernel.id")
    assert kernel in gateway.kernels()

    run(nb, 1, "print('started', flush=True)\ntime.sleep(600)")
    expect(nb.output(1)).to_contain_text("started", timeout=TIMEOUT_MS)
    choose(nb, "#int_kernel")
    expect(nb.output(1)).to_contain_text("KeyboardInterrupt", timeout=TIMEOUT_MS)
    nb.wait_idle()

    wire.cut()
    run(nb, 1, "print(kept, 'behind the wire')")
    expect(nb.output(1)).to_contain_text("kept behind the wire", timeout=TIMEOUT_MS)
    nb.save()
    page.reload()
    nb.wait_ready()
    assert page.evaluate("() => Jupyter.notebook.kernel.id") == kernel
    run(nb, 1, "print(kept, 'after the reload')")
    expect(nb.output(1)).to_contain_text("kept after the reload", timeout=TIMEOUT_MS)

    choose(nb, "#restart_kernel")
    page.locator(".modal-footer .btn-danger").click()
    nb.wait_ready()
    run(nb, 1, "print('kept' in dir())")
    expect(nb.output(1)).to_contain_text("False", timeout=TIMEOUT_MS)
    assert gateway.kernels() == [kernel]
