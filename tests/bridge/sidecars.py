"""Which process a bridge's sidecar is, for tests that watch it or end it."""

from __future__ import annotations

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.instance import Discovery, read_discovery


def discovery_of(bridge: BridgeClient) -> Discovery:
    """What the running sidecar of ``bridge`` says about itself."""
    found = read_discovery(bridge.instance_dir)
    assert found is not None, "no sidecar has started"
    return found


def sidecar_pid(bridge: BridgeClient) -> int:
    """Its process."""
    return discovery_of(bridge).pid
