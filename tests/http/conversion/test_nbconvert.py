"""``/nbconvert`` with the real nbconvert: what comes back and what is refused."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.contents_site import Site, notebook
from tests.http.conversion.notebooks import PIXEL, nbconvert_config, put

SANDBOX = "; sandbox allow-scripts"


def picture_notebook() -> dict[str, Any]:
    """One whose conversion to Markdown yields a file beside the text."""
    output = nbformat.v4.new_output("display_data", data={"image/png": PIXEL})
    cell = nbformat.v4.new_code_cell("plot()", outputs=[output], id="cell")
    return json.loads(json.dumps(nbformat.v4.new_notebook(cells=[cell])))  # type: ignore[no-any-return]


@pytest.mark.row("2.2 get", "2.2 headers", "1.5 headers")
def test_a_notebook_becomes_a_page_that_cannot_act_as_ours(site: Site) -> None:
    path = put(site, "d/ä b.ipynb", notebook("1 + 1"))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    answer = site.ask("GET", "/nbconvert/html/d/%C3%A4%20b.ipynb")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert answer.headers["Cache-Control"] == "no-store, no-cache, must-revalidate, max-age=0"
    assert answer.headers["Content-Security-Policy"].endswith(SANDBOX)
    assert "Content-Disposition" not in answer.headers
    assert "<title>ä b</title>" in answer.text
    assert f'src="{site.prefix}/static/nbconvert/mathjax.js?from={site.prefix}/static/build/' in answer.text


@pytest.mark.row("2.2 download")
def test_a_download_has_a_name_and_needs_no_server_to_be_looked_at(one_site: Site) -> None:
    put(one_site, "ä b.ipynb", notebook("1 + 1"))
    answer = one_site.ask("GET", "/nbconvert/html/%C3%A4%20b.ipynb?download=true")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A4%20b.html"
    assert "/static/" not in answer.text


@pytest.mark.row("2.2 post")
def test_a_posted_notebook_is_converted(quick_start: None, site: Site) -> None:
    answer = site.ask("POST", "/nbconvert/Markdown", {"content": notebook("1 + 1"), "name": "../../evil.ipynb"})
    assert answer.status_code == 200, answer.text
    assert "1 + 1" in answer.text
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].endswith(SANDBOX)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        ({}, 400),
        ({"content": 3}, 400),
        ({"content": {"cells": [{}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}}, 400),
        ({"content": {"nbformat": 99}}, 400),
        ({"content": {}, "name": 3}, 400),
    ],
)
def test_a_body_that_is_no_notebook_is_a_400(one_site: Site, body: Any, status: int) -> None:
    answer = one_site.ask("POST", "/nbconvert/markdown", body)
    assert answer.status_code == status, answer.text


@pytest.mark.row("2.2 sanitize")
@pytest.mark.parametrize(("wish", "is_there"), [("true", False), ("false", True)])
def test_scripts_are_taken_out_on_request(one_site: Site, wish: str, is_there: bool) -> None:
    output = nbformat.v4.new_output("display_data", data={"text/html": "<script>evil()</script><b>good</b>"})
    put(one_site, "a.ipynb", nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])]))
    answer = one_site.ask("GET", f"/nbconvert/html/a.ipynb?sanitize_html={wish}")
    assert "<b>good</b>" in answer.text
    assert ("<script>evil()" in answer.text) is is_there


@pytest.mark.row("2.2 zip")
def test_several_outputs_come_as_one_zip_file(one_site: Site) -> None:
    site = one_site
    put(site, "a b.ipynb", picture_notebook())
    answer = site.ask("GET", "/nbconvert/markdown/a%20b.ipynb")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''a%20b.zip"
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert names[0] == "a b.md"
    assert [name for name in names if name.endswith(".png")]


@pytest.mark.row("2.2 errors")
@pytest.mark.parametrize("name", ["flask.Flask", "html%2F.."])
def test_an_unknown_exporter_is_a_404_that_names_it(one_site: Site, name: str) -> None:
    put(one_site, "a.ipynb", notebook("1"))
    answer = one_site.ask("GET", f"/nbconvert/{name}/a.ipynb")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


@pytest.mark.row("2.2 errors")
@pytest.mark.parametrize(
    ("exporter", "said"),
    [("pdf", "xelatex not found on PATH"), ("rst", "Pandoc wasn&#39;t found"), ("webpdf", "No suitable chromium")],
)
def test_a_program_that_is_missing_is_named_on_a_page(
    one_site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, exporter: str, said: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setenv("HOME", str(tmp_path))
    content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    if exporter == "rst":
        content.cells.append(nbformat.v4.new_markdown_cell("# text"))
    put(one_site, "a.ipynb", content)
    answer = one_site.ask("GET", f"/nbconvert/{exporter}/a.ipynb")
    assert answer.status_code == 500
    assert "nbconvert failed: " in answer.text
    assert said in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.row("2.2 errors")
def test_without_nbconvert_the_page_says_how_to_install_it(
    real_site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "fake" / "nbconvert"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text("raise ModuleNotFoundError('No module named nbconvert', name='nbconvert')")
    monkeypatch.setenv("PYTHONPATH", str(fake.parent))
    put(real_site, "a.ipynb", notebook("1"))
    for answer in (real_site.ask("GET", "/nbconvert/html/a.ipynb"), real_site.ask("GET", "/api/nbconvert")):
        assert answer.status_code == 501
        assert "flasknb[nbconvert]" in answer.text


@pytest.mark.row("2.2 errors")
def test_an_exporter_that_cannot_be_made_says_why(one_site: Site, tmp_path: Path) -> None:
    nbconvert_config(tmp_path, "c.HTMLExporter.template_name = 'no such template'")
    put(one_site, "a.ipynb", notebook("1"))
    answer = one_site.ask("GET", "/nbconvert/html/a.ipynb")
    assert answer.status_code == 500
    assert "Could not construct Exporter" in answer.text or "nbconvert failed" in answer.text


@pytest.mark.row("2.2 not a notebook")
def test_what_is_no_notebook_is_sent_as_it_is(site: Site) -> None:
    (site.root / "a.txt").write_text("x")
    answer = site.ask("GET", "/nbconvert/html/a.txt")
    assert (answer.status_code, answer.location) == (302, f"{site.prefix}/files/a.txt")
    assert site.ask("GET", "/nbconvert/html/none.ipynb").status_code == 404
    assert site.ask("GET", "/nbconvert/html/.hidden.ipynb").status_code == 404


@pytest.mark.row("4.1 nbconvert")
def test_the_exporters_are_listed_with_their_types(quick_start: None, site: Site) -> None:
    answer = site.ask("GET", "/api/nbconvert")
    assert answer.status_code == 200, answer.text
    people = {"display_name": "HTML", "file_extension": ".html"}
    assert answer.json["html"] == {"output_mimetype": "text/html", **people}
    assert answer.json["python"] == {"output_mimetype": "text/x-python"}
    assert {"asciidoc", "latex", "markdown", "notebook", "pdf", "python", "rst", "script", "slides"} <= set(answer.json)
