"""Rows 55, 56, 58 and 59 of the attack list: texts that cost time, links that leave, names that are markup."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage

TIME_LIMIT_MS = 1500  # a hundred are wanted on a machine with nothing else to do
SLOW_TEXTS = {
    "stars": "*" * 100_000,
    "brackets": "[" * 50_000,
    "closed brackets": "[" * 5_000 + "a" + "]" * 5_000,
    "links": "[a](<" * 10_000,
    "backticks": "`" * 1 + "``a" * 20_000,
    "emphasis": "**a *a " * 10_000,
    "quotes": "> " * 5_000 + "a",
    "lists": "".join("  " * depth + "- a\n" for depth in range(300)),
    "table": "|" * 20_000 + "\n" + "|-" * 10_000,
    "html": "<" * 50_000 + "!--" * 10_000,
    "entities": "&" * 50_000,
    "autolinks": "<http://" * 10_000,
    "math": "$" * 20_000 + "\\(" * 10_000,
    "definitions": "[a]: <" * 10_000,
    "mail addresses": "<" + "a@" * 30_000,
    "escaped mail addresses": "<" + "a\\@" * 20_000,
    "links with titles": '[a](b "' * 10_000,
    "pictures": "![" * 20_000,
    "fences": "~" * 50_000 + "\n" + "`" * 50_000,
    "headings": "#" * 50_000 + " a" + " #" * 20_000,
    "tags": "<a " * 20_000,
    "tabs": "\t" * 20_000 + "-" * 20_000,
    "blanks": "a" + " " * 50_000 + "b",
}


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    return desk("1", ("markdown", "x"))


@pytest.mark.parametrize("name", SLOW_TEXTS)
def test_row_56_markdown_that_costs_time_is_rendered_soon(nb: NotebookPage, name: str) -> None:
    took_ms = nb.page.evaluate(
        """(text) => new Promise((resolve) => {
            const began_ms = performance.now()
            require('base/js/markdown').render(text, { with_math: true, clean_tables: true, sanitize: true },
              () => resolve(performance.now() - began_ms))
        })""",
        SLOW_TEXTS[name],
    )
    assert took_ms < TIME_LIMIT_MS


@pytest.mark.parametrize("name", SLOW_TEXTS)
def test_row_58_the_editor_takes_text_that_costs_time(nb: NotebookPage, name: str) -> None:
    took_ms = nb.page.evaluate(
        """(text) => {
            const editor = Jupyter.notebook.get_cell(1).code_mirror
            const began_ms = performance.now()
            editor.setValue(text)
            for (let line = 0; line < Math.min(editor.lineCount(), 500); line += 1) editor.getLineTokens(line)
            return performance.now() - began_ms
        }""",
        SLOW_TEXTS[name],
    )
    nb.page.evaluate("() => Jupyter.notebook.get_cell(1).code_mirror.setValue('x')")
    assert took_ms < TIME_LIMIT_MS


def test_row_55_every_link_that_leaves_cannot_reach_back(open_notebook: OpenNotebook) -> None:
    text = r"[a](https://a.example) <https://b.example> $\href{https://c.example}{x}$ <a href='https://d.example'>d</a>"
    html = {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<a href='https://e.example'>e</a>"}}
    nb = open_notebook("1", ("markdown", text))
    nb.page.evaluate("(html) => Jupyter.notebook.get_cell(0).output_area.fromJSON([html], {})", html)
    expect(nb.cell(1).locator("mjx-container a[href]")).to_be_attached(timeout=15_000)
    bare = """() => [...document.querySelectorAll('.cell a[href]')]
        .filter((link) => !link.getAttribute('href').startsWith('#'))
        .filter((link) => link.target !== '_blank' && link.getAttribute('target') !== '_blank'
            || !/noopener/.test(link.getAttribute('rel') ?? '') || !/noreferrer/.test(link.getAttribute('rel') ?? ''))
        .map((link) => link.outerHTML)"""
    nb.page.wait_for_function(f"() => ({bare})().length === 0")


FORMULAS = (
    r"\data{toggle=collapse,target=\#header}{a} \data{jupyter-action=jupyter-notebook:run-all-cells}{b}",
    r'\mmlToken{mi}[onclick="window.pwned=1",id="site",data-toggle="modal",style="position:fixed"]{c}',
    r"\href{javascript:window.pwned=1}{d} \href{data:text/html,x}{e} \href{vbscript:x}{f} \href{JaVa script:x}{g}",
    r"\class{modal in}{h} \cssId{notebook}{i} \style{position:fixed;top:0}{j} \bbox[position:fixed;top:0]{k}",
    r"\unicode[<img src=x onerror=window.pwned=1>]{65} \text{<img src=x onerror=window.pwned=1>}",
    r"\require{../../files/evil} \includegraphics{https://evil.example/x.png}",
    r"\def\m{\m\m}\m",
    r"\newcommand{\n}[1]{#1#1#1#1#1#1#1#1#1#1} \n{\n{\n{\n{\n{\n{\n{\n{a}}}}}}}}",
)


def test_row_57_formulas_command_nothing_and_lead_nowhere(open_notebook: OpenNotebook) -> None:
    requests: list[str] = []
    open_notebook.context.on("request", lambda request: requests.append(request.url))
    nb = open_notebook(*(("markdown", f"${formula}$") for formula in FORMULAS))
    expect(nb.page.locator("mjx-container")).to_have_count(len(FORMULAS), timeout=30_000)
    nb.page.evaluate(
        """() => { for (const e of document.querySelectorAll('mjx-container *'))
            if (!e.closest('a')) e.dispatchEvent(new MouseEvent('click', { bubbles: true })) }"""
    )
    assert nb.page.evaluate(
        """() => ({
            pwned: window.pwned ?? null,
            header: getComputedStyle(document.getElementById('header')).display,
            ids: [document.querySelectorAll('#site').length, document.querySelectorAll('#notebook').length],
            commands: [...document.querySelectorAll('mjx-container *')].flatMap((e) => e.getAttributeNames())
                .filter((name) => /^on|^data-(toggle|target|jupyter)/.test(name)),
            addresses: [...document.querySelectorAll('mjx-container [href]')]
                .filter((e) => new URL(e.getAttribute('href'), document.baseURI).origin !== location.origin).length,
            covering: [...document.querySelectorAll('mjx-container, mjx-container *')]
                .filter((e) => getComputedStyle(e).position === 'fixed' || e.classList.contains('modal')).length,
        })"""
    ) == {"pwned": None, "header": "block", "ids": [1, 1], "commands": [], "addresses": 0, "covering": 0}
    assert [url for url in requests if "evil" in url] == []


def test_row_59_names_are_text_everywhere(open_notebook: OpenNotebook) -> None:
    evil = "<img src=x onerror=window.pwned=1>"
    folder = open_notebook.root_dir / f"d{evil}"
    folder.mkdir()
    spec = open_notebook.server.data_dir / "kernels" / "evilname"
    spec.mkdir(parents=True)
    argv = ["python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": evil, "language": evil}))
    try:
        name = f"n{evil}.ipynb"
        path = open_notebook.write("1", name=name)
        (folder / "x.txt").write_text("x")
        for page in (open_notebook.visit("tree"), open_notebook.existing(path).page):
            for menu in page.locator(".dropdown-toggle").all():
                menu.click()
            page.wait_for_timeout(300)
            assert page.evaluate("() => window.pwned ?? null") is None
            assert page.locator("img[onerror]").count() == 0
            assert evil in page.evaluate("() => document.body.textContent")
    finally:
        (spec / "kernel.json").unlink()
        spec.rmdir()
