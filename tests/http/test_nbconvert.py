"""``/nbconvert`` with the real nbconvert: what comes back, what is refused, and what no notebook can make it do."""

from __future__ import annotations

import io
import json
import os
import stat
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from flasknb.conversion import processes
from flasknb.conversion.naming import base_name
from tests.conftest import Site as FullSite
from tests.contents_site import Site, notebook, open_site
from tests.forking import Nursery, nursery

NO_SPARE = {"Conversion.spare_time_s": 0}
SANDBOX = "; sandbox allow-scripts"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module", autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    processes.end_spares()


@pytest.fixture(scope="module")
def nbconvert_nursery() -> Iterator[Nursery]:
    imports = ["flasknb.conversion.worker", "flasknb.conversion.exports", "nbconvert.exporters"]
    with nursery("flasknb.conversion.worker:main", imports) as made:
        yield made


@pytest.fixture
def quick_start(monkeypatch: pytest.MonkeyPatch, nbconvert_nursery: Nursery) -> Iterator[None]:
    """Conversion processes that need not import nbconvert again: for tests of what it makes, not of the process."""

    def start(environment: dict[str, str], spare_time_s: float) -> Any:
        return nbconvert_nursery.start([f"{spare_time_s:.0f}"], environment, [None, None, None])

    processes.end_spares()
    with monkeypatch.context() as patch:
        patch.setattr(processes, "_start", start)
        yield
        processes.end_spares()


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Site:
    return open_site(monkeypatch, tmp_path, request.param)


@pytest.fixture
def one_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quick_start: None) -> Site:
    """Without the mount and with forked processes: where neither matters."""
    return open_site(monkeypatch, tmp_path, **{"Conversion.timeout_s": 60})


@pytest.fixture
def real_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Site:
    """With processes as they are started for users: where environment, folders or limits matter."""
    processes.end_spares()
    return open_site(monkeypatch, tmp_path, **{"Conversion.timeout_s": 60, **NO_SPARE})


def put(site: Site, name: str, content: dict[str, Any]) -> Path:
    path = site.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")
    return path


def picture_notebook() -> dict[str, Any]:
    """One whose conversion to Markdown yields a file beside the text."""
    output = nbformat.v4.new_output("display_data", data={"image/png": PIXEL})
    cell = nbformat.v4.new_code_cell("plot()", outputs=[output], id="cell")
    return json.loads(json.dumps(nbformat.v4.new_notebook(cells=[cell])))  # type: ignore[no-any-return]


def nbconvert_config(tmp_path: Path, text: str) -> None:
    (tmp_path / "jupyter-config" / "jupyter_nbconvert_config.py").write_text(text, "utf-8")


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
    answer = site.ask("POST", "/nbconvert/markdown", {"content": notebook("1 + 1"), "name": "../../evil.ipynb"})
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


def test_17_an_attachment_cannot_choose_where_it_is_unpacked(one_site: Site) -> None:
    cell = nbformat.v4.new_markdown_cell("![x](attachment:../../evil.png)")
    cell["attachments"] = {"../../evil.png": {"image/png": PIXEL}}
    put(one_site, "a.ipynb", nbformat.v4.new_notebook(cells=[cell]))
    answer = one_site.ask("GET", "/nbconvert/markdown/a.ipynb")
    assert answer.status_code == 200, answer.text
    assert not [name for name in zipfile.ZipFile(io.BytesIO(answer.data)).namelist() if ".." in name or name[0] == "/"]


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


def test_configuration_for_nbconvert_counts_and_that_of_the_served_folder_does_not(
    one_site: Site, tmp_path: Path
) -> None:
    nbconvert_config(tmp_path, "c.TemplateExporter.exclude_input_prompt = True\nc.NbConvertBase.x = 1")
    for name in ("jupyter_nbconvert_config.py", "jupyter_config.py"):
        (one_site.root / name).write_text("raise SystemExit('never')")
    put(one_site, "a.ipynb", notebook("1 + 1"))
    answer = one_site.ask("GET", "/nbconvert/python/a.ipynb")
    assert answer.status_code == 200, answer.text
    assert "In[" not in answer.text


def test_21_a_notebook_chooses_no_code_to_run(one_site: Site, tmp_path: Path) -> None:
    content = notebook("1 + 1")
    content["metadata"] = {
        "language_info": {
            "name": "python",
            "nbconvert_exporter": "flasknb.app.FlaskNB",
            "file_extension": "/../../evil.sh\r\nX: y",
            "mimetype": "text/html\r\nX: y",
        },
        "nbconvert": {"template": "/etc/passwd"},
        "template_name": "{{7*7}}",
    }
    put(one_site, "{{7*7}}.ipynb", content)
    answer = one_site.ask("GET", "/nbconvert/script/%7B%7B7*7%7D%7D.ipynb?download=true")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''%7B%7B7%2A7%7D%7D.txt"
    content["metadata"]["language_info"]["name"] = "unheard-of"
    put(one_site, "b.ipynb", content)
    answer = one_site.ask("GET", "/nbconvert/script/b.ipynb?download=true")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith("b.txt")


def test_18_pictures_outside_the_notebooks_folder_are_not_embedded(one_site: Site, tmp_path: Path) -> None:
    nbconvert_config(tmp_path, "c.HTMLExporter.embed_images = True")
    (one_site.root / "secret.png").write_bytes(b"secret bytes")
    content = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(f"![x](../secret.png) ![y]({one_site.root}/secret.png)")]
    )
    put(one_site, "d/a.ipynb", content)
    answer = one_site.ask("GET", "/nbconvert/html/d/a.ipynb")
    assert answer.status_code == 200, answer.text
    assert "c2VjcmV0IGJ5dGVz" not in answer.text


def fake_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_19_programs_come_from_the_path_alone_and_tex_is_held_back(
    real_site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    good, told = tmp_path / "bin", tmp_path / "told"
    fake_program(good, "xelatex", f'(pwd; env) > {told}; printf "%%PDF-1.4 fake" > notebook.pdf')
    fake_program(good, "bibtex", "")
    fake_program(real_site.root, "xelatex", "exit 1")
    monkeypatch.setenv("SECRET_KEY", "the host's secret")
    monkeypatch.setenv("PATH", f".:{real_site.root}:{good}:/usr/bin:/bin")
    monkeypatch.chdir(real_site.root)
    put(real_site, "a.ipynb", notebook("1"))
    answer = real_site.ask("GET", "/nbconvert/pdf/a.ipynb")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("application/pdf")
    lines = told.read_text().splitlines()
    assert not Path(lines[0]).is_relative_to(real_site.root)
    assert {"openin_any=p", "openout_any=p", "shell_escape=f"} <= set(lines)
    assert not [line for line in lines if "the host's secret" in line]


HANG = """
import pathlib, subprocess, time
child = subprocess.Popen(["sleep", "300"], start_new_session=True)
pathlib.Path({told!r}).write_text(str(child.pid))
time.sleep(300)
"""


def wait_until_gone(pid: int, limit_s: float = 5.0) -> bool:
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_20_a_conversion_that_hangs_is_ended_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = open_site(monkeypatch, tmp_path, **{"Conversion.timeout_s": 8, **NO_SPARE})
    told = tmp_path / "told"
    nbconvert_config(tmp_path, HANG.format(told=str(told)))
    put(site, "a.ipynb", notebook("1"))
    answer = site.ask("GET", "/nbconvert/python/a.ipynb")
    assert answer.status_code == 500
    assert "longer than 8 s" in answer.text
    assert wait_until_gone(int(told.read_text()))
    assert not list(Path(os.environ.get("TMPDIR", "/tmp")).glob(f"flasknb-convert-*/{told.name}"))


def test_20_a_conversion_that_wants_too_much_memory_is_refused_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = open_site(monkeypatch, tmp_path, **{"Conversion.memory_limit_bytes": 400 * 1024 * 1024, **NO_SPARE})
    grow = "def grow(nb, resources):\n    bytearray(600 * 1024 * 1024)\n    return nb, resources\n"
    nbconvert_config(tmp_path, f"{grow}c.Exporter.preprocessors = [grow]")
    put(site, "a.ipynb", notebook("1"))
    answer = site.ask("GET", "/nbconvert/python/a.ipynb")
    assert answer.status_code == 500
    assert "Conversion.memory_limit_bytes" in answer.text


def test_more_conversions_than_allowed_wait_and_are_told_when_it_takes_too_long(
    quick_start: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = open_site(monkeypatch, tmp_path, **{"Conversion.max_at_once": 1, "Conversion.queue_timeout_s": 0.3})
    put(site, "a.ipynb", notebook("1"))
    from flasknb.conversion.slots import slot

    instance = site.client.application.extensions["flasknb"]["flasknb"].converter.instance  # type: ignore[union-attr]
    with slot(instance, 1, 1.0, lambda: False):
        answer = site.ask("GET", "/nbconvert/python/a.ipynb")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert site.ask("GET", "/nbconvert/python/a.ipynb").status_code == 200


@pytest.mark.parametrize(
    ("given", "name"),
    [("a/b.ipynb", "b"), ("..\\..\\evil.ipynb", "evil"), ("x\r\ny.ipynb", "xy"), ("", "notebook"), ("..", "notebook")],
)
def test_names_of_downloads_hold_no_folder_and_no_line_end(given: str, name: str) -> None:
    assert base_name(given) == name


CROSS = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
HERE = "http://localhost"


@pytest.mark.row("1.3 files")
@pytest.mark.parametrize(
    ("headers", "status", "said"),
    [
        ({"X-XSRFToken": None}, 403, "Blocking request from unknown origin"),
        ({"X-XSRFToken": None, "Referer": "http://evil.example/x"}, 403, "Blocking Cross Origin request from"),
        ({"X-XSRFToken": None, "Referer": "http://localhost.evil.example/"}, 403, "Blocking Cross Origin request from"),
        ({"X-XSRFToken": None, "Referer": "http://[/"}, 403, "Blocking Cross Origin request from"),
        ({"X-XSRFToken": None, **CROSS}, 403, "Blocking request from unknown origin"),
        ({"X-XSRFToken": "wrong"}, 403, "Blocking request from unknown origin"),
        ({"X-XSRFToken": None, "Sec-Fetch-Site": "same-origin"}, 200, ""),
        ({"X-XSRFToken": None, "Sec-Fetch-Site": "none"}, 200, ""),
        ({"X-XSRFToken": None, "Referer": f"{HERE}/tree"}, 200, ""),
        ({"X-XSRFToken": None, "Referer": f"{HERE}/", **CROSS}, 200, ""),
        ({}, 200, ""),
    ],
)
def test_42_only_our_own_pages_fetch_files_and_conversions(
    site_of_browser: FullSite, headers: dict[str, Any], status: int, said: str
) -> None:
    browser = site_of_browser.browser
    for path in ("files/a.txt", "nbconvert/html/a.txt", "files/a.txt?_xsrf=wrong"):
        answer = browser.get(path, headers=headers)
        assert answer.status_code in ((status, 302) if status == 200 else (status,)), path
        assert said in answer.text
    assert site_of_browser.api.get("files/a.txt", headers=headers).status_code == 200


@pytest.fixture
def site_of_browser(make_site: Any) -> FullSite:
    full = make_site("/")
    (full.root_dir / "a.txt").write_text("x")
    return full  # type: ignore[no-any-return]
