"""Outputs that come while no page is there, in the notebook's file: two gunicorn workers, real kernels, no browser."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bridge.kernel_site import KernelSite, running_site
from tests.e2e.pages import notebook_json
from tests.waiting import eventually

pytestmark = pytest.mark.slow

SAVED_WITHIN_S = 60.0
HTML = "from IPython.display import HTML; HTML('<script>1</script>')"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelSite]:
    home = tmp_path_factory.mktemp("away")
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "jupyter_server_config.json").write_text(
        json.dumps({"KernelSidecar": {"away_save_delay_s": 0.5}})
    )
    with running_site(home) as running:
        yield running


class Document:
    """A notebook with its session, as a page would have it."""

    def __init__(self, site: KernelSite, name: str, content: dict[str, Any]) -> None:
        self.site, self.name, self.file = site, name, site.server.root_dir / name
        self.file.write_text(json.dumps(content))
        self.session = site("POST", "api/sessions", {"path": name, "type": "notebook"}).json
        self.kernel = f"api/kernels/{self.session['kernel']['id']}"

    def known(self) -> None:
        """What a page tells when it has opened the notebook."""
        model = self.site("GET", f"api/contents/{self.name}?content=0&hash=1").json
        body = {"session_id": self.session["id"], "hash": model["hash"], "saved_ms": int(time.time() * 1000) - 60_000}
        assert self.site("PUT", f"{self.kernel}/document", body).status == 204

    def run(self, code: str, cell_id: str) -> None:
        body = {"code": code, "cell_id": cell_id, "session_id": self.session["id"]}
        assert self.site("POST", f"{self.kernel}/execute", body).status == 202

    def cells(self) -> list[dict[str, Any]]:
        return list(json.loads(self.file.read_text())["cells"])

    def kept(self) -> list[dict[str, Any]]:
        return list(self.site("GET", f"api/kept-outputs/{self.name}").json["cells"])


@pytest.fixture
def document(site: KernelSite, request: pytest.FixtureRequest) -> Iterator[Document]:
    made = Document(site, f"{request.node.name}.ipynb", notebook_json("print('a')", "print('b')", HTML))
    yield made
    site("DELETE", f"api/sessions/{made.session['id']}")


def test_outputs_come_into_the_file_when_no_page_is_there(document: Document) -> None:
    document.known()
    document.run("print('a')", "cell-0")
    document.run("import time; time.sleep(1); 1/0", "cell-1")
    assert eventually(lambda: bool(document.cells()[1]["outputs"]), within_s=SAVED_WITHIN_S)
    first, second, third = document.cells()
    assert (first["outputs"][0]["text"], first["execution_count"]) == (["a\n"], 1)
    assert second["outputs"][0]["ename"] == "ZeroDivisionError"
    assert third["outputs"] == []
    assert document.kept() == []


def test_the_file_goes_on_being_filled_by_what_runs_later(document: Document) -> None:
    document.known()
    document.run("print('a')", "cell-0")
    assert eventually(lambda: bool(document.cells()[0]["outputs"]), within_s=SAVED_WITHIN_S)
    document.run("print('b')", "cell-1")
    assert eventually(lambda: bool(document.cells()[1]["outputs"]), within_s=SAVED_WITHIN_S)


def test_nothing_is_written_while_a_page_is_there(document: Document, site: KernelSite) -> None:
    document.known()
    with site.channels(document.session["kernel"]["id"]) as channels:
        document.run("print('a')", "cell-0")
        channels.wait_for("stream")
        channels.silence(2.0)
        assert document.cells()[0]["outputs"] == []
    assert eventually(lambda: bool(document.cells()[0]["outputs"]), within_s=SAVED_WITHIN_S)


def test_a_foreign_change_is_never_written_over(document: Document) -> None:
    document.known()
    changed = notebook_json("print('a')", "mine = 'somebody else wrote this'")
    document.file.write_text(json.dumps(changed))
    document.run("print('a')", "cell-0")
    assert eventually(lambda: bool(document.kept()), within_s=SAVED_WITHIN_S)
    assert json.loads(document.file.read_text()) == changed
    (kept,) = document.kept()
    assert (kept["cell_id"], kept["outputs"][0]["text"]) == ("cell-0", "a\n")
    assert document.site("DELETE", f"api/kept-outputs/{document.name}").status == 204
    assert document.kept() == []


def test_a_file_that_no_page_spoke_of_is_left_alone(document: Document) -> None:
    before = document.file.read_bytes()
    document.run("print('a')", "cell-0")
    time.sleep(3)  # several times what others are saved after
    assert document.file.read_bytes() == before


def test_a_renamed_notebook_is_followed(document: Document) -> None:
    document.known()
    document.run("import time; time.sleep(1); print('a')", "cell-0")
    renamed = f"renamed-{document.name}"
    assert document.site("PATCH", f"api/contents/{document.name}", {"path": renamed}).status == 200
    assert document.site("PATCH", f"api/sessions/{document.session['id']}", {"path": renamed}).status == 200
    document.file = document.file.with_name(renamed)
    assert eventually(lambda: bool(document.cells()[0]["outputs"]), within_s=SAVED_WITHIN_S)


def test_trust_is_given_to_no_other_cell(document: Document, site: KernelSite) -> None:
    content = notebook_json("print('a')", "print('b')", HTML)
    content["cells"][2]["outputs"] = [
        {"output_type": "display_data", "data": {"text/html": "<script>evil()</script>"}, "metadata": {}}
    ]
    document.file.write_text(json.dumps(content))
    document.known()
    document.run("print('a')", "cell-0")
    assert eventually(lambda: bool(document.cells()[0]["outputs"]), within_s=SAVED_WITHIN_S)
    model = site("GET", f"api/contents/{document.name}").json
    assert [cell["metadata"]["trusted"] for cell in model["content"]["cells"]][2] is False
    assert all("trusted" not in cell["metadata"] for cell in document.cells())


def test_what_nobody_took_is_kept_when_the_kernel_ends(document: Document, site: KernelSite) -> None:
    document.known()
    with site.channels(document.session["kernel"]["id"]) as channels:
        document.run("print('a')", "cell-0")
        channels.wait_for("stream")
        channels.wait_for("status", "idle")
    assert site("DELETE", f"api/sessions/{document.session['id']}").status == 204
    assert document.cells()[0]["outputs"] or document.kept()


def test_paths_of_kept_outputs_stay_inside(site: KernelSite) -> None:
    assert site("GET", "api/kept-outputs/no/such.ipynb").json == {"cells": []}
    assert site("GET", "api/kept-outputs/../../etc/passwd").status in (400, 404)


def text_of_first(document: Document) -> str:
    return "".join("".join(output["text"]) for output in document.cells()[0]["outputs"])


def test_row_6_a_flood_that_nobody_saw_is_in_the_file_whole(document: Document) -> None:
    document.known()
    document.run("for number in range(300_000): print(number)", "cell-0")
    assert eventually(lambda: bool(document.cells()[0]["outputs"]), within_s=SAVED_WITHIN_S)
    assert text_of_first(document) == "".join(f"{number}\n" for number in range(300_000))


@pytest.mark.timeout(300)
def test_row_6_what_no_page_could_show_is_left_out_with_a_word(document: Document) -> None:
    document.known()
    document.run("text = 'x' * 999\nfor number in range(100_000): print(text)", "cell-0")
    document.run("print('b')", "cell-1")
    assert eventually(lambda: bool(document.cells()[1]["outputs"]), within_s=2 * SAVED_WITHIN_S)
    assert "too large to be restored" in text_of_first(document)
    assert document.cells()[1]["outputs"][0]["text"] == ["b\n"]
    assert document.file.stat().st_size < 1_000_000
