"""Faults 32 to 38 and 40: entries that are empty, broken, huge, many, or no files at all."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path

import pytest

from tests.contents_site import Site, notebook, open_site, save_notebook

OLD_FORMATS = {
    2: {
        "nbformat": 2,
        "nbformat_minor": 0,
        "metadata": {"name": "old"},
        "worksheets": [{"cells": [{"cell_type": "code", "language": "python", "input": "1 + 1", "outputs": []}]}],
    },
    3: {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "metadata": {}, "source": "Title"},
                    {
                        "cell_type": "code",
                        "collapsed": False,
                        "language": "python",
                        "metadata": {},
                        "input": ["1 + 1"],
                        "outputs": [{"output_type": "stream", "stream": "stdout", "text": ["2\n"]}],
                    },
                ],
                "metadata": {},
            }
        ],
    },
}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(tmp_path)


def test_32_an_empty_file_opens_as_a_new_notebook_with_a_notice(site: Site) -> None:
    (site.root / "n.ipynb").write_bytes(b"")
    model = site.model("n.ipynb", hash="1")
    assert model["content"]["cells"] == []
    assert model["message"] == "n.ipynb is an empty file; it opens as a new notebook"
    assert save_notebook(site, "n.ipynb", notebook("1"), hash=model["hash"]).status_code == 200


@pytest.mark.parametrize("version", OLD_FORMATS)
def test_33_old_formats_open_as_the_current_one(site: Site, version: int) -> None:
    raw = json.dumps(OLD_FORMATS[version])
    (site.root / "n.ipynb").write_text(raw)
    model = site.model("n.ipynb")
    assert model["content"]["nbformat"] == 4
    assert model["content"]["metadata"]["orig_nbformat"] == version
    assert model["content"]["cells"][-1]["source"] == "1 + 1"
    assert "message" not in model
    assert (site.root / "n.ipynb").read_text() == raw, "opening never writes"


def test_33_a_future_minor_version_opens(site: Site) -> None:
    future = notebook("1") | {"nbformat_minor": 9}
    future["cells"][0]["invented_later"] = True
    (site.root / "n.ipynb").write_text(json.dumps(future))
    model = site.model("n.ipynb")
    assert model["content"]["nbformat_minor"] == 9
    assert save_notebook(site, "n.ipynb", model["content"]).status_code == 200
    assert json.loads((site.root / "n.ipynb").read_text())["cells"][0]["invented_later"] is True


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{\n "cells": [\n', "line 3"),
        (b"{,}", "line 1, column 2"),
        (b'{\n<<<<<<< HEAD\n "a": 1\n=======\n "a": 2\n>>>>>>> other\n}', "line 2: a merge conflict left its markers"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "byte 0 is not UTF-8"),
        (b"[1, 2]", "not a notebook"),
        (b'{"nbformat": 5, "nbformat_minor": 0, "cells": []}', "nbformat 5; this version reads up to 4"),
        (b'{"nbformat": "4", "cells": []}', "nbformat is '4'"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "lacks what a notebook needs"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": []}', "its metadata is a list, not an object"),
        (
            b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": '
            b'[{"cell_type": "raw", "metadata": null, "source": ""}]}',
            "the metadata of cell 1 is null, not an object",
        ),
        (
            b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, '
            b'"source": "", "execution_count": null, "outputs": [{"output_type": "display_data", "data": "x"}]}]}',
            "the data of output 1 of cell 1 is a text, not an object",
        ),
    ],
    ids=[
        *("cut off", "bad comma", "merge conflict", "binary", "list", "future", "no number", "no cells"),
        *("metadata", "cell metadata", "data"),
    ],
)
def test_33_an_unreadable_notebook_says_where_and_is_never_touched(site: Site, raw: bytes, said: str) -> None:
    (site.root / "n.ipynb").write_bytes(raw)
    answer = site.contents("GET", "n.ipynb")
    assert answer.status_code == 400
    assert answer.json["message"].startswith("Unreadable Notebook: n.ipynb: ")
    assert said in answer.json["message"]
    assert "open it as text" in answer.json["message"]
    assert (site.root / "n.ipynb").read_bytes() == raw
    as_file = site.model("n.ipynb", type="file")
    assert as_file["format"] == ("base64" if b"\xff" in raw else "text")
    assert [child["name"] for child in site.model("")["content"]] == ["n.ipynb"]


def test_34_missing_and_repeated_cell_ids_are_repaired(site: Site) -> None:
    content = notebook("1", "2", "3")
    content["cells"][1]["id"] = content["cells"][0]["id"]
    del content["cells"][2]["id"]
    (site.root / "n.ipynb").write_text(json.dumps(content))
    model = site.model("n.ipynb")
    assert len({cell["id"] for cell in model["content"]["cells"]}) == 3
    assert "message" not in model
    assert save_notebook(site, "m.ipynb", content).status_code == 201
    saved = json.loads((site.root / "m.ipynb").read_text())
    assert len({cell["id"] for cell in saved["cells"]}) == 3


def test_34_numbers_that_json_cannot_hold_do_no_harm(site: Site) -> None:
    numbers = '{"n": NaN, "big": 123456789012345678901234567890}'
    raw = f'{{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": {numbers}}}'
    (site.root / "n.ipynb").write_text(raw)
    answer = site.contents("GET", "n.ipynb")
    assert answer.status_code == 200
    assert "123456789012345678901234567890" in answer.text


@pytest.mark.parametrize(
    "name", ["e\u0301.txt", "\u00e9.txt", "dot.", "😀 漢.txt", " lead.txt", "tail ", "-rf", "~x", "a\\b"]
)
def test_35_odd_names_are_listed_opened_and_kept_apart(site: Site, name: str) -> None:
    (site.root / name).write_text("content")
    (listed,) = site.model("")["content"]
    assert listed["name"] == name
    quoted = "".join(f"%{byte:02x}" for byte in name.encode())
    assert site.model(quoted)["content"] == "content"


def test_35_a_name_that_is_no_text_does_not_break_the_list(site: Site) -> None:
    (site.root / "a.txt").write_text("")
    os.close(os.open(os.fsencode(site.root) + b"/bad-\xff.txt", os.O_CREAT))
    assert [child["name"] for child in site.model("")["content"]] == ["a.txt"]


def test_36_a_folder_of_ten_thousand_is_listed_in_bounded_time(site: Site) -> None:
    folder = os.open(site.root, os.O_RDONLY)
    try:
        for number in range(10_000):
            os.close(os.open(f"f{number}.txt", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    finally:
        os.close(folder)
    started_s = time.monotonic()
    assert len(site.model("")["content"]) == 10_000
    assert time.monotonic() - started_s < 15


def test_36_a_deep_path_is_an_answer(site: Site) -> None:
    assert site.contents("GET", "/".join(["d"] * 100_000)).status_code == 400
    assert site.contents("GET", "/".join(["d"] * 1_000)).status_code == 404


def test_37_what_is_no_file_is_left_out_and_never_opened(site: Site, tmp_path: Path) -> None:
    os.mkfifo(site.root / "fifo")
    listener = socket.socket(socket.AF_UNIX)
    try:
        here = Path.cwd()
        os.chdir(site.root)
        listener.bind("socket")
        os.chdir(here)
        (site.root / "dangling").symlink_to("nowhere")
        (site.root / "loop").symlink_to("loop")
        (site.root / "device").symlink_to("/dev/zero")
        assert site.model("")["content"] == []
        for name in ("fifo", "socket", "dangling", "loop", "device"):
            assert site.contents("GET", name).status_code == 404, name
            assert site.ask("GET", f"/files/{name}").status_code == 404, name
    finally:
        listener.close()


def test_38_a_huge_file_is_downloaded_in_ranges_and_not_opened(site: Site) -> None:
    size_bytes = 10 * 2**30
    with (site.root / "huge.bin").open("wb") as file:
        file.truncate(size_bytes)
    assert site.ask("HEAD", "/files/huge.bin").headers["Content-Length"] == str(size_bytes)
    tail = site.ask("GET", "/files/huge.bin", headers={"Range": "bytes=-5"})
    assert (tail.status_code, tail.data) == (206, b"\0" * 5)
    refused = site.contents("GET", "huge.bin")
    assert refused.status_code == 413
    assert "Download it instead" in refused.json["message"]
    assert site.model("huge.bin", content="0")["size"] == size_bytes


@pytest.mark.parametrize("mtime_s", [-(10**9), 0, 10**11, 2**62], ids=["1938", "1970", "5138", "never"])
def test_40_a_strange_time_of_change_is_shown_somehow(site: Site, mtime_s: int) -> None:
    (site.root / "a.txt").write_text("x")
    try:
        os.utime(site.root / "a.txt", (mtime_s, mtime_s))
    except OSError:
        pytest.skip("the file system does not hold this time")
    assert site.model("a.txt")["last_modified"].endswith("Z")
    assert len(site.model("")["content"]) == 1
    assert site.ask("GET", "/files/a.txt").text == "x"
