"""Long texts of a real kernel that packs with ``json``, as kernels do where orjson is not installed."""

from __future__ import annotations

from collections.abc import Callable

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest
from tests.bridge.conftest import JoinKernel

ODD = "".join(map(chr, range(0x250))) + "\u2028中文🙂\n"


def test_long_texts_arrive_as_they_were(
    bridge: BridgeClient, install_spec: Callable[..., None], join: JoinKernel
) -> None:
    install_spec("json", "-m", "ipykernel_launcher", "-f", "{connection_file}", "--Session.packer=json")
    kernel = bridge.start_kernel(KernelRequest(name="json"))
    page = join(bridge, kernel.id)
    odd = f"{ODD!r} + 'x' * 200_000 + {ODD!r}"
    outcome = page.run(f"print(get_ipython().kernel.session.pack.__module__); print({odd})")
    assert outcome.text.split("\n", 1) == ["flasknb_launch_packing", ODD + "x" * 200_000 + ODD + "\n"]
    (shown,) = page.run(f"display({{'text/plain': {odd}}}, raw=True)").of("display_data")
    assert shown["data"] == {"text/plain": ODD + "x" * 200_000 + ODD}
    bridge.shutdown_kernel(kernel.id)
