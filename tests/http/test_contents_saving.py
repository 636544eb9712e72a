"""``PUT /api/contents``: what is stored, what is answered, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from tests.contents_site import MODEL_KEYS, Site, notebook, open_site, save_notebook, save_text


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


def test_saving_answers_201_then_200_without_content(site: Site) -> None:
    first, second = (save_notebook(site, "n.ipynb", notebook("1")) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["Location"] == f"{site.prefix}/api/contents/n.ipynb"
    assert "Last-Modified" in first.headers
    assert set(second.json) == MODEL_KEYS
    assert second.json["content"] is None


def test_the_file_holds_what_nbformat_writes(site: Site) -> None:
    content = notebook("x = 'é'\nx")
    content["cells"][0]["metadata"]["trusted"] = True
    content["cells"][0]["outputs"] = [nbformat.v4.new_output("stream", text="a\nb\n")]
    save_notebook(site, "n.ipynb", content)
    expected = nbformat.writes(nbformat.from_dict(content)) + "\n"
    assert (site.root / "n.ipynb").read_text(encoding="utf-8") == expected
    assert '"trusted"' not in expected


def test_an_invalid_notebook_is_saved_with_a_message(site: Site) -> None:
    content = notebook("1")
    del content["cells"][0]["outputs"][:]
    content["cells"][0]["execution_count"] = "seven"
    answer = save_notebook(site, "n.ipynb", content)
    assert answer.status_code == 201
    assert answer.json["message"].startswith("Notebook validation failed: ")
    assert json.loads((site.root / "n.ipynb").read_text())["cells"][0]["execution_count"] == "seven"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"type": "file", "copy_from": "a"}, "Cannot copy with PUT, only POST"),
        ({"content": "x", "format": "text"}, "No file type provided"),
        ({"type": "file", "content": "x"}, "Must specify format of file contents as 'text' or 'base64'"),
        ({"type": "file", "content": "x", "format": "json"}, "Must specify format"),
        ({"type": "device", "content": "x", "format": "text"}, "Unhandled contents type"),
        ({"type": "file", "content": 5, "format": "text"}, "must be a string"),
        ({"type": "file", "content": "%%%", "format": "base64"}, "not valid base64"),
        ({"type": "notebook", "content": "x"}, "must be a JSON object"),
        ({"type": "notebook", "content": {}}, "cannot be written"),
        ("{", "Invalid JSON in body of request"),
        ("[1]", "must be a JSON object"),
    ],
)
def test_a_save_that_makes_no_sense_is_refused(site: Site, body: object, said: str) -> None:
    answer = site.contents("PUT", "new.txt", body)
    assert answer.status_code == 400, answer.text
    assert said in answer.json["message"]
    assert list(site.root.iterdir()) == []


def test_saving_an_existing_file_without_content_is_refused(site: Site) -> None:
    save_text(site, "a.txt", "kept")
    answer = site.contents("PUT", "a.txt", {"type": "file", "format": "text"})
    assert (answer.status_code, answer.json["message"]) == (400, "No file content provided")
    assert (site.root / "a.txt").read_text() == "kept"


def test_new_entries_without_content_are_empty(site: Site) -> None:
    assert site.contents("PUT", "a.txt", {"type": "file"}).status_code == 201
    assert site.contents("PUT", "n.ipynb", {"type": "notebook"}).status_code == 201
    assert site.contents("PUT", "d", {"type": "directory"}).status_code == 201
    assert site.contents("PUT", "d", {}).json["path"] == "d/untitled"
    assert (site.root / "a.txt").read_text() == ""
    assert json.loads((site.root / "n.ipynb").read_text())["cells"] == []


def test_a_save_of_nothing_over_a_file_changes_nothing(site: Site) -> None:
    save_text(site, "a.txt", "kept")
    answer = site.contents("PUT", "a.txt", {})
    assert (answer.status_code, answer.json["message"]) == (404, "No such directory: a.txt")
    assert (site.root / "a.txt").read_text() == "kept"
