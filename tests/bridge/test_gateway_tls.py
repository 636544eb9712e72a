"""A gateway behind TLS, with a certificate of its own making, that asks for one of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flasknb.errors import GatewayUnavailable
from flasknb.kernel_bridge.models import KernelRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.gateways import Papers, RemoteGateway


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def gateway(papers: Papers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteGateway]:
    running = RemoteGateway("kernel_gateway", tmp_path_factory.mktemp("gateway"), papers)
    yield running
    running.stop()


def test_with_its_certificate_and_ours_kernels_run_there(
    make_bridge: MakeBridge, gateway: RemoteGateway, papers: Papers, join: JoinKernel
) -> None:
    known = {"url": gateway.url, "auth_token": gateway.token, **papers.client_options()}
    bridge = make_bridge("safe", GatewayClient=known)
    kernel = bridge.start_kernel(KernelRequest())
    assert [one["id"] for one in json.loads(gateway.ask("GET", "/api/kernels"))] == [kernel.id]
    assert join(bridge, kernel.id).run("print('over TLS')").text == "over TLS\n"
    assert bridge.restart_kernel(kernel.id).execution_state == "idle"
    bridge.shutdown_kernel(kernel.id)


@pytest.mark.parametrize("missing", ["ca_certs", "client_cert"])
def test_without_one_of_them_nobody_talks(
    make_bridge: MakeBridge, gateway: RemoteGateway, papers: Papers, missing: str, tmp_path: Path
) -> None:
    known = {"url": gateway.url, "auth_token": gateway.token, **papers.client_options()}
    del known[missing]
    bridge = make_bridge(f"unsafe-{missing}", GatewayClient=known)
    with pytest.raises(GatewayUnavailable, match="cannot be reached") as refused:
        bridge.start_kernel(KernelRequest())
    assert "certificate" in refused.value.message.lower() or missing == "client_cert"
    assert gateway.kernels() == []
