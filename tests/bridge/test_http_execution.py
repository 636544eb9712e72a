"""Running code without any page: in the queue, its outputs by number, cells folded; real kernels."""

from __future__ import annotations

from typing import Any

from tests.bridge.kernel_site import KernelSite, text_of

TIMEOUT_S = 60


def all_outputs(site: KernelSite, kernel_id: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Every message of one execution, asked for piece by piece."""
    found: list[dict[str, Any]] = []
    since = asked["seq"]
    for _ in range(TIMEOUT_S):
        path = f"api/kernels/{kernel_id}/outputs?since={since}&epoch={asked['epoch']}&msg_id={asked['msg_id']}&wait_s=5"
        answer = site("GET", path).json
        found += answer["messages"]
        since = answer["seq"]
        if answer["is_over"]:
            return found
    raise AssertionError("it does not end")


def execute(site: KernelSite, kernel_id: str, code: str, **more: Any) -> dict[str, Any]:
    answer = site("POST", f"api/kernels/{kernel_id}/execute", {"code": code, **more})
    assert answer.status == 202, answer.text
    return dict(answer.json)


def texts(messages: list[dict[str, Any]]) -> str:
    return "".join(one["content"]["text"] for one in messages if one["msg_type"] == "stream")


def test_code_runs_without_a_page_and_its_outputs_are_found(site: KernelSite, own_id: str) -> None:
    asked = execute(site, own_id, "import time\nfor n in range(5): print(n, flush=True); time.sleep(0.1)\n6 * 7")
    messages = all_outputs(site, own_id, asked)
    assert texts(messages) == "0\n1\n2\n3\n4\n"
    assert [one["content"]["status"] for one in messages if one["msg_type"] == "execute_reply"] == ["ok"]
    assert [one["seq"] for one in messages] == sorted({one["seq"] for one in messages})
    assert site("GET", f"api/kernels/{own_id}").json["connections"] == 0


def test_what_waits_is_seen_and_can_be_taken_out(site: KernelSite, own_id: str) -> None:
    slow = execute(site, own_id, "import time; time.sleep(1)", cell_id="a")
    second = execute(site, own_id, "never = 1", cell_id="b")
    third = execute(site, own_id, "'never' in globals()", cell_id="c")
    queue = site("GET", f"api/kernels/{own_id}/queue").json
    assert queue["running"]["msg_id"] == slow["msg_id"]
    assert [one["cell_id"] for one in queue["waiting"]] == ["b", "c"]
    assert site("DELETE", f"api/kernels/{own_id}/queue/{second['msg_id']}").status == 204
    assert site("DELETE", f"api/kernels/{own_id}/queue/{slow['msg_id']}").status == 409
    messages = all_outputs(site, own_id, third)
    assert [one["content"]["data"]["text/plain"] for one in messages if one["msg_type"] == "execute_result"] == [
        "False"
    ]
    removed = all_outputs(site, own_id, second)
    assert [one["content"]["status"] for one in removed if one["msg_type"] == "execute_reply"] == ["aborted"]
    finished = {one["msg_id"]: one["status"] for one in site("GET", f"api/kernels/{own_id}/queue").json["finished"]}
    assert [finished[one["msg_id"]] for one in (slow, second, third)] == ["ok", "removed", "ok"]


def test_a_client_of_the_plain_protocol_waits_behind_it(site: KernelSite, own_id: str) -> None:
    execute(site, own_id, "import time; time.sleep(0.5); first = 1")
    with site.channels(own_id) as channels:
        assert text_of(channels.run("print(first)")) == "1\n"


def test_cells_are_folded_as_a_page_would_show_them(site: KernelSite, own_id: str) -> None:
    code = (
        "import time\nfrom IPython.display import display, clear_output\n"
        "print('gone'); clear_output(); print('a', end='\\r'); print('b')\n"
        "handle = display('old', display_id=True); handle.update('new')\n"
        "time.sleep(0.2); 1/0"
    )
    asked = execute(site, own_id, code, cell_id="cell")
    all_outputs(site, own_id, asked)
    answer = site("GET", f"api/kernels/{own_id}/cells").json
    (cell,) = answer["cells"]
    assert (cell["cell_id"], cell["status"], cell["execution_count"], cell["is_whole"]) == ("cell", "error", 1, True)
    stream, shown, error = cell["outputs"]
    assert stream == {"output_type": "stream", "name": "stdout", "text": "b\n"}
    assert shown["data"]["text/plain"] == "'new'"
    assert error["ename"] == "ZeroDivisionError"
    assert site("GET", f"api/kernels/{own_id}/cells?ended_after_ms={cell['ended_ms']}").json["cells"] == []


def test_a_running_cell_is_folded_so_far_and_goes_on_by_number(site: KernelSite, own_id: str) -> None:
    asked = execute(site, own_id, "import time\nfor n in range(6): print(n, flush=True); time.sleep(0.2)", cell_id="x")
    all_first = site("GET", f"api/kernels/{own_id}/outputs?since={asked['seq']}&wait_s=5").json
    assert all_first["messages"]
    while not (cells := site("GET", f"api/kernels/{own_id}/cells").json)["cells"][0]["outputs"]:
        pass
    (cell,) = cells["cells"]
    assert cell["ended_ms"] is None
    rest = all_outputs(site, own_id, {**asked, "seq": cells["seq"]})
    assert cell["outputs"][0]["text"] + texts(rest) == "0\n1\n2\n3\n4\n5\n"


def test_a_dead_kernels_code_is_refused(site: KernelSite) -> None:
    unknown = "api/kernels/00000000-0000-4000-8000-000000000000/execute"
    assert site("POST", unknown, {"code": "1"}).status == 404


def test_a_question_stands_until_it_is_answered(site: KernelSite, own_id: str) -> None:
    with site.channels(own_id) as channels:
        asked = channels.execute("print('got', input('who? '))", parent=b"{}")
        channels.wait_for("input_request")
    with site.channels(own_id) as other:
        assert site("GET", f"api/kernels/{own_id}/queue").json["running"]["msg_id"] == asked
        other.send("input_reply", {"value": "me"}, channel="stdin")
        assert text_of(other.answers_to(asked)) == "got me\n"
