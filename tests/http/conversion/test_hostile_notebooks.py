"""What no notebook can make ``/nbconvert`` do: run its code, read other files, choose where things go."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import nbformat
import pytest

from flasknb.conversion.naming import base_name
from tests.contents_site import Site, notebook
from tests.http.conversion.notebooks import PIXEL, nbconvert_config, put


def test_17_an_attachment_cannot_choose_where_it_is_unpacked(one_site: Site) -> None:
    cell = nbformat.v4.new_markdown_cell("![x](attachment:../../evil.png)")
    cell["attachments"] = {"../../evil.png": {"image/png": PIXEL}}
    put(one_site, "a.ipynb", nbformat.v4.new_notebook(cells=[cell]))
    answer = one_site.ask("GET", "/nbconvert/markdown/a.ipynb")
    assert answer.status_code == 200, answer.text
    assert not [name for name in zipfile.ZipFile(io.BytesIO(answer.data)).namelist() if ".." in name or name[0] == "/"]


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


@pytest.mark.parametrize(
    ("given", "name"),
    [("a/b.ipynb", "b"), ("..\\..\\evil.ipynb", "evil"), ("x\r\ny.ipynb", "xy"), ("", "notebook"), ("..", "notebook")],
)
def test_names_of_downloads_hold_no_folder_and_no_line_end(given: str, name: str) -> None:
    assert base_name(given) == name
