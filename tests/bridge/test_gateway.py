"""Kernels on a remote gateway: a real jupyter_server and a real Kernel Gateway, through the sidecar."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flasknb.errors import GatewayRefused, GatewayUnavailable, KernelMissing, KernelSpecMissing, SessionFailed
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest, SessionRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.gateways import RemoteGateway
from tests.bridge.page import state
from tests.bridge.sidecars import sidecar_pid
from tests.waiting import eventually
from tests.wire import Wire

QUICKLY = {"gateway_retry_interval": 0.1, "gateway_retry_interval_max": 0.5, "gateway_retry_max": 100}


@pytest.fixture(scope="module", params=["kernel_gateway", pytest.param("jupyter_server", marks=pytest.mark.slow)])
def gateway(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteGateway]:
    running = RemoteGateway(request.param, tmp_path_factory.mktemp(request.param))
    yield running
    running.stop()


def options(gateway: RemoteGateway, **more: Any) -> dict[str, Any]:
    return {"url": gateway.url, "auth_token": gateway.token, **QUICKLY, **more}


@pytest.fixture(scope="module")
def away(make_bridge: MakeBridge, gateway: RemoteGateway) -> BridgeClient:
    return make_bridge(f"away-{gateway.kind}", GatewayClient=options(gateway, allowed_envs="COLOUR, OTHER"))


def test_specifications_and_their_files_are_the_gateways(away: BridgeClient) -> None:
    assert away.kernel_specs().default == "python3"
    spec = away.kernel_spec("python3")
    assert spec.spec["language"] == "python"
    assert "logo-64x64.png" in spec.resources
    assert (Path(spec.resource_dir) / "logo-64x64.png").read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(KernelSpecMissing):
        away.kernel_spec("none")
    with pytest.raises(SessionFailed):
        away.create_session(SessionRequest("b.ipynb", "notebook", kernel=KernelRequest(name="none")))


def test_a_session_runs_interrupts_restarts_and_ends_over_there(
    away: BridgeClient, gateway: RemoteGateway, join: JoinKernel
) -> None:
    session = away.create_session(SessionRequest("sub/a.ipynb", "notebook"))
    kernel_id = session.kernel.id
    assert kernel_id in gateway.kernels()
    page = join(away, kernel_id)
    assert page.run("x = 6 * 7; print(x)").text == "42\n"
    assert page.run("print(input())", answer="typed").text == "typed\n"
    page.run_for_long()
    away.interrupt_kernel(kernel_id)
    page.wait_for(lambda message: message.msg_type == "error" and message.content["ename"] == "KeyboardInterrupt")
    assert away.restart_kernel(kernel_id).execution_state == "idle"
    assert page.run("print('x' in dir())").text == "False\n"
    away.delete_session(session.id)
    assert kernel_id not in gateway.kernels()
    with pytest.raises(KernelMissing):
        away.get_kernel(kernel_id)


def test_variables_for_kernels_are_passed_and_no_others(
    away: BridgeClient, gateway: RemoteGateway, join: JoinKernel
) -> None:
    """A plain Jupyter server starts kernels without: it has no word for them in a request."""
    env = {"KERNEL_TEAM": "red", "COLOUR": "blue", "SECRET": "no"}
    kernel = away.start_kernel(KernelRequest(env=env, owner="ann"))
    page = join(away, kernel.id)
    found = page.run("import os; print([os.environ.get(n) for n in ('KERNEL_TEAM', 'KERNEL_USERNAME', 'SECRET')])").text
    passed = "'red', 'ann', None" if gateway.kind == "kernel_gateway" else "None, None, None"
    assert found == f"[{passed}]\n"
    away.shutdown_kernel(kernel.id)


def test_large_outputs_and_floods_come_whole(away: BridgeClient, join: JoinKernel) -> None:
    kernel = away.start_kernel(KernelRequest())
    page = join(away, kernel.id)
    outcome = page.run("for n in range(500): print(n, flush=True)\nprint('y' * 300_000)")
    lines = outcome.text.splitlines()
    assert lines[:500] == [str(n) for n in range(500)]
    assert len(lines[500]) == 300_000
    away.shutdown_kernel(kernel.id)


def test_a_kernel_that_dies_there_is_told_and_lives_again(away: BridgeClient, join: JoinKernel) -> None:
    kernel = away.start_kernel(KernelRequest())
    page = join(away, kernel.id)
    page.execute("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    page.wait_for(lambda message: message.content.get("execution_state") in ("restarting", "autorestarting"))
    assert eventually(lambda: away.get_kernel(kernel.id).execution_state == "idle", within_s=30)
    assert page.run("print('again')").text == "again\n"
    away.shutdown_kernel(kernel.id)


def test_the_next_sidecar_goes_on_with_kernels_over_there(
    away: BridgeClient, gateway: RemoteGateway, join: JoinKernel
) -> None:
    session = away.create_session(SessionRequest("kept.ipynb", "notebook"))
    page = join(away, session.kernel.id)
    page.run("kept = 'kept'")
    os.kill(sidecar_pid(away), signal.SIGKILL)
    assert eventually(lambda: [one.id for one in away.list_sessions()] == [session.id], within_s=30)
    assert join(away, session.kernel.id, "another").run("print(kept)").text == "kept\n"
    away.delete_session(session.id)


def test_the_legacy_protocol_does_too(make_bridge: MakeBridge, gateway: RemoteGateway, join: JoinKernel) -> None:
    legacy = make_bridge(
        f"legacy-{gateway.kind}",
        GatewayClient=options(gateway),
        GatewayWebSocketConnection={"kernel_ws_protocol": ""},
    )
    kernel = legacy.start_kernel(KernelRequest())
    assert join(legacy, kernel.id).run("print('old')").text == "old\n"
    legacy.shutdown_kernel(kernel.id)


def test_output_survives_a_cut_between_sidecar_and_gateway(
    make_bridge: MakeBridge, gateway: RemoteGateway, join: JoinKernel
) -> None:
    wire = Wire(gateway.port)
    cut = make_bridge(f"cut-{gateway.kind}", GatewayClient=options(gateway, url=wire.url))
    kernel = cut.start_kernel(KernelRequest())
    page = join(cut, kernel.id)
    msg_id = page.execute("import time\nfor n in range(30): print(n, flush=True); time.sleep(0.1)")
    page.wait_for(lambda message: message.content.get("text", "").startswith("3"))
    wire.refuse()
    assert eventually(lambda: "No connection to the gateway" in str(cut.get_kernel(kernel.id).reason))
    with pytest.raises(GatewayUnavailable, match="cannot be reached"):
        cut.interrupt_kernel(kernel.id)
    wire.mend()
    text = ""
    for message in page.received(30):
        if message.parent_id == msg_id and message.msg_type == "stream" and message.content["name"] == "stdout":
            text += message.content["text"]
        if message.parent_id == msg_id and message.msg_type == "execute_reply":
            break
    assert text.split()[-1] == "29"
    assert cut.get_kernel(kernel.id).reason is None
    assert page.run("print('after')").text == "after\n"
    cut.shutdown_kernel(kernel.id)
    wire.close()


def test_a_gateway_that_was_killed_and_is_back_has_lost_its_kernels(
    make_bridge: MakeBridge, tmp_path_factory: pytest.TempPathFactory, join: JoinKernel
) -> None:
    gateway = RemoteGateway("kernel_gateway", tmp_path_factory.mktemp("killed"))
    try:
        bridge = make_bridge("killed", GatewayClient=options(gateway))
        kernel = bridge.start_kernel(KernelRequest())
        page = join(bridge, kernel.id)
        page.run("x = 1")
        gateway.kill()
        with pytest.raises(GatewayUnavailable, match="cannot be reached"):
            bridge.start_kernel(KernelRequest())
        with pytest.raises(GatewayUnavailable):
            bridge.kernel_specs()
        gateway.start()
        page.wait_for(state("dead"), within_s=30)
        assert "started anew" in str(bridge.get_kernel(kernel.id).reason)
        assert bridge.restart_kernel(kernel.id).id == kernel.id
        assert page.run("print('x' in dir())").text == "False\n"
        bridge.shutdown_kernel(kernel.id)
        assert gateway.kernels() == []
    finally:
        gateway.stop()


def test_a_wrong_token_is_the_administrators_matter(make_bridge: MakeBridge, gateway: RemoteGateway) -> None:
    bridge = make_bridge(f"wrong-{gateway.kind}", GatewayClient=options(gateway, auth_token="wrong"))
    with pytest.raises(GatewayRefused, match="does not let this server in"):
        bridge.kernel_specs()
