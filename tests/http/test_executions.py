"""The queue, running code without a page, outputs by number: statuses, and what becomes of wrong input."""

from __future__ import annotations

from typing import Any

import pytest

from flasknb.auth.authorizer import Authorizer
from flasknb.auth.user import User
from flasknb.kernel_bridge.executions import KnownDocument
from tests.conftest import MakeSite, Site

UNKNOWN = "api/kernels/00000000-0000-4000-8000-000000000000"


@pytest.fixture
def path(site: Site) -> str:
    return f"api/kernels/{site.api.post('api/kernels').json['id']}"


def test_code_is_put_into_the_queue_and_taken_out_again(site: Site, path: str) -> None:
    first = site.api.post(f"{path}/execute", json={"code": "1", "cell_id": "a", "store_history": False})
    assert first.status_code == 202
    assert (
        first.headers["Location"] == f"{site.base_url}{path}/outputs?since=0&epoch=fake&msg_id={first.json['msg_id']}"
    )
    second = site.api.post(f"{path}/execute", json={"code": "2", "silent": True}).json
    queue = site.api.get(f"{path}/queue").json
    assert (queue["running"]["cell_id"], [one["msg_id"] for one in queue["waiting"]]) == ("a", [second["msg_id"]])
    assert site.api.delete(f"{path}/queue/{first.json['msg_id']}").status_code == 409
    assert site.api.delete(f"{path}/queue/{second['msg_id']}").status_code == 204
    assert site.api.delete(f"{path}/queue/{second['msg_id']}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": ""},
        {"code": " \n"},
        {"code": None},
        {"code": 5},
        {"code": ["1"]},
        {"code": "1" * 10_000_001},
        {"code": "1", "silent": "yes"},
        {"code": "1", "stop_on_error": 1},
        {"code": "1", "cell_id": 7},
        {"code": "1", "cell_id": ""},
        {"code": "1", "cell_id": "x" * 201},
        {"code": "1", "session_id": {}},
    ],
    ids=lambda body: str(body)[:40],
)
def test_what_cannot_be_run_is_refused(site: Site, path: str, body: dict[str, Any]) -> None:
    answer = site.api.post(f"{path}/execute", json=body)
    assert answer.status_code == 400
    assert site.api.get(f"{path}/queue").json["running"] is None


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(site: Site, path: str, raw: bytes) -> None:
    assert site.api.post(f"{path}/execute", data=raw).status_code == 400


@pytest.mark.parametrize(
    "query", ["since=-1", "since=x", "since=1e3", "wait_s=x", "wait_s=-1", "wait_s=nan", "limit=x"]
)
def test_numbers_that_are_none_are_refused(site: Site, path: str, query: str) -> None:
    assert site.api.get(f"{path}/outputs?{query}").status_code == 400


def test_outputs_and_cells_have_a_position(site: Site, path: str) -> None:
    assert site.api.get(f"{path}/outputs?since=5&wait_s=0.1&limit=0").json["seq"] == 5
    assert site.api.get(f"{path}/cells?session_id=s&ended_after_ms=5").json["cells"] == []


def test_the_bytes_a_page_knows_are_kept(site: Site, path: str) -> None:
    assert site.api.put(f"{path}/document", json={"session_id": "s", "hash": "h"}).status_code == 204
    assert site.bridge.executions.documents == {"s": KnownDocument("h")}
    assert site.api.put(f"{path}/document", json={"session_id": "s", "hash": "h", "seq": -1}).status_code == 400
    assert site.api.put(f"{path}/document", json={"session_id": "s"}).status_code == 400


@pytest.mark.parametrize(
    ("method", "rest"),
    [("GET", "queue"), ("DELETE", "queue/m"), ("POST", "execute"), ("GET", "outputs"), ("GET", "cells")],
)
def test_a_kernel_that_is_not_there_is_404(site: Site, method: str, rest: str) -> None:
    body = {"json": {"code": "1"}} if method == "POST" else {}
    assert getattr(site.api, method.lower())(f"{UNKNOWN}/{rest}", **body).status_code == 404


class OnlyReads(Authorizer):
    """Everybody may look, nobody may do."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        return action == "read"


def test_running_and_taking_out_need_permission_to_execute(make_site: MakeSite) -> None:
    site = make_site(authorizer_class=OnlyReads)
    assert site.api.get(f"{UNKNOWN}/queue").status_code == 404
    for method, rest in (("POST", "execute"), ("DELETE", "queue/m"), ("GET", "outputs"), ("GET", "cells")):
        assert getattr(site.api, method.lower())(f"{UNKNOWN}/{rest}", json={"code": "1"}).status_code == 403
