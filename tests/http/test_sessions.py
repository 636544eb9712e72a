"""``/api/sessions``: documents and their kernels."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from flasknb.errors import SidecarUnavailable
from flasknb.testing import FakeBridge
from tests.conftest import Site

BODY = {"path": "a.ipynb", "name": "", "type": "notebook", "kernel": {"id": None, "name": "python3"}}


def create(site: Site, **changes: Any) -> Any:
    return site.api.post("api/sessions", json={**BODY, **changes})


def test_a_session_is_created_with_a_kernel(site: Site) -> None:
    answer = create(site)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{site.base_url}api/sessions/{answer.json['id']}"
    assert answer.json["notebook"] == {"path": "a.ipynb", "name": ""}
    assert answer.json["kernel"]["name"] == "python3"


def test_the_same_path_gets_the_same_session(site: Site) -> None:
    assert create(site).json == create(site).json
    assert len(site.api.get("api/sessions").json) == 1


def test_the_old_spelling_with_a_notebook_works(site: Site) -> None:
    answer = site.api.post("api/sessions", json={"notebook": {"path": "old.ipynb"}})
    assert (answer.json["path"], answer.json["type"]) == ("old.ipynb", "notebook")


@pytest.mark.parametrize("field", ["path", "type"])
def test_a_missing_field_is_named(site: Site, field: str) -> None:
    body = {name: value for name, value in BODY.items() if name != field}
    answer = site.api.post("api/sessions", json=body)
    assert (answer.status_code, answer.json["message"]) == (400, f"Missing field in JSON data: {field}")


def test_no_body_is_a_400(site: Site) -> None:
    answer = site.api.post("api/sessions")
    assert (answer.status_code, answer.json["message"]) == (400, "No JSON data provided")


@pytest.mark.parametrize("change", [{"kernel": []}, {"kernel": {"name": {}}}, {"path": 3}, {"name": []}, {"type": 1}])
def test_fields_of_the_wrong_type_are_refused(site: Site, change: dict[str, Any]) -> None:
    assert create(site, **change).status_code == 400


def test_an_unknown_kernel_name_is_a_501_with_a_short_message(site: Site) -> None:
    answer = create(site, kernel={"name": "nope"})
    assert answer.status_code == 501
    assert answer.json["short_message"] == "nope not found"


def test_a_session_is_renamed_and_moved_to_another_kernel(site: Site) -> None:
    session = create(site).json
    path = f"api/sessions/{session['id']}"
    assert site.api.patch(path, json={"path": "b.ipynb"}).json["path"] == "b.ipynb"
    other = site.api.post("api/kernels").json
    assert site.api.patch(path, json={"kernel": {"id": other["id"]}}).json["kernel"]["id"] == other["id"]
    fresh = site.api.patch(path, json={"kernel": {"name": "python3"}}).json["kernel"]["id"]
    assert fresh not in (other["id"], session["kernel"]["id"])


def test_a_patch_to_an_unknown_kernel_is_a_400(site: Site) -> None:
    session, kernel_id = create(site).json, str(uuid.uuid4())
    answer = site.api.patch(f"api/sessions/{session['id']}", json={"kernel": {"id": kernel_id}})
    assert (answer.status_code, answer.json["message"]) == (400, f"No such kernel: {kernel_id}")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_session_is_a_404(site: Site, method: str) -> None:
    assert site.api(method, "api/sessions/nope", json={}).status_code == 404


def test_ending_a_session_ends_its_kernel(site: Site) -> None:
    session = create(site).json
    assert site.api.delete(f"api/sessions/{session['id']}").status_code == 204
    assert site.api.get("api/kernels").json == []


def test_the_kernel_of_a_session_starts_beside_the_document(site: Site) -> None:
    (site.root_dir / "sub").mkdir()
    create(site, path="sub/a.ipynb")
    assert site.bridge.requests[0].disk_cwd == str(site.root_dir / "sub")


@pytest.mark.parametrize("field", ["path", "name"])
def test_a_patch_in_the_old_spelling_moves_the_session(site: Site, field: str) -> None:
    session = create(site, type="console").json
    answer = site.api.patch(f"api/sessions/{session['id']}", json={"notebook": {field: "moved.ipynb"}})
    assert (answer.status_code, answer.json["path"], answer.json["type"]) == (200, "moved.ipynb", "notebook")
    assert answer.json["notebook"]["path"] == "moved.ipynb"


def test_a_model_sent_back_with_a_new_path_moves_the_session_there(site: Site) -> None:
    session = create(site).json
    answer = site.api.patch(f"api/sessions/{session['id']}", json={**session, "path": "new.ipynb"})
    assert (answer.status_code, answer.json["path"]) == (200, "new.ipynb")


def test_a_session_follows_its_document_to_another_name_and_folder(site: Site) -> None:
    for path in ("a.ipynb", "dir/a.ipynb", "dir2/b.ipynb"):
        (site.root_dir / path).parent.mkdir(exist_ok=True)
        (site.root_dir / path).write_text("{}")
        create(site, path=path)
    assert site.api.patch("api/contents/a.ipynb", json={"path": "b c.ipynb"}).status_code == 200
    assert site.api.patch("api/contents/dir", json={"path": "other"}).status_code == 200
    paths = sorted(session["path"] for session in site.api.get("api/sessions").json)
    assert paths == ["b c.ipynb", "dir2/b.ipynb", "other/a.ipynb"]
    kernels = {session["kernel"]["id"] for session in site.api.get("api/sessions").json}
    assert create(site, path="other/a.ipynb").json["kernel"]["id"] in kernels


def test_a_rename_without_kernels_or_with_none_to_be_reached_is_a_rename(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site.root_dir / "a.txt").write_text("a")
    create(site)
    monkeypatch.setattr(FakeBridge, "list_sessions", raise_unavailable)
    assert site.api.patch("api/contents/a.txt", json={"path": "b.txt"}).status_code == 200
    assert (site.root_dir / "b.txt").exists()


def raise_unavailable(_: FakeBridge) -> None:
    raise SidecarUnavailable("The process of the kernels does not answer.")
