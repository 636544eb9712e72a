"""Rows 5.2 of the REST inventory: what websockets tell of a kernel's restarts, death, end and activity."""

from __future__ import annotations

import os
import signal

import pytest

from tests.bridge.kernel_site import (
    KernelSite,
    blocking_client,
    every_protocol,
    text_of,
)


@pytest.mark.row("5.2 crash")
@every_protocol
def test_a_kernel_that_is_killed_says_so_and_works_again(site: KernelSite, own_id: str, protocol: str) -> None:
    with site.channels(own_id, protocol=protocol) as channels:
        pid = int(text_of(channels.run("import os; print(os.getpid())")))
        os.kill(pid, signal.SIGKILL)
        told = channels.wait_for("status", "restarting")
        assert (told.parent, told.channel) == ({}, "iopub")
        assert channels.wait_for("status", "starting").parent in ({}, None)
        assert text_of(channels.run("print('again')")) == "again\n"


@pytest.mark.row("5.2 crash")
def test_requests_sent_while_a_kernel_comes_back_lose_no_output(site: KernelSite, own_id: str) -> None:
    with site.channels(own_id) as channels:
        for _ in range(3):
            os.kill(int(text_of(channels.run("import os; print(os.getpid())"))), signal.SIGKILL)
            channels.wait_for("status", "restarting")
            assert text_of(channels.run("print('at once')")) == "at once\n"


@pytest.mark.row("5.2 crash")
def test_a_kernel_that_keeps_dying_is_dead_with_a_reason(site: KernelSite, own_id: str) -> None:
    with site.channels(own_id) as channels:
        channels.run("1")
        pid = int(text_of(channels.run("import os; print(os.getpid())")))
        connection = site.server.runtime_dir / f"kernel-{own_id}.json"
        saved = connection.read_text()
        connection.write_text("{")  # no kernel can start from it
        os.kill(pid, signal.SIGKILL)
        dead = channels.wait_for("status", "dead")
        assert dead.parent == {}
        connection.write_text(saved)
        answers = channels.run("print('nobody runs this')")
        told = {one.kind: one.content for one in answers}
        assert (told["execute_reply"]["status"], told["error"]["ename"]) == ("error", "DeadKernelError")
        assert "Restart it" in told["error"]["evalue"]
        assert channels.wait_for("status").state == "dead"  # whoever goes by the newest state is not misled
    model = site("GET", f"api/kernels/{own_id}").json
    assert model["execution_state"] == "dead"
    assert model["reason"]


@pytest.mark.row("5.2 restart")
@every_protocol
def test_a_restart_over_rest_keeps_the_websocket_and_tells_the_states(
    site: KernelSite, own_id: str, protocol: str
) -> None:
    with site.channels(own_id, protocol=protocol) as channels:
        channels.run("x = 1")
        assert site("POST", f"api/kernels/{own_id}/restart").status == 200
        assert channels.wait_for("shutdown_reply").content["restart"] is True
        channels.wait_for("status", "starting")
        assert text_of(channels.run("print('x' in globals())")) == "False\n"


@pytest.mark.row("5.2 delete")
@every_protocol
def test_a_deleted_kernel_tells_its_pages_and_lets_them_go(site: KernelSite, protocol: str) -> None:
    made = site.kernel()
    channels = site.open(made, protocol=protocol)
    assert site("DELETE", f"api/kernels/{made}").status == 204
    dead = channels.wait_for("status", "dead")
    assert dead.content["reason"] == "The kernel was shut down."
    assert channels.close_code() == 1000


@pytest.mark.row("5.2 activity")
def test_questions_do_not_count_as_activity_and_work_of_others_does(site: KernelSite, own_id: str) -> None:
    where = f"api/kernels/{own_id}"
    with site.channels(own_id) as channels:
        channels.run("1")
        before = site("GET", where).json["last_activity"]
        for kind in ("kernel_info_request", "comm_info_request"):
            channels.answers_to(channels.send(kind, {}))
        assert site("GET", where).json["last_activity"] == before
        assert site("GET", where).json["execution_state"] == "idle"
    client = blocking_client(site.server.runtime_dir / f"kernel-{own_id}.json")
    client.execute_interactive("pass", timeout=20)
    client.stop_channels()
    assert site("GET", where).json["last_activity"] > before
