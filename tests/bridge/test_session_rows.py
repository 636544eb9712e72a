"""Rows 4.5 of the REST inventory against gunicorn with two workers and real kernels."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from tests.bridge.kernel_site import UNKNOWN_ID, KernelSite

MODEL = {"id", "path", "name", "type", "kernel"}


KERNEL_MODEL = {"id", "name", "last_activity", "execution_state", "connections"}


TIMES = 8


def session(site: KernelSite, path: str, **body: Any) -> Any:
    answer = site("POST", "api/sessions", {"path": path, "type": "notebook", **body})
    assert answer.status == 201, answer.text
    return answer.json


@pytest.mark.row("4.5 list")
def test_sessions_are_listed_by_every_worker_without_those_whose_kernel_vanished(site: KernelSite) -> None:
    kept, lost = session(site, "kept.ipynb"), session(site, "lost.ipynb")
    site("DELETE", f"api/kernels/{lost['kernel']['id']}")
    for _ in range(TIMES):
        found = {one["id"]: one for one in site("GET", "api/sessions").json}
        assert lost["id"] not in found
        assert set(found[kept["id"]]) == MODEL | {"notebook"}
        assert set(found[kept["id"]]["kernel"]) == KERNEL_MODEL
    site("DELETE", f"api/sessions/{kept['id']}")


@pytest.mark.row("4.5 create")
def test_a_session_starts_its_kernel_once_per_path(site: KernelSite) -> None:
    first = site("POST", "api/sessions", {"path": "sub/a.ipynb", "type": "notebook", "kernel": {"name": "python3"}})
    assert first.status == 201
    assert site.path_of(first.headers["Location"]) == f"api/sessions/{first.json['id']}"
    assert first.json["notebook"] == {"path": "sub/a.ipynb", "name": ""}
    again = site("POST", "api/sessions", {"path": "sub/a.ipynb", "type": "console", "kernel": {"name": "other"}})
    assert (again.status, again.json["id"], again.json["type"]) == (201, first.json["id"], "notebook")
    site("DELETE", f"api/sessions/{first.json['id']}")


@pytest.mark.row("4.5 create")
def test_two_workers_that_are_asked_at_once_make_one_session(site: KernelSite) -> None:
    made: list[str] = []
    askers = [threading.Thread(target=lambda: made.append(session(site, "both.ipynb")["id"])) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(made) == 6
    assert len(set(made)) == 1
    site("DELETE", f"api/sessions/{made[0]}")


@pytest.mark.row("4.5 create")
@pytest.mark.parametrize("field", ["path", "name"])
def test_the_old_spelling_is_understood(site: KernelSite, kernel_id: str, field: str) -> None:
    body = {"notebook": {field: f"old-{field}.ipynb"}, "kernel": {"id": kernel_id}}
    answer = site("POST", "api/sessions", body)
    assert (answer.status, answer.json["type"]) == (201, "notebook")
    assert answer.json["path"] == answer.json["notebook"]["path"] == f"old-{field}.ipynb"
    assert answer.json["kernel"]["id"] == kernel_id


@pytest.mark.row("4.5 create")
def test_an_unknown_kernel_id_means_a_new_kernel(site: KernelSite) -> None:
    made = session(site, "new.ipynb", kernel={"id": UNKNOWN_ID, "name": "python3"})
    assert made["kernel"]["id"] != UNKNOWN_ID
    site("DELETE", f"api/sessions/{made['id']}")


@pytest.mark.row("4.5 create")
@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (None, 400, "No JSON data provided"),
        ({"type": "notebook"}, 400, "Missing field in JSON data: path"),
        ({"path": "x"}, 400, "Missing field in JSON data: type"),
        ({"path": 1, "type": "notebook"}, 400, "path"),
        ({"path": "x", "type": ["notebook"]}, 400, "type"),
        ({"path": "x", "type": "notebook", "kernel": "python3"}, 400, "kernel"),
        ({"path": "x", "type": "notebook", "kernel": {"id": 5}}, 400, "id"),
        ({"path": "x", "type": "notebook", "kernel": {"name": {}}}, 400, "name"),
        ({"notebook": "x"}, 400, "notebook"),
        ({"path": "x\ud800", "type": "notebook"}, 400, ""),
    ],
)
def test_a_session_that_makes_no_sense_is_a_400(site: KernelSite, body: Any, status: int, message: str) -> None:
    answer = site("POST", "api/sessions", body)
    assert answer.status == status, answer.text
    assert message in answer.json["message"]


@pytest.mark.row("4.5 create")
def test_an_unknown_kernel_name_is_a_501_with_a_short_message(site: KernelSite) -> None:
    body = {"path": "x.ipynb", "type": "notebook", "kernel": {"name": "nope"}}
    answer = site("POST", "api/sessions", body)
    assert (answer.status, answer.json["short_message"]) == (501, "nope not found")
    assert "nope" in answer.json["message"]


@pytest.mark.row("4.5 get")
def test_a_session_is_found_by_id(site: KernelSite, kernel_id: str) -> None:
    made = session(site, "get.ipynb", kernel={"id": kernel_id}, name="N")
    assert site("GET", f"api/sessions/{made['id']}").json["name"] == "N"
    answer = site("GET", "api/sessions/nobody")
    assert (answer.status, answer.json["message"]) == (404, "Session not found: session_id='nobody'")


@pytest.mark.row("4.5 patch")
def test_a_session_is_renamed_moved_and_retyped(site: KernelSite, kernel_id: str) -> None:
    made = session(site, "before.ipynb", kernel={"id": kernel_id})
    where = f"api/sessions/{made['id']}"
    for change in ({"path": "after.ipynb"}, {"name": "N"}, {"type": "console"}, {}):
        answer = site("PATCH", where, change)
        assert answer.status == 200
        assert {**answer.json, **change} == answer.json
    assert (answer.json["path"], answer.json["name"], answer.json["type"]) == ("after.ipynb", "N", "console")
    assert "notebook" not in answer.json
    assert {json.dumps(site("GET", where).json) for _ in range(TIMES)} == {json.dumps(answer.json)}


@pytest.mark.row("4.5 patch")
def test_a_session_gets_another_kernel_and_the_old_one_ends(site: KernelSite, kernel_id: str) -> None:
    made = session(site, "change.ipynb")
    where, old = f"api/sessions/{made['id']}", made["kernel"]["id"]
    answer = site("PATCH", where, {"kernel": {"name": "python3"}})
    new = answer.json["kernel"]["id"]
    assert answer.status == 200
    assert new not in (old, kernel_id)
    assert site("GET", f"api/kernels/{old}").status == 404
    assert site("PATCH", where, {"kernel": {"id": kernel_id}}).json["kernel"]["id"] == kernel_id
    assert site("GET", f"api/kernels/{new}").status == 404


@pytest.mark.row("4.5 patch")
def test_a_patch_that_cannot_be_leaves_the_session_as_it_was(site: KernelSite, kernel_id: str) -> None:
    made = session(site, "same.ipynb", kernel={"id": kernel_id})
    where = f"api/sessions/{made['id']}"
    unknown = site("PATCH", where, {"kernel": {"id": "nope"}})
    assert (unknown.status, unknown.json["message"]) == (400, "No such kernel: nope")
    missing = site("PATCH", where, {"kernel": {"name": "nope"}})
    assert (missing.status, missing.json["short_message"]) == (501, "nope not found")
    assert site("PATCH", where, {"path": 5}).status == 400
    assert site("PATCH", "api/sessions/nobody", {"name": "x"}).status == 404
    after = site("GET", where).json
    assert (after["path"], after["kernel"]["id"]) == ("same.ipynb", kernel_id)


@pytest.mark.row("4.5 delete")
def test_a_deleted_session_takes_its_kernel_along(site: KernelSite) -> None:
    made = session(site, "delete.ipynb")
    where = f"api/sessions/{made['id']}"
    answer = site("DELETE", where)
    assert (answer.status, answer.text) == (204, "")
    assert site("GET", f"api/kernels/{made['kernel']['id']}").status == 404
    assert {site(method, where).status for method in ("GET", "DELETE")} == {404}


@pytest.mark.row("4.5 delete")
def test_a_session_whose_kernel_went_first_is_a_410_once(site: KernelSite) -> None:
    made = session(site, "gone.ipynb")
    site("DELETE", f"api/kernels/{made['kernel']['id']}")
    where = f"api/sessions/{made['id']}"
    assert site("GET", where).status == 404
    answer = site("DELETE", where)
    assert (answer.status, answer.json["message"]) == (410, "Kernel deleted before session")
    assert site("DELETE", where).status == 404


@pytest.mark.row("4.5 delete")
def test_every_session_of_a_kernel_that_went_first_is_a_410(site: KernelSite) -> None:
    shared = site.kernel()
    made = [session(site, f"shared-{name}.ipynb", kernel={"id": shared}) for name in "abc"]
    site("DELETE", f"api/kernels/{shared}")
    for one in made:
        where = f"api/sessions/{one['id']}"
        assert [site(method, where).status for method in ("GET", "GET", "DELETE", "GET", "DELETE")] == [
            *(404, 404),
            *(410, 404, 404),
        ]


@pytest.mark.row("4.5 env")
def test_a_kernel_knows_its_document(site: KernelSite) -> None:
    made = session(site, "sub/known.ipynb")
    with site.channels(made["kernel"]["id"]) as channels:
        said = channels.run("import os; print(os.environ['JPY_SESSION_NAME'], os.getcwd(), sep='|', end='')")
    name, folder = next(one.content["text"] for one in said if one.kind == "stream").split("|")
    assert (name, folder) == (str(site.server.root_dir / "sub/known.ipynb"), str(site.server.root_dir / "sub"))
    site("DELETE", f"api/sessions/{made['id']}")
