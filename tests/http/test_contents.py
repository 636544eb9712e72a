"""``GET /api/contents`` as clients use it: models, status codes, headers, sentences."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.contents_site import MODEL_KEYS, Site, notebook, open_site, save_text


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


def test_a_folder_lists_its_entries_without_their_content(site: Site) -> None:
    (site.root / "sub").mkdir()
    (site.root / "n.ipynb").write_text(json.dumps(notebook("1")))
    (site.root / ".hidden").write_text("")
    (site.root / "m.pyc").write_text("")
    model = site.model("")
    assert set(model) == MODEL_KEYS
    assert (model["type"], model["format"], model["mimetype"], model["size"]) == ("directory", "json", None, None)
    assert {child["name"]: child["type"] for child in model["content"]} == {"sub": "directory", "n.ipynb": "notebook"}
    assert all(child["content"] is None and child["format"] is None for child in model["content"])


def test_a_notebook_comes_with_joined_sources_and_trust_marks(site: Site) -> None:
    content = notebook("a = 1\na")
    content["cells"][0]["source"] = ["a = 1\n", "a"]
    (site.root / "n.ipynb").write_text(json.dumps(content))
    model = site.model("n.ipynb", hash="1")
    assert set(model) == MODEL_KEYS
    assert model["format"] == "json"
    assert model["content"]["cells"][0]["source"] == "a = 1\na"
    assert model["content"]["cells"][0]["metadata"]["trusted"] is False
    assert model["hash"] == hashlib.sha256((site.root / "n.ipynb").read_bytes()).hexdigest()
    assert model["last_modified"].endswith("Z")


def test_bytes_that_are_no_text_come_as_base64(site: Site) -> None:
    (site.root / "b.bin").write_bytes(b"\xff\x00")
    model = site.model("b.bin")
    assert (model["format"], model["mimetype"]) == ("base64", "application/octet-stream")
    assert base64.b64decode(model["content"]) == b"\xff\x00"


def test_without_content_nothing_is_read(site: Site) -> None:
    (site.root / "n.ipynb").write_text("not json at all")
    model = site.model("n.ipynb", content="0")
    assert (model["content"], model["format"], model["type"]) == (None, None, "notebook")


@pytest.mark.parametrize(
    ("path", "query", "reason", "said"),
    [
        ("d", {"type": "file"}, "bad type", "d is a directory, not a file"),
        ("f.bin", {"type": "directory"}, "bad type", "f.bin is not a directory"),
        ("f.bin", {"format": "text", "type": "file"}, "bad format", "f.bin is not UTF-8 encoded"),
        ("f.bin", {"type": "nonsense"}, None, "Type 'nonsense' is invalid"),
        ("f.bin", {"format": "nonsense"}, None, "Format 'nonsense' is invalid"),
        ("f.bin", {"type": "notebook"}, None, "Unreadable Notebook: f.bin"),
        ("f.bin", {"content": "7"}, None, "content='7'"),
    ],
)
def test_asking_for_the_wrong_thing_is_a_400(
    site: Site, path: str, query: dict[str, str], reason: str | None, said: str
) -> None:
    (site.root / "d").mkdir()
    (site.root / "f.bin").write_bytes(b"\xff")
    answer = site.contents("GET", path, query_string=query)
    assert answer.status_code == 400
    assert answer.json["reason"] == reason
    assert said in answer.json["message"]
    assert reason is None or answer.status == f"400 {reason}"


def test_a_missing_entry_is_named_in_the_404(site: Site) -> None:
    answer = site.contents("GET", "x/y.ipynb")
    assert answer.status_code == 404
    assert answer.json["message"] == "file or directory '/x/y.ipynb' does not exist"


@pytest.mark.parametrize("name", ["a b.txt", "a%20b.txt", "#?+&.txt", "\"q'.txt", "ünïcødé ☃ 漢字.txt", "a;b=c.txt"])
def test_odd_names_survive_the_round_trip(site: Site, name: str) -> None:
    quoted = quote(name, safe="")
    assert save_text(site, quoted, name).headers["Location"].startswith(f"{site.prefix}/api/contents/")
    assert site.model(quoted)["content"] == name
    assert [child["path"] for child in site.model("")["content"]] == [name]
    assert site.ask("GET", f"/files/{quoted}").get_data(as_text=True) == name


def test_a_second_get_with_the_etag_is_a_304(site: Site) -> None:
    save_text(site, "a.txt", "x")
    etag = site.contents("GET", "a.txt").headers["ETag"]
    assert site.contents("GET", "a.txt", headers={"If-None-Match": etag}).status_code == 304
