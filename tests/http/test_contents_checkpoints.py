"""Checkpoints and trust."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from tests.contents_site import Site, notebook, open_site, save_notebook, save_text


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


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


@pytest.mark.parametrize("spelling", ["d//a.txt", "d/./a.txt"])
def test_the_address_of_a_checkpoint_is_in_its_one_spelling(site: Site, spelling: str) -> None:
    (site.root / "d").mkdir()
    (site.root / "d/a.txt").write_text("a")
    answer = site.contents("POST", f"{spelling}/checkpoints")
    assert answer.headers["Location"] == f"{site.prefix}/api/contents/d/a.txt/checkpoints/checkpoint"


@pytest.mark.parametrize("folder", [".", "d"])
def test_a_folder_has_no_checkpoints_and_its_disk_path_stays_secret(site: Site, folder: str) -> None:
    (site.root / "d").mkdir()
    answer = site.contents("POST", f"{folder}/checkpoints")
    assert answer.status_code == 404
    assert answer.json["message"] == f"'/{folder.strip('.')}' is no regular file"
