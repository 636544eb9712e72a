"""``/api/contents`` as clients use it: models, status codes, headers, sentences."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pytest

from tests.contents_site import Site, notebook, open_site, save_notebook, save_text

MODEL_KEYS = {
    "name", "path", "last_modified", "created", "content", "format", "mimetype", "size", "writable", "type",
    "hash", "hash_algorithm",
}  # fmt: skip


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


def test_new_entries_count_on(site: Site) -> None:
    asked = [
        ({"type": "notebook"}, "Untitled.ipynb"),
        ({"ext": ".ipynb"}, "Untitled1.ipynb"),
        ({"type": "file", "ext": ".txt"}, "untitled.txt"),
        ({"ext": ".txt"}, "untitled1.txt"),
        (None, "untitled"),
        ({"type": "directory"}, "Untitled Folder"),
        ({"type": "directory"}, "Untitled Folder 1"),
    ]
    for body, name in asked:
        answer = site.contents("POST", "", body)
        assert answer.status_code == 201, answer.text
        assert answer.json["name"] == name
        assert answer.headers["Location"] == f"{site.prefix}/api/contents/{quote(name)}"
        assert (site.root / name).exists()


def test_a_copy_counts_on_from_the_original(site: Site) -> None:
    (site.root / "d").mkdir()
    (site.root / "a.tar.gz").write_bytes(b"\x1f\x8b")
    names = [
        site.contents("POST", "", {"copy_from": "a.tar.gz"}).json["path"],
        site.contents("POST", "", {"copy_from": "a-Copy1.tar.gz"}).json["path"],
        site.contents("POST", "d", {"copy_from": "a-Copy1.tar.gz"}).json["path"],
    ]
    assert names == ["a-Copy1.tar.gz", "a-Copy2.tar.gz", "d/a.tar.gz"]
    assert (site.root / "d" / "a.tar.gz").read_bytes() == b"\x1f\x8b"


def test_a_folder_is_copied_with_what_is_in_it(site: Site) -> None:
    (site.root / "d").mkdir()
    (site.root / "d" / "a.txt").write_text("a")
    assert site.contents("POST", "", {"copy_from": "d"}).json["path"] == "d-Copy1"
    assert (site.root / "d-Copy1" / "a.txt").read_text() == "a"


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("f.txt", {}, 400, "Cannot POST to files, use PUT instead."),
        ("nowhere", {}, 404, "No such directory: nowhere"),
        ("", {"copy_from": "nothing.txt"}, 404, "does not exist"),
        ("", {"type": "device"}, 400, "device"),
        ("", {"ext": "/../x"}, 400, "ext"),
        ("", {"type": 7}, 400, "type"),
    ],
)
def test_making_something_impossible_says_why(
    site: Site, path: str, body: dict[str, object], status: int, said: str
) -> None:
    (site.root / "f.txt").write_text("")
    answer = site.contents("POST", path, body)
    assert answer.status_code == status
    assert said in answer.json["message"]


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


def test_an_upload_in_pieces_arrives_whole(site: Site) -> None:
    pieces = [b"\x00one", b"two", b"three\xff"]
    for number, piece in zip((1, 2, -1), pieces, strict=True):
        body = {"type": "file", "format": "base64", "chunk": number, "content": base64.b64encode(piece).decode()}
        assert site.contents("PUT", "big.bin", body).status_code == (201 if number == 1 else 200)
    assert (site.root / "big.bin").read_bytes() == b"".join(pieces)


def put_piece(site: Site, number: int, piece: bytes, upload: str | None = None) -> int:
    body = {"type": "file", "format": "base64", "chunk": number, "content": base64.b64encode(piece).decode()}
    return site.contents("PUT", "big.bin", body | ({} if upload is None else {"upload": upload})).status_code


@pytest.mark.parametrize("names", [(None, None), ("first", None), (None, "second"), ("first", "second")])
def test_two_uploads_of_one_name_do_not_mix(site: Site, names: tuple[str | None, str | None]) -> None:
    first, second = names
    assert put_piece(site, 1, b"a1", first) == 201
    assert put_piece(site, 1, b"b1", second) == 409
    if names != (None, None):
        assert put_piece(site, 2, b"b2", second) == 409
    assert put_piece(site, 2, b"a2", first) == 200
    assert put_piece(site, 2, b"a2", first) == 409, "the same piece twice"
    assert put_piece(site, -1, b"a3", first) == 200
    assert (site.root / "big.bin").read_bytes() == b"a1a2a3"
    assert put_piece(site, 1, b"b1", second) == 200
    assert put_piece(site, -1, b"b2", second) == 200
    assert (site.root / "big.bin").read_bytes() == b"b1b2"


def test_an_upload_can_be_begun_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [put_piece(site, 1, b"a1", "a"), put_piece(site, 1, b"a1", "a"), put_piece(site, -1, b"a2", "a")] == [
        201,
        200,
        200,
    ]
    assert put_piece(site, 1, b"gone") == 200
    (site.root / "big.bin").unlink()
    assert put_piece(site, 1, b"after it was cancelled") == 201
    monkeypatch.setattr("flasknb.contents.uploads.PAUSE_S", -1.0)
    assert [put_piece(site, 1, b"b1"), put_piece(site, -1, b"b2")] == [200, 200]
    assert (site.root / "big.bin").read_bytes() == b"b1b2"


def test_a_piece_is_not_added_to_what_somebody_else_saved_meanwhile(site: Site) -> None:
    assert put_piece(site, 1, b"a1") == 201
    save_text(site, "big.bin", "mine")
    assert put_piece(site, 2, b"a2") == 409
    assert (site.root / "big.bin").read_text() == "mine"


@pytest.mark.parametrize("name", [1, ["a"], "x" * 101])
def test_the_name_of_an_upload_is_a_short_text(site: Site, name: Any) -> None:
    assert put_piece(site, 1, b"a", name) == 400
    assert not (site.root / "big.bin").exists()


def test_renaming_moves_the_entry_and_its_checkpoint(site: Site) -> None:
    save_notebook(site, "n.ipynb", notebook("1"))
    (site.root / "d").mkdir()
    answer = site.contents("PATCH", "n.ipynb", {"path": "d/m x.ipynb"})
    assert answer.status_code == 200
    assert answer.headers["Location"] == f"{site.prefix}/api/contents/d/m%20x.ipynb"
    assert (answer.json["path"], answer.json["content"]) == ("d/m x.ipynb", None)
    assert len(site.contents("GET", "d/m%20x.ipynb/checkpoints").json) == 1
    assert [entry.name for entry in (site.root / ".ipynb_checkpoints").iterdir()] == []


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("a.txt", {"path": "b.txt"}, 409, "File already exists: b.txt"),
        ("nothing", {"path": "c.txt"}, 404, "File or directory does not exist: nothing"),
        ("a.txt", None, 400, "JSON body missing"),
        ("a.txt", {}, 400, "new path"),
        ("a.txt", {"path": "no/such/folder"}, 404, "does not exist"),
        ("d", {"path": "d/e"}, 400, "moved into itself"),
        ("", {"path": "x"}, 400, "root"),
    ],
)
def test_an_impossible_rename_says_why(
    site: Site, path: str, body: dict[str, str] | None, status: int, said: str
) -> None:
    (site.root / "d").mkdir()
    for name in ("a.txt", "b.txt"):
        (site.root / name).write_text(name)
    answer = site.contents("PATCH", path, body)
    assert answer.status_code == status, answer.text
    assert said in answer.json["message"]
    assert (site.root / "b.txt").read_text() == "b.txt"


def test_deleting_takes_the_checkpoint_along(site: Site) -> None:
    save_notebook(site, "n.ipynb", notebook("1"))
    assert site.contents("DELETE", "n.ipynb").status_code == 204
    assert list((site.root / ".ipynb_checkpoints").iterdir()) == []
    assert site.contents("DELETE", "n.ipynb").status_code == 404
    assert site.contents("DELETE", "").json["message"] == "Can't delete root"


def test_a_folder_that_is_not_empty_needs_an_option(tmp_path: Path) -> None:
    careful = open_site(tmp_path, **{"FileContentsManager.always_delete_dir": False})
    (careful.root / "d").mkdir()
    (careful.root / "d" / "f").write_text("")
    refused = careful.contents("DELETE", "d")
    assert (refused.status_code, refused.json["message"]) == (400, "Directory d not empty")
    (careful.root / "d" / "f").unlink()
    assert careful.contents("DELETE", "d").status_code == 204


def test_the_trash_gets_what_is_deleted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    trashed: list[str] = []
    monkeypatch.setattr("flasknb.contents.disk.send2trash", trashed.append)
    site = open_site(tmp_path, **{"FileContentsManager.delete_to_trash": True})
    (site.root / "d").mkdir()
    (site.root / "d" / "f").write_text("")
    assert site.contents("DELETE", "d").status_code == 204
    assert trashed == [str(site.root.resolve() / "d")]


def test_a_checkpoint_brings_the_old_bytes_back(site: Site) -> None:
    save_text(site, "a.txt", "one")
    made = site.contents("POST", "a.txt/checkpoints")
    assert made.status_code == 201
    assert made.json["id"] == "checkpoint"
    assert made.headers["Location"] == f"{site.prefix}/api/contents/a.txt/checkpoints/checkpoint"
    assert (site.root / ".ipynb_checkpoints" / "a-checkpoint.txt").read_text() == "one"
    save_text(site, "a.txt", "two")
    assert site.contents("GET", "a.txt/checkpoints").json == [made.json]
    assert site.contents("POST", "a.txt/checkpoints/checkpoint").status_code == 204
    assert (site.root / "a.txt").read_text() == "one"
    assert site.contents("DELETE", "a.txt/checkpoints/checkpoint").status_code == 204
    gone = site.contents("DELETE", "a.txt/checkpoints/checkpoint")
    assert (gone.status_code, gone.json["message"]) == (404, "Checkpoint does not exist: a.txt@checkpoint")


def test_a_notebook_whose_cells_were_all_run_is_trusted_when_it_is_opened_again(site: Site) -> None:
    content = notebook("1")
    content["cells"][0]["outputs"] = [nbformat.v4.new_output("display_data", {"text/html": "<b>x</b>"})]
    content["cells"][0]["metadata"]["trusted"] = True
    save_notebook(site, "n.ipynb", content)
    assert site.model("n.ipynb")["content"]["cells"][0]["metadata"]["trusted"] is True


def test_trusting_a_notebook_marks_its_cells(site: Site) -> None:
    content = notebook("1")
    content["cells"][0]["outputs"] = [nbformat.v4.new_output("display_data", {"text/html": "<b>x</b>"})]
    (site.root / "n.ipynb").write_text(json.dumps(content))
    assert site.model("n.ipynb")["content"]["cells"][0]["metadata"]["trusted"] is False
    answer = site.contents("POST", "n.ipynb/trust")
    assert (answer.status_code, answer.text) == (201, "")
    assert site.model("n.ipynb")["content"]["cells"][0]["metadata"]["trusted"] is True


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
