"""Documents and their kernels, over a real sidecar."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from flasknb.errors import BadRequest, KernelGone, SessionFailed, SessionMissing
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelModel, KernelRequest, SessionChange, SessionModel, SessionRequest
from tests.bridge.conftest import JoinKernel

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


def open_session(bridge: BridgeClient, path: str, kernel_id: str | None = None) -> SessionModel:
    return bridge.create_session(SessionRequest(path=path, type="notebook", name=path, kernel_id=kernel_id))


def test_a_session_tells_its_kernel_which_document_it_is(bridge: BridgeClient, home: Path, join: JoinKernel) -> None:
    (home / "root" / "sub").mkdir(exist_ok=True)
    session = open_session(bridge, "sub/told.ipynb")
    said = join(bridge, session.kernel.id).run("import os; print(os.getcwd(), os.environ['JPY_SESSION_NAME'])").text
    assert said == f"{home}/root/sub {home}/root/sub/told.ipynb\n"
    bridge.delete_session(session.id)


def test_the_same_path_is_the_same_session_even_at_the_same_moment(bridge: BridgeClient) -> None:
    found: list[SessionModel] = []
    threads = [threading.Thread(target=lambda: found.append(open_session(bridge, "same.ipynb"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({session.id for session in found}) == len({session.kernel.id for session in found}) == 1
    bridge.delete_session(found[0].id)


def test_a_session_can_take_a_running_kernel(bridge: BridgeClient, kernel: KernelModel) -> None:
    session = open_session(bridge, "shared.ipynb", kernel.id)
    assert session.kernel.id == kernel.id
    moved = bridge.update_session(session.id, SessionChange(path="renamed.ipynb", name="renamed.ipynb"))
    assert (moved.path, moved.kernel.id) == ("renamed.ipynb", kernel.id)
    assert [one.path for one in bridge.list_sessions()] == ["renamed.ipynb"]
    other = open_session(bridge, "holds.ipynb", kernel.id)
    bridge.delete_session(session.id)
    assert bridge.get_kernel(kernel.id).id == other.kernel.id  # somebody still uses it


def test_another_kernel_replaces_the_old_one(bridge: BridgeClient) -> None:
    session = open_session(bridge, "change.ipynb")
    changed = bridge.update_session(session.id, SessionChange(kernel=KernelRequest(name="python3")))
    ids = [kernel.id for kernel in bridge.list_kernels()]
    assert changed.kernel.id in ids
    assert session.kernel.id not in ids
    bridge.delete_session(session.id)
    assert changed.kernel.id not in [kernel.id for kernel in bridge.list_kernels()]


def test_a_session_without_its_kernel_is_out_of_the_list(bridge: BridgeClient) -> None:
    session = open_session(bridge, "lost.ipynb")
    bridge.shutdown_kernel(session.kernel.id)
    assert session.id not in [one.id for one in bridge.list_sessions()]
    with pytest.raises(KernelGone, match="Kernel deleted before session"):
        bridge.delete_session(session.id)
    with pytest.raises(SessionMissing):
        bridge.delete_session(session.id)


def test_unknown_kernels_and_sessions_are_refused(bridge: BridgeClient) -> None:
    with pytest.raises(SessionFailed) as failed:
        bridge.create_session(SessionRequest("a.ipynb", "notebook", kernel=KernelRequest(name="nope")))
    assert failed.value.fields == {"short_message": "nope not found"}
    with pytest.raises(SessionMissing, match=f"session_id='{UNKNOWN_ID}'"):
        bridge.get_session(UNKNOWN_ID)
    session = open_session(bridge, "patched.ipynb")
    with pytest.raises(BadRequest, match=f"No such kernel: {UNKNOWN_ID}"):
        bridge.update_session(session.id, SessionChange(kernel_id=UNKNOWN_ID))
    bridge.delete_session(session.id)


def test_a_path_that_climbs_out_of_the_root_starts_in_the_root(
    bridge: BridgeClient, home: Path, join: JoinKernel
) -> None:
    session = open_session(bridge, "../../outside/x.ipynb")
    assert join(bridge, session.kernel.id).run("import os; print(os.getcwd())").text == f"{home}/root\n"
    bridge.delete_session(session.id)
