"""Rows 4.4 of the REST inventory against gunicorn with two workers and real kernels."""

from __future__ import annotations

import json
import re
import uuid

import pytest

from tests.bridge.kernel_site import UNKNOWN_ID, Channels, KernelSite

MODEL = {"id", "name", "last_activity", "execution_state", "connections"}
WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
TIMES = 12  # asked so often, both workers have answered
DEEP = b'{"name":' * 50_000 + b"1" + b"}" * 50_000


def printed(channels: Channels, code: str) -> str:
    return "".join(one.content["text"] for one in channels.run(code) if one.kind == "stream")


@pytest.mark.row("4.4 list")
def test_kernels_are_listed_by_every_worker(site: KernelSite, kernel_id: str) -> None:
    for _ in range(TIMES):
        answer = site("GET", "api/kernels")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/json"
        model = next(one for one in answer.json if one["id"] == kernel_id)
        assert set(model) == MODEL
        assert WHEN.fullmatch(model["last_activity"])


@pytest.mark.row("4.4 start")
def test_a_kernel_starts_with_and_without_wishes(site: KernelSite) -> None:
    wanted = str(uuid.uuid4())
    for body, raw in (({"name": "python3", "kernel_id": wanted}, None), ({}, None), (None, b"")):
        answer = site("POST", "api/kernels", body, raw=raw)
        assert answer.status == 201
        assert set(answer.json) == MODEL
        assert answer.json["name"] == "python3"
        assert body is None or body.get("kernel_id", answer.json["id"]) == answer.json["id"]
        where = site.path_of(answer.headers["Location"])
        assert site("GET", where).json["id"] == answer.json["id"]
        assert site("DELETE", where).status == 204


@pytest.mark.row("4.4 start")
def test_a_taken_id_is_a_409_and_leaves_the_kernel_alone(site: KernelSite, kernel_id: str) -> None:
    answer = site("POST", "api/kernels", {"kernel_id": kernel_id.upper()})
    assert (answer.status, answer.json["message"]) == (409, f"Kernel already exists: {kernel_id}")
    with site.channels(kernel_id) as channels:
        assert printed(channels, "print(1)") == "1\n"


@pytest.mark.row("4.4 start")
def test_an_unknown_name_is_a_500_that_says_so(site: KernelSite) -> None:
    answer = site("POST", "api/kernels", {"name": "no-such"})
    assert answer.status == 500
    assert "no-such" in answer.json["message"]
    assert answer.json["short_message"] == "no-such not found"


@pytest.mark.row("4.4 start")
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"python3"',
        b'{"name": 1}',
        b'{"name": ["python3"]}',
        b'{"kernel_id": "x"}',
        b'{"kernel_id": "' + b"0" * 100_000 + b'"}',
        b'{"path": 1}',
        b'{"env": []}',
        b'{"env": {"A": 1}}',
        b'{"env": {"A=B": "c"}}',
        b'{"env": {"A": "\\u0000"}}',
        b'{"name": "\\ud800"}',
        b'{"env": {"A": "\\ud800"}}',
        DEEP,
    ],
    ids=lambda body: body[:30].decode(),
)
def test_a_body_that_makes_no_sense_is_a_400(site: KernelSite, body: bytes) -> None:
    before = len(site("GET", "api/kernels").json)
    answer = site("POST", "api/kernels", raw=body)
    assert answer.status == 400, answer.text
    assert set(answer.json) >= {"message", "reason"}
    assert len(site("GET", "api/kernels").json) == before


@pytest.mark.parametrize("name", ["../x", "python3/../python3", "a\0b", "x" * 5000, "<img src=x>", "\r\nX-Evil: 1"])
def test_odd_names_are_unknown_kernels(site: KernelSite, name: str) -> None:
    answer = site("POST", "api/kernels", {"name": name})
    assert answer.status in (400, 500)
    assert len(answer.text) < 2000
    assert "X-Evil" not in answer.headers


@pytest.mark.row("4.4 get")
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_unknown_kernels_are_404_with_their_id(site: KernelSite, method: str, kernel_id: str) -> None:
    assert set(site("GET", f"api/kernels/{kernel_id}").json) == MODEL
    answer = site(method, f"api/kernels/{UNKNOWN_ID}")
    assert (answer.status, answer.json) == (404, {"message": f"Kernel does not exist: {UNKNOWN_ID}", "reason": None})
    assert site(method, "api/kernels/no-uuid").status == 404


@pytest.mark.row("4.4 delete")
def test_a_deleted_kernel_is_gone_everywhere(site: KernelSite) -> None:
    made = site.kernel()
    connection_file = site.server.runtime_dir / f"kernel-{made}.json"
    assert connection_file.stat().st_mode & 0o777 == 0o600
    assert json.loads(connection_file.read_text())["kernel_name"] == "python3"
    answer = site("DELETE", f"api/kernels/{made}")
    assert (answer.status, answer.text) == (204, "")
    assert not connection_file.exists()
    assert {site("GET", f"api/kernels/{made}").status for _ in range(TIMES)} == {404}


@pytest.mark.row("4.4 interrupt")
def test_an_interrupt_stops_the_cell_and_keeps_variables(site: KernelSite, kernel_id: str) -> None:
    with site.channels(kernel_id) as channels:
        channels.run("kept = 5")
        msg_id = channels.execute("import time\nprint('runs', flush=True)\ntime.sleep(60)")
        channels.wait_for("stream")
        assert site.eventually(f"api/kernels/{kernel_id}", "execution_state", "busy")
        answer = site("POST", f"api/kernels/{kernel_id}/interrupt")
        assert (answer.status, answer.text) == (204, "")
        found = channels.answers_to(msg_id)
        assert next(one for one in found if one.kind == "error").content["ename"] == "KeyboardInterrupt"
        assert printed(channels, "print(kept)") == "5\n"
    assert site("POST", f"api/kernels/{UNKNOWN_ID}/interrupt").status == 404


@pytest.mark.row("4.4 restart")
def test_a_restart_answers_with_the_model_of_a_fresh_kernel(site: KernelSite) -> None:
    made = site.kernel()
    with site.channels(made) as channels:
        channels.run("gone = 1")
        answer = site("POST", f"api/kernels/{made}/restart")
        assert (answer.status, set(answer.json), answer.json["id"]) == (200, MODEL, made)
        assert answer.json["connections"] == 1
        assert printed(channels, "print('gone' in globals())") == "False\n"
    assert site("POST", f"api/kernels/{UNKNOWN_ID}/restart").status == 404
    site("DELETE", f"api/kernels/{made}")


@pytest.mark.row("4.4 channels")
def test_channels_without_a_websocket_are_a_400_in_plain_words(site: KernelSite, kernel_id: str) -> None:
    answer = site("GET", f"api/kernels/{kernel_id}/channels")
    assert (answer.status, answer.text) == (400, 'Can "Upgrade" only to "WebSocket".')


@pytest.mark.row("4.4 cwd")
@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("sub/a.ipynb", "sub"),
        ("sub", "sub"),
        ("sub/missing/deeper/a.ipynb", "sub"),
        ("", ""),
        ("/sub", "sub"),
        ("sub/%2e%2e/x", "sub"),
    ],
)
def test_a_kernel_starts_in_the_folder_of_its_document(site: KernelSite, path: str, folder: str) -> None:
    (site.server.root_dir / "sub").mkdir(exist_ok=True)
    (site.server.root_dir / "sub" / "a.ipynb").touch()
    made = site.kernel(path=path)
    with site.channels(made) as channels:
        expected = (site.server.root_dir / folder).resolve()
        assert printed(channels, "import os; print(os.getcwd(), end='')") == str(expected)
    site("DELETE", f"api/kernels/{made}")


def test_a_kernel_never_starts_outside_the_root(site: KernelSite) -> None:
    assert site("POST", "api/kernels", {"path": "../../etc/passwd"}).status == 404


@pytest.mark.row("5.2 connections")
def test_connections_are_counted_across_workers(site: KernelSite, kernel_id: str) -> None:
    opened = [site.open(kernel_id) for _ in range(6)]
    for _ in range(TIMES):
        assert site("GET", f"api/kernels/{kernel_id}").json["connections"] == 6
    for one in opened:
        one.socket.close()
    assert site.eventually(f"api/kernels/{kernel_id}", "connections", 0)


def test_one_method_too_many_is_a_405(site: KernelSite, kernel_id: str) -> None:
    for method, path in (("PUT", ""), ("PATCH", ""), ("POST", ""), ("GET", "/restart"), ("DELETE", "/interrupt")):
        assert site(method, f"api/kernels/{kernel_id}{path}").status == 405
