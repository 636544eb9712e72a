"""``/bundle``: bundlers as the classic notebook runs them, ours and a stranger's."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from flasknb.conversion import processes
from tests.contents_site import Site, notebook, open_site

BUNDLER = '''
import io, os, tarfile
import nbformat

def bundle(handler, model):
    """As the classic notebook's documentation shows it, and what else bundlers use."""
    mode = handler.get_argument("mode", "tar")
    if mode == "tar":
        content = nbformat.writes(model["content"]).encode("utf-8")
        name = os.path.splitext(model["name"])[0]
        info = tarfile.TarInfo(model["name"])
        info.size = len(content)
        with io.BytesIO() as buffer:
            with tarfile.open(name + ".tar.gz", "w:gz", fileobj=buffer) as tar:
                tar.addfile(info, io.BytesIO(content))
            handler.set_header("Content-Disposition", 'attachment; filename="{}.tar.gz"'.format(name))
            handler.set_header("Content-Type", "application/gzip")
            handler.finish(buffer.getvalue())
    elif mode == "facts":
        handler.write({
            "base_url": handler.settings["base_url"], "again": handler.application.settings.get("base_url"),
            "user": bool(handler.current_user), "method": handler.request.method, "path": handler.request.path,
            "args": handler.get_arguments("x"), "token": handler.get_argument("token", "none"),
            "names": [child["name"] for child in handler.contents_manager.get("")["content"]],
            "kind": handler.settings["contents_manager"].__class__.__name__,
            "modified": model["last_modified"].year, "cells": len(model["content"].cells),
            "secret": os.environ.get("SECRET_KEY", "none"), "log": handler.log is not None,
        })
    elif mode == "redirect":
        handler.redirect(handler.base_url + "tree")
    elif mode == "status":
        handler.set_status(202)
        handler.add_header("X-One", "a\\r\\nSet-Cookie: b=c")
        handler.add_header("Set-Cookie", "b=c")
        handler.finish("<b>accepted</b>")
    elif mode == "required":
        handler.get_query_argument("not there")
    elif mode == "error":
        handler.send_error(404, reason="nothing to bundle")
    elif mode == "crash":
        raise ValueError("the bundler is <b>broken</b>")
    elif mode == "hang":
        import time
        time.sleep(300)
    elif mode == "async":
        async def later():
            handler.finish("later")
        return later()
'''


@pytest.fixture(scope="module", autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    processes.end_spares()


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Site:
    return prepared(monkeypatch, tmp_path, request.param)


@pytest.fixture
def one_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Site:
    return prepared(monkeypatch, tmp_path, "")


def prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, prefix: str, **options: Any) -> Site:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "my_bundler.py").write_text(BUNDLER)
    (modules / "no_bundler.py").write_text("x = 1")
    monkeypatch.setenv("PYTHONPATH", str(modules))
    site = open_site(tmp_path, prefix, **options)
    bundlers = {
        "mine": "my_bundler",
        "zip": "notebook.bundler.zip_bundler",
        "tarball": "flasknb.extensions.bundlers.tarball_bundler",
        "absent": "no.such.module",
        "none": "no_bundler",
        "nameless": 3,
        "crooked": "os; import sys",
    }
    folder = tmp_path / "jupyter" / "config" / "nbconfig"
    folder.mkdir(parents=True)
    entries = {name: {"label": name, "module_name": module, "group": "download"} for name, module in bundlers.items()}
    (folder / "notebook.json").write_text(json.dumps({"bundlerextensions": entries}))
    (site.root / "ä b.ipynb").write_text(json.dumps(notebook("1 + 1")))
    return site


def ask(site: Site, bundler: str, **arguments: str) -> Any:
    return site.ask("GET", "/bundle/%C3%A4%20b.ipynb", query_string={"bundler": bundler, **arguments})


@pytest.mark.row("2 bundle")
def test_a_bundler_written_for_the_classic_notebook_answers(site: Site) -> None:
    answer = ask(site, "mine")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/gzip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox allow-scripts")
    with tarfile.open(fileobj=io.BytesIO(answer.data)) as tar:
        assert tar.getnames() == ["ä b.ipynb"]
        assert nbformat.reads(tar.extractfile("ä b.ipynb").read().decode(), 4).cells[0].source == "1 + 1"  # type: ignore[union-attr]


def test_a_bundler_learns_of_the_request_and_no_secret(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "the host's")
    told = ask(site, "mine", mode="facts", x="1", token="abc").json
    assert told["base_url"] == told["again"] == f"{site.prefix}/"
    assert told["path"] == f"{site.prefix}/bundle/ä b.ipynb"
    assert (told["method"], told["args"], told["cells"], told["log"]) == ("GET", ["1"], 1, True)
    assert (told["token"], told["secret"]) == ("none", "none")
    assert told["names"] == ["ä b.ipynb"]
    assert told["kind"] == "LargeFileManager"


def test_a_bundler_redirects_and_sets_a_status_but_no_cookie(one_site: Site) -> None:
    answer = ask(one_site, "mine", mode="redirect")
    assert (answer.status_code, answer.location) == (302, "/tree")
    answer = ask(one_site, "mine", mode="status")
    assert (answer.status_code, answer.text) == (202, "<b>accepted</b>")
    assert answer.headers["X-One"] == "a  Set-Cookie: b=c"
    assert not [value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("b=c")]
    assert ask(one_site, "mine", mode="async").text == "later"


@pytest.mark.row("2 bundle")
@pytest.mark.parametrize(
    ("bundler", "mode", "status", "said"),
    [
        ("", "", 400, "must name a bundler"),
        ("unknown", "", 400, "is not enabled"),
        ("nameless", "", 500, "name no module"),
        ("crooked", "", 500, "name no module"),
        ("absent", "", 500, "Could not import bundler no.such.module"),
        ("none", "", 500, "Could not import bundler no_bundler"),
        ("mine", "required", 400, "Missing argument not there"),
        ("mine", "error", 400, "nothing to bundle"),
        ("mine", "crash", 500, "the bundler is &lt;b&gt;broken&lt;/b&gt;"),
    ],
)
def test_a_bundle_that_cannot_be_made_is_a_page_that_says_why(
    one_site: Site, bundler: str, mode: str, status: int, said: str
) -> None:
    answer = ask(one_site, bundler, mode=mode)
    assert answer.status_code == status
    assert said in answer.text
    assert "Traceback" not in answer.text


def test_only_notebooks_are_bundled(one_site: Site) -> None:
    (one_site.root / "a.txt").write_text("x")
    assert one_site.ask("GET", "/bundle/a.txt?bundler=mine").status_code == 400
    assert one_site.ask("GET", "/bundle/none.ipynb?bundler=mine").status_code == 404


def test_a_bundler_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    site = prepared(monkeypatch, tmp_path, "", **{"Conversion.timeout_s": 3})
    answer = ask(site, "mine", mode="hang")
    assert answer.status_code == 500
    assert "longer than 3 s" in answer.text


def with_files(site: Site, tmp_path: Path) -> None:
    text = "<!--associate:\ndata.csv\nimg/*.png\n!img/draft.png\n../outside\n/etc/passwd\nlink\n.hidden\n-->"
    cells = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_markdown_cell("```\nnotes\n```")]
    (site.root / "d").mkdir()
    (site.root / "d" / "a.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    for name in ("data.csv", "img/one.png", "img/draft.png", "img/deep/two.png", "notes/n.txt", ".hidden", "other"):
        path = site.root / "d" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    (tmp_path / "secret").write_text("secret")
    (site.root / "outside").write_text("secret")
    (site.root / "d" / "link").symlink_to(tmp_path / "secret")


@pytest.mark.row("2 bundle")
def test_our_bundlers_take_the_files_along_that_the_notebook_names(one_site: Site, tmp_path: Path) -> None:
    with_files(one_site, tmp_path)
    names = {"a.ipynb", "data.csv", "img/one.png", "notes/n.txt"}
    answer = one_site.ask("GET", "/bundle/d/a.ipynb?bundler=zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''a.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert set(archive.namelist()) == names
        assert archive.read("img/one.png") == b"img/one.png"
    answer = one_site.ask("GET", "/bundle/d/a.ipynb?bundler=tarball")
    with tarfile.open(fileobj=io.BytesIO(answer.data)) as tar:
        assert set(tar.getnames()) == names
        assert {entry.uname for entry in tar.getmembers()} == {""}
