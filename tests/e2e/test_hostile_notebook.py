"""Rows 50 to 65 of the attack list in a real browser: opening a notebook of a stranger runs nothing of it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from tests.e2e.conftest import OpenNotebook

PWN = "top.pwned=(top.pwned||0)+1"
EVIL_SCRIPT = f"{PWN}; define && define([], function () {{ return {{}}; }})"
MARKUP = [
    f"<script>{PWN}</script>",
    f"<img src=x onerror='{PWN}'>",
    f"<svg onload='{PWN}'><script>{PWN}</script><use href='data:image/svg+xml,<svg/>'/></svg>",
    f"<svg><animate onbegin='{PWN}' attributeName=x dur=1s></svg>",
    f"<svg><a xlink:href='javascript:{PWN}'><text y=20>svg link</text></a></svg>",
    f"<svg><a><animate attributeName=href values='javascript:{PWN}'/><text y=20>animated</text></a></svg>",
    f"<iframe srcdoc='<script>{PWN}</script>'></iframe><iframe src='javascript:{PWN}'></iframe>",
    f"<object data='data:text/html,<script>{PWN}</script>'></object><embed src='javascript:{PWN}'>",
    f"<form action='javascript:{PWN}'><button>send</button><input type=submit formaction='javascript:{PWN}'></form>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'><style>@import 'https://evil.example/y.css';</style>",
    "<img src='https://evil.example/z.png' style='background:url(https://evil.example/s.png)'>",
    f"<a href='javascript:{PWN}'>plain</a> <a href='JaVa\tScRiPt:{PWN}'>tab</a> <a href='&#1;javascript:{PWN}'>one</a>",
    f"<a href='data:text/html,<script>{PWN}</script>'>data</a> <a href='vbscript:{PWN}'>vb</a>",
    f"<details open ontoggle='{PWN}'>x</details><video src=x onerror='{PWN}'></video><marquee onstart='{PWN}'>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={PWN}&gt;'>",
    f"<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror={PWN} src>'>",
    f"<svg></p><style><a id='</style><img src=1 onerror={PWN}>'>",
    f"<noscript><p title='</noscript><img src=x onerror={PWN}>'></noscript>",
    f"<select><option><selectedcontent><img src=x onerror='{PWN}'></select>",
    f"<template><img src=x onerror='{PWN}'></template><div><template shadowrootmode=open><img src=x onerror='{PWN}'>",
    f"<xmp><img src=x onerror='{PWN}'></xmp><plaintext><img src=x onerror='{PWN}'>",
    f"{'<div>' * 600}<img src=x onerror='{PWN}'>{'</div>' * 600}",
    f"<div data-toggle=tooltip data-html=true title='<img src=x onerror={PWN}>' "
    f"data-loading-text='<img src=x onerror={PWN}>'"
    f" data-template='<img src=x onerror={PWN}>' data-target='<img src=x onerror={PWN}>'>hover</div>",
    "<button class='btn' data-jupyter-action='jupyter-notebook:run-all-cells' data-notification='x'>run</button>",
    "<a id=location></a><a id=IPython name=IPython></a><a id=Jupyter></a>",
    "<form id=attributes><input name=attributes></form>",
    "<img name=getElementById><img name=body><a id=require></a><a id=define></a><a id=MathJax></a><a id=notebook></a>",
    "<a id=__proto__></a><a name=currentScript id=requirejs></a><div id=site></div><div id=notebook-container></div>",
    "<div style='position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999'>cover</div>",
    "<label for=logout>a click on this is one on the button</label><output for=logout>and on this</output>",
    "<a id=exports></a><a id=module></a><a name=exports></a>",
]
TEXTS = [
    f"\x1b]8;;javascript:{PWN}\x07osc link\x1b]8;;\x07",
    f"\x1b]8;;data:text/html,<script>{PWN}</script>\x1b\\osc\x1b]8;;\x1b\\",
    f"\x1b]52;c;cHduZWQ=\x07\x1b]0;<img src=x onerror={PWN}>\x07\x1b[6n",
    f"http://x/'onmouseover='{PWN}' https://x/\"onclick=\"{PWN}\" javascript:{PWN}",
    f"\x1b[38;2;1;2;'onclick={PWN}'m<img src=x onerror={PWN}>\x1b[0m",
    f"\b<script>{PWN}</script>\r<img src=x onerror={PWN}>",
]
FORMULAS = [
    rf"\href{{javascript:{PWN}}}{{click}}",
    rf"\unicode{{<img src=x onerror={PWN}>}} \style{{background:url(https://evil.example)}}{{x}} \class{{navbar}}{{y}}",
    rf"\require{{html}} \cssId{{notebook}}{{z}} \text{{<img src=x onerror={PWN}>}}",
    r"\def\a{\a\a}\a",
]
LINKS = [f"[a](javascript:{PWN})", f"![a](javascript:{PWN})", f"[a](  java\nscript:{PWN})", f"<javascript:{PWN}>"]
LINKS += [f"[a]: javascript:{PWN}\n[a]", f"[x](data:text/html,<script>{PWN}</script>)", f"`<img src=x onerror={PWN}>`"]
LINKS += [
    f"```<img/src=x/onerror={PWN}>\ncode\n```",
    f"# <img src=x onerror={PWN}>",
    "# location",
    "# notebook",
    "# exports",
    "# module",
]
POLLUTION = {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}


def outputs() -> Iterator[dict[str, Any]]:
    """One output of every kind that can carry markup."""
    for text in MARKUP:
        yield {"output_type": "display_data", "metadata": {}, "data": {"text/html": text}}
        yield {"output_type": "display_data", "metadata": {"isolated": True}, "data": {"text/html": text}}
        yield {
            "output_type": "display_data",
            "metadata": {"text/html": {"isolated": True}},
            "data": {"text/html": text},
        }
        yield {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": text}}
        yield {"output_type": "display_data", "metadata": {}, "data": {"text/latex": text}}
        yield {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": f"<svg>{text}</svg>"}}
    for text in TEXTS:
        yield {"output_type": "stream", "name": f"stdout' onclick='{PWN}", "text": text}
        yield {"output_type": "display_data", "metadata": {}, "data": {"text/plain": text}}
        yield {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]}
    yield {"output_type": "display_data", "metadata": {}, "data": {"application/javascript": PWN}}
    yield {"output_type": "display_data", "metadata": {}, "data": {"text/javascript": PWN}}
    for mime in ("image/png", "image/jpeg", "application/pdf"):
        data = {mime: f"x' onerror='{PWN}"}
        yield {"output_type": "display_data", "metadata": {mime: {"width": f"1' onload='{PWN}"}}, "data": data}
    yield {"output_type": "display_data", "metadata": POLLUTION, "data": {"application/json": POLLUTION}}
    widget = {"model_id": "../../files/evil", "version_major": 2, "version_minor": 0}
    yield {"output_type": "display_data", "metadata": {}, "data": {"application/vnd.jupyter.widget-view+json": widget}}


def climbing(name: str) -> list[str]:
    """Names that lead a module loader to the file ``name`` of the root, from wherever it starts."""
    climbs = [f"x{'/..' * depth}/{place}/{name}" for depth in (3, 5, 9) for place in ("files", "a/b/files")]
    return [*climbs, *(f"../../../../../../{place}/{name}" for place in ("files", "a/b/files"))]


def hostile_notebook(mode: object, base_url: str) -> dict[str, Any]:
    """A notebook that tries everything on whoever opens it."""
    made = itertools.count()
    fences = [f"```{name}\nx\n```" for name in climbing("evil")]
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "id": f"m{next(made)}", "metadata": {}, "source": text}
        for text in [*MARKUP, *LINKS, *(f"$${formula}$$" for formula in FORMULAS), *fences]
    ]
    for output in outputs():
        source = f"%%{climbing('evil')[0]}\nx"
        cell = {"cell_type": "code", "metadata": dict(POLLUTION), "source": source, "execution_count": None}
        cells.append({**cell, "id": f"c{next(made)}", "outputs": [output]})
    evil = f"{base_url}files/evil.js"
    metadata = {
        "kernelspec": {"name": "python3", "display_name": f"<img src=x onerror={PWN}>", "language": "../../files/evil"},
        "language_info": {
            "name": "../../files/evil",
            "codemirror_mode": mode,
            "mimetype": "text/x",
            "pygments_lexer": "../x",
        },
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"x": {"model_module": evil}}}},
        "nbextensions": {evil: True},
        "load_extensions": {"../files/evil": True},
        "requirejs": {"paths": {"jquery": evil}},
        "celltoolbar": f"<img src=x onerror={PWN}>",
        "title": f"<img src=x onerror={PWN}>",
        **POLLUTION,
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


TOUCH_EVERYTHING = """() => {
  for (const element of document.querySelectorAll(".rendered_html *, .output_subarea *")) {
    if (element.firstElementChild && !element.attributes.length) continue  // what its children send comes by
    for (const kind of ["mouseover", "mouseenter", "focus", "click"]) {
      if (kind === "click" && element.closest("a[target=_blank]")) continue
      element.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }))
    }
  }
}"""
WHAT_CHANGED = """() => ({
  pwned: window.pwned ?? null,
  polluted: ({}).polluted ?? null,
  ours: [window.Jupyter === window.IPython, typeof Jupyter.notebook.save_notebook, typeof document.getElementById,
         typeof window.requirejs, typeof window.location.href, document.querySelectorAll("#notebook").length,
         typeof window.exports, typeof window.module],
  risky: [...document.querySelectorAll(".cell [href], .cell [src], .cell [action], .cell [formaction]")]
    .map((element) => element.getAttribute("href") || element.getAttribute("src") || "")
    .filter((address) => /^[\\s\\u0000-\\u0020]*(java|vb)script|^data:text/i.test(address.replace(/[\\t\\n]/g, ""))),
  attributes: [...document.querySelectorAll(".rendered_html *, .output_subarea *")].flatMap((element) =>
    element.getAttributeNames().filter((name) => /^on|^data-(toggle|target|template|loading|jupyter)/.test(name))),
  covering: [...document.querySelectorAll(".rendered_html *, .output_subarea *")]
    .filter((element) => getComputedStyle(element).position === "fixed").length,
})"""
UNCHANGED = {
    "pwned": None,
    "polluted": None,
    "ours": [True, "function", "function", "function", "string", 1, "undefined", "undefined"],
    "risky": [],
    "attributes": [],
    "covering": 0,
}


@pytest.mark.parametrize("way", ["gunicorn", "mounted"])
@pytest.mark.own_context
def test_rows_50_to_65_a_strangers_notebook_runs_nothing(open_notebook: OpenNotebook, way: str) -> None:
    (open_notebook.root_dir / "evil.js").write_text(EVIL_SCRIPT)
    watch = Watch(open_notebook)
    content = hostile_notebook(climbing("evil")[0], open_notebook.server.base_url)
    nb = open_notebook.raw("hostile.ipynb", json.dumps(content))
    nb.page.evaluate(TOUCH_EVERYTHING)
    nb.page.wait_for_timeout(500)
    assert nb.page.evaluate(WHAT_CHANGED) == UNCHANGED
    assert (watch.scripts_of_the_stranger(), watch.foreign(), watch.dialogs) == ([], set(), [])


@pytest.mark.parametrize("way", ["gunicorn", "mounted"])
@pytest.mark.own_context
def test_row_65_the_name_of_a_mode_leads_to_no_script_of_the_stranger(open_notebook: OpenNotebook, way: str) -> None:
    (open_notebook.root_dir / "evil.js").write_text(EVIL_SCRIPT)
    watch = Watch(open_notebook)
    nb = open_notebook("1")
    for name in climbing("evil"):
        nb.page.evaluate("(name) => Jupyter.notebook.set_codemirror_mode({ name })", name)
        nb.page.evaluate("(name) => Jupyter.notebook.set_codemirror_mode(name)", name)
    nb.page.wait_for_timeout(1000)
    assert watch.scripts_of_the_stranger() == []
    assert nb.page.evaluate("() => window.pwned ?? null") is None


class Watch:
    """What a context's pages ask for and pop up."""

    def __init__(self, open_notebook: OpenNotebook) -> None:
        self._ours = urlsplit(open_notebook.server.base_url).netloc
        self._requests: list[Request] = []
        self.dialogs: list[str] = []
        open_notebook.context.on("request", lambda request: self._requests.append(request))  # noqa: PLW0108
        open_notebook.context.on("page", self._listen)

    def _listen(self, page: Page) -> None:
        page.on("dialog", lambda dialog: self.dialogs.append(dialog.message))

    def scripts_of_the_stranger(self) -> list[str]:
        """Files of the root that were loaded as scripts."""
        return [one.url for one in self._requests if one.resource_type == "script" and "evil" in one.url]

    def foreign(self) -> set[str]:
        """Other servers that were asked; pictures by address are allowed to notebooks."""
        asked = (one for one in self._requests if one.url.startswith("http") and one.resource_type != "image")
        return {urlsplit(one.url).netloc for one in asked} - {self._ours}
