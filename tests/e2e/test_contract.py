"""What extensions find in each page of a browser: modules by their AMD ids, the ``Jupyter`` namespace, globals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import OpenNotebook

CONTRACT = Path(__file__).resolve().parents[2] / "frontend" / "test" / "contract"
AMD_IDS: dict[str, dict[str, list[str]]] = json.loads((CONTRACT / "amd_ids.json").read_text(encoding="utf-8"))

NAMESPACE: dict[str, list[str]] = json.loads((CONTRACT / "namespace.json").read_text(encoding="utf-8"))

REQUIRE_EACH = """async (wanted) => {
  const missing = {}
  for (const [id, names] of Object.entries(wanted)) {
    try {
      const given = await new Promise((resolve, reject) => requirejs([id], resolve, reject))
      const absent = names.filter((name) => given?.[name] === undefined)
      if (absent.length > 0) missing[id] = absent
    } catch (error) {
      missing[id] = String(error)
    }
  }
  return missing
}"""

LIBRARIES = ["moment", "underscore", "backbone", "jquery-ui", "jed"]
GLOBALS = ["require", "requirejs", "define", "$", "jQuery", "CodeMirror", "MathJax", "sys_info"]
PAGES = {"tree": "tree", "edit": "edit/contract.txt", "notebook": "notebooks/contract.ipynb"}


def opened(open_notebook: OpenNotebook, page: str) -> Page:
    open_notebook.write("1", name="contract.ipynb")
    (open_notebook.root_dir / "contract.txt").write_text("text")
    where = open_notebook.visit(PAGES[page])
    where.wait_for_function("() => window.Jupyter?.page !== undefined || window.Jupyter?.editor !== undefined")
    return where


@pytest.mark.parametrize("page", ["notebook", "tree", "edit"])
def test_every_documented_id_can_be_required(open_notebook: OpenNotebook, page: str) -> None:
    own = {} if page == "notebook" else AMD_IDS[page]
    of_notebook = {id: names for id, names in AMD_IDS["notebook"].items() if id != "notebook/js/main"}
    wanted = AMD_IDS["shared"] | of_notebook | own | AMD_IDS["effects"]
    assert opened(open_notebook, page).evaluate(REQUIRE_EACH, wanted) == {}


@pytest.mark.own_context
def test_libraries_that_nobody_required_are_not_fetched(open_notebook: OpenNotebook) -> None:
    asked: list[str] = []
    open_notebook.context.on("request", lambda request: asked.append(request.url))
    page = opened(open_notebook, "notebook")
    page.wait_for_function("() => Jupyter.notebook._fully_loaded")
    before = len(asked)
    for library in LIBRARIES:
        page.evaluate("(id) => new Promise((resolve, reject) => requirejs([id], () => resolve(), reject))", library)
        assert len(asked) > before, f"{library} was there before anybody required it"
        before = len(asked)


@pytest.mark.parametrize("page", ["notebook", "tree", "edit"])
def test_the_namespace_has_its_members(open_notebook: OpenNotebook, page: str) -> None:
    there = opened(open_notebook, page)
    wanted = [*NAMESPACE["all"], *NAMESPACE[page]]
    assert there.evaluate("(names) => names.filter((name) => Jupyter[name] === undefined)", wanted) == []
    assert there.evaluate("() => Jupyter === IPython && /^[0-9]+[.][0-9]+[.][0-9]+$/.test(Jupyter.version)")


def test_the_globals_of_the_notebook_page_are_there(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("1")
    missing: list[str] = nb.page.evaluate("(names) => names.filter((name) => window[name] === undefined)", GLOBALS)
    assert missing == []
    assert nb.page.evaluate("() => $('div#notebook').data('notebook') === Jupyter.notebook")
