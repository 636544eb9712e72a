"""``/api/kernels``: shapes, statuses, and what becomes of wrong input."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from flasknb.contents.filemanager import FileContentsManager
from tests.conftest import MakeSite, Site

MODEL_KEYS = {"id", "name", "last_activity", "execution_state", "connections"}


def start(site: Site, **body: Any) -> Any:
    return site.api.post("api/kernels", json=body)


def test_an_empty_body_starts_the_default_kernel_in_the_root(site: Site) -> None:
    answer = site.api.post("api/kernels")
    assert answer.status_code == 201
    assert set(answer.json) == MODEL_KEYS
    assert answer.headers["Location"] == f"{site.base_url}api/kernels/{answer.json['id']}"
    assert site.bridge.requests[0].disk_cwd == str(site.root_dir)


def test_a_kernel_starts_in_the_folder_of_its_document(site: Site) -> None:
    (site.root_dir / "a").mkdir()
    start(site, path="a/not-yet/b.ipynb")
    assert site.bridge.requests[0].disk_cwd == str(site.root_dir / "a")


class ElsewhereManager(FileContentsManager):
    """Keeps documents where no kernel can start."""

    async def get_kernel_path(self, path: str, model: object = None) -> str:  # type: ignore[override]
        return "work"


def test_a_contents_manager_says_where_its_kernels_start(make_site: MakeSite) -> None:
    site = make_site(contents_manager_class=ElsewhereManager)
    start(site, path="a/b.ipynb")
    assert site.bridge.requests[0].disk_cwd == str(site.root_dir / "work")


def test_a_kernel_can_be_told_its_id_and_environment(site: Site) -> None:
    kernel_id = str(uuid.uuid4())
    assert start(site, kernel_id=kernel_id, env={"A": "b"}).json["id"] == kernel_id
    assert site.bridge.requests[0].env == {"A": "b"}
    assert start(site, kernel_id=kernel_id).status_code == 409


def test_kernels_are_listed_shown_interrupted_restarted_and_ended(site: Site) -> None:
    kernel = start(site).json
    path = f"api/kernels/{kernel['id']}"
    assert site.api.get("api/kernels").json == [kernel]
    assert site.api.get(path).json == kernel
    assert site.api.post(f"{path}/interrupt").status_code == 204
    assert site.api.post(f"{path}/restart").json == kernel
    assert site.api.delete(path).status_code == 204
    assert site.api.get("api/kernels").json == []


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_kernel_is_a_404_that_names_it(site: Site, method: str) -> None:
    kernel_id = str(uuid.uuid4())
    answer = site.api(method, f"api/kernels/{kernel_id}")
    assert answer.status_code == 404
    assert answer.json["message"] == f"Kernel does not exist: {kernel_id}"


def test_an_id_that_is_none_is_a_404_page(site: Site) -> None:
    answer = site.api.get("api/kernels/nonsense")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_an_unknown_kernel_name_is_a_500_with_a_sentence(site: Site) -> None:
    answer = start(site, name="nope")
    assert answer.status_code == 500
    assert "nope" in answer.json["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b'{"name": 3}',
        b'{"kernel_id": "../../x"}',
        b'{"kernel_id": "not-a-uuid"}',
        b'{"env": {"A": 1}}',
        b'{"env": {"A=B": "x"}}',
        b'{"env": []}',
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"name": NaN}',
    ],
)
def test_a_malformed_request_is_a_400_and_starts_nothing(site: Site, body: bytes) -> None:
    answer = site.api.post("api/kernels", data=body)
    assert answer.status_code == 400
    assert answer.json["message"]
    assert site.bridge.kernels == {}


@pytest.mark.parametrize("path", ["../..", "a/../../..", "/../etc"])
def test_a_kernel_never_starts_outside_the_root(site: Site, path: str) -> None:
    assert start(site, path=path).status_code in (400, 404)
    assert site.bridge.kernels == {}


def test_the_channels_are_no_ordinary_page(site: Site) -> None:
    kernel = start(site).json
    assert site.api.get(f"api/kernels/{kernel['id']}/channels").status_code == 400


def test_the_same_kernels_answer_head_with_405(site: Site) -> None:
    assert site.api("HEAD", "api/kernels").status_code == 405
