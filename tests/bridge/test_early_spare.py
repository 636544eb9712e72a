"""The first spare is on its way before the sidecar serves, and only what a kernel would be stays."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest
from tests.bridge.conftest import MakeBridge
from tests.bridge.sidecars import sidecar_pid
from tests.waiting import eventually

ARGV = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
WARM = {"spare_kernels": ["default"]}


@pytest.fixture(autouse=True)
def specification(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed ``python3``, which alone can be guessed."""
    file = home / "specifications" / "kernels" / "python3" / "kernel.json"
    monkeypatch.setenv("JUPYTER_PATH", str(home / "specifications"))
    install(file, {})
    return file


def install(file: Path, more: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"argv": ARGV, "display_name": "Python", "language": "python", **more}))


def log_of(bridge: BridgeClient) -> str:
    return (bridge.instance_dir / "sidecar.log").read_text()


def spares_of(bridge: BridgeClient) -> list[psutil.Process]:
    return psutil.Process(sidecar_pid(bridge)).children()


def test_the_first_kernel_is_made_of_a_process_that_is_older_than_the_sidecars_first_word(
    make_bridge: MakeBridge,
) -> None:
    bridge = make_bridge("early-spare", KernelSidecar=WARM)
    bridge.status()
    (spare,) = spares_of(bridge)
    assert (bridge.instance_dir / "sidecar.json").stat().st_mtime > spare.create_time()
    kernel = bridge.start_kernel(KernelRequest())
    assert kernel.id in spare.cmdline()[-1]
    assert f"pid={spare.pid}" in log_of(bridge)
    assert (bridge.instance_dir / "kernels" / f"{kernel.id}.log").exists()


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("other-launch", {"ServerKernelManager": {"use_ipykernel_launcher": False}}),
        ("no-room", {"ResourceLimits": {"max_kernels": 1}, "KernelSidecar": {**WARM, "spare_memory_bytes": 0}}),
    ],
)
def test_what_no_kernel_would_be_is_gone_before_anybody_is_served(
    make_bridge: MakeBridge, name: str, config: dict[str, Any]
) -> None:
    bridge = make_bridge(f"early-{name}", **{"KernelSidecar": WARM, **config})
    bridge.status()
    assert not [
        one for one in spares_of(bridge) if one.create_time() < (bridge.instance_dir / "sidecar.json").stat().st_mtime
    ]
    assert bridge.start_kernel(KernelRequest()).execution_state in ("starting", "idle")


def test_a_specification_with_an_environment_is_left_to_those_who_can_read_it(
    make_bridge: MakeBridge, specification: Path
) -> None:
    install(specification, {"env": {"OF": "${HOME}"}})
    bridge = make_bridge("early-env", KernelSidecar=WARM)
    bridge.status()
    assert "early spare" not in log_of(bridge)
    assert eventually(lambda: "spare ready" in log_of(bridge), within_s=60)


def test_one_that_does_not_run_at_all_is_replaced_by_a_plain_start(
    make_bridge: MakeBridge, specification: Path
) -> None:
    specification.write_text("{")
    bridge = make_bridge("early-broken-spec", KernelSidecar=WARM)
    assert bridge.status().kernels == 0
    install(specification, {})
    assert bridge.start_kernel(KernelRequest()).name == "python3"
