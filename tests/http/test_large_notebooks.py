"""A notebook of some megabytes takes the short way; a client, a hook and a subclass see nothing of that."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from flasknb.blueprints import request_body
from flasknb.contents.filemanager import FileContentsManager
from flasknb.contents.models import ContentsModel
from flasknb.contents.quick_notebooks import FOLDED_FROM_BYTES
from flasknb.contents.served_notebooks import ServedNotebook
from tests.conftest import TOKEN
from tests.contents_site import Site, open_site, save_notebook

LINES = [f"line {number} of 'many' \"quoted\" ones \\n\n" for number in range(40_000)]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(tmp_path)


def large(**cell_metadata: Any) -> dict[str, Any]:
    """A notebook whose outputs are in lists of lines and in long strings."""
    outputs = [
        nbformat.v4.new_output("stream", text="".join(LINES)),
        nbformat.v4.new_output("display_data", {"text/html": "".join(LINES), "image/png": "iVBOR" * 50_000}),
    ]
    cell = nbformat.v4.new_code_cell("show()", id="a", outputs=outputs, metadata=cell_metadata)
    content: dict[str, Any] = json.loads(json.dumps(nbformat.v4.new_notebook(cells=[cell])))
    content["cells"][0]["outputs"][0]["text"] = LINES
    return content


def joined(content: dict[str, Any], **cell_metadata: Any) -> dict[str, Any]:
    """``content`` as a client gets it."""
    content["cells"][0]["outputs"][0]["text"] = "".join(LINES)
    content["cells"][0]["metadata"] = cell_metadata
    return content


def test_it_is_large_enough_for_the_short_way() -> None:
    assert len(json.dumps(large())) > 2 * FOLDED_FROM_BYTES


def test_the_file_is_what_nbformat_writes(site: Site) -> None:
    assert save_notebook(site, "n.ipynb", large()).status_code == 201
    written = (site.root / "n.ipynb").read_text("utf-8")
    assert written == nbformat.writes(nbformat.from_dict(large())) + "\n"


def test_each_save_of_a_page_that_changes_a_little_is_written_whole(site: Site) -> None:
    for number in range(3):
        content = large()
        content["cells"][0]["source"] = str(number)
        content["cells"][0]["outputs"][0]["text"] = [f"{number}\n", *LINES] if number == 1 else LINES
        save_notebook(site, "n.ipynb", content)
        assert (site.root / "n.ipynb").read_text("utf-8") == nbformat.writes(nbformat.from_dict(content)) + "\n"


def test_a_client_gets_what_it_saved_and_whether_it_is_trusted(site: Site) -> None:
    save_notebook(site, "n.ipynb", large())
    assert site.model("n.ipynb")["content"] == joined(large(), trusted=False)
    save_notebook(site, "n.ipynb", large(trusted=True))
    assert site.model("n.ipynb")["content"] == joined(large(), trusted=True)


def test_nbformat_knows_the_signature_of_a_trusted_one(site: Site, tmp_path: Path) -> None:
    save_notebook(site, "n.ipynb", large(trusted=True))
    with NotebookNotary(data_dir=str(tmp_path / "jupyter" / "data")) as notary:
        assert notary.check_signature(nbformat.read(site.root / "n.ipynb", nbformat.NO_CONVERT))


def test_the_etag_tells_contents_apart_and_saves_the_second_transfer(site: Site) -> None:
    save_notebook(site, "n.ipynb", large())
    first = site.contents("GET", "n.ipynb")
    again = site.contents("GET", "n.ipynb", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    changed = large()
    changed["cells"][0]["outputs"][0]["text"][7] = "another line\n"
    save_notebook(site, "n.ipynb", changed)
    later = site.contents("GET", "n.ipynb", headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200


def test_an_invalid_one_is_saved_with_a_message(site: Site) -> None:
    content = large()
    content["cells"][0]["surprise"] = 1
    assert "validation failed" in save_notebook(site, "n.ipynb", content).json["message"]
    assert "validation failed" in site.model("n.ipynb")["message"]


def test_a_hook_gets_the_whole_document(site: Site) -> None:
    seen: list[Any] = []

    def remember(model: ContentsModel, **_: Any) -> None:
        seen.append(model["content"])

    site.services.contents.register_pre_save_hook(remember)
    save_notebook(site, "n.ipynb", large())
    assert seen == [large()]


class Watching(FileContentsManager):
    """Looks at every notebook on its way."""

    seen: list[Any]

    def get(self, path: str, content: bool = True, *args: Any, **kwargs: Any) -> ContentsModel:
        model = super().get(path, content, *args, **kwargs)
        if model["type"] == "notebook" and content:
            self.seen.append(model["content"].cells[0].outputs[0].text)
        return model

    def save(self, model: ContentsModel, path: str) -> ContentsModel:
        self.seen.append(model["content"]["cells"][0]["outputs"][0]["text"])
        return super().save(model, path)


def test_a_subclass_gets_the_whole_document(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"ServerApp.contents_manager_class": Watching})
    contents = site.services.contents
    contents.seen = []
    save_notebook(site, "n.ipynb", large())
    site.model("n.ipynb")
    assert contents.seen == [LINES, "".join(LINES)]


def test_only_the_json_may_be_quick(site: Site) -> None:
    save_notebook(site, "n.ipynb", large())
    contents = site.services.contents
    assert isinstance(contents.get_for_json("n.ipynb")["content"], ServedNotebook)
    assert contents.get("n.ipynb")["content"].cells[0].source == "show()"


def test_a_client_that_leaves_in_the_middle_leaves_the_old_file(site: Site) -> None:
    save_notebook(site, "n.ipynb", large())
    before = (site.root / "n.ipynb").read_bytes()
    body = json.dumps({"type": "notebook", "format": "json", "content": large()}).encode()
    answer = site.client.put(
        "/api/contents/n.ipynb",
        input_stream=BytesIO(body[: len(body) // 2]),
        content_length=len(body),
        headers={"Authorization": f"token {TOKEN}"},
    )
    assert len(body) > 2 * request_body.PIECE_BYTES
    assert answer.status_code == 400
    assert (site.root / "n.ipynb").read_bytes() == before
    assert sorted(entry.name for entry in site.root.iterdir()) == [".ipynb_checkpoints", "n.ipynb"]


def test_a_body_over_the_limit_is_not_read(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"ServerApp.max_body_size": 1_500_000})
    unread = BytesIO(b"x" * 3_000_000)
    answer = site.client.put(
        "/api/contents/n.ipynb",
        input_stream=unread,
        content_length=3_000_000,
        headers={"Authorization": f"token {TOKEN}"},
    )
    assert (answer.status_code, unread.tell()) == (413, 0)
    assert list(site.root.iterdir()) == []


def test_a_body_over_the_limit_whose_length_nobody_said_is_a_413_too(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"ServerApp.max_body_size": 1_500_000})
    sent = BytesIO(b"{" + b" " * 3_000_000 + b"}")
    answer = site.client.put(
        "/api/contents/n.ipynb",
        input_stream=sent,
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
        headers={"Authorization": f"token {TOKEN}"},
    )
    assert (answer.status_code, sent.tell() < 2_000_000) == (413, True)
    assert list(site.root.iterdir()) == []
