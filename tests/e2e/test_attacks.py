"""Rows 60 to 68 of the attack list in a real browser: errors, kernels' text, pictures, names, trust, windows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import READY_TIMEOUT_MS, NotebookPage, notebook_json
from tests.e2e.test_hostile_notebook import EVIL_SCRIPT, PWN, Watch, climbing

MARKUP = f"<img src=x onerror={PWN}>"
PWNED = "() => window.pwned ?? null"
SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' onload='top.pwned=1'>"
    "<script>try { top.pwned = 1 } catch (e) {} ; fetch('{base}api/contents').then(a => a.status)"
    ".then(s => document.documentElement.setAttribute('data-read', s), () => 0)</script>"
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><img src='x' onerror='top.pwned=1'/></body>"
    "</foreignObject>"
    "<use href='https://evil.example/x.svg#a'/></svg>"
)


def loaded(opener: OpenNotebook, path: str) -> NotebookPage:
    page = opener.visit(f"notebooks/{quote(path)}")
    page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded === true", timeout=READY_TIMEOUT_MS)
    return NotebookPage(page)


@pytest.mark.parametrize(
    "path",
    [
        f"tree/{quote(MARKUP)}",
        f"notebooks/{quote(MARKUP)}.ipynb",
        f"edit/{quote(MARKUP)}",
        f"view/{quote(MARKUP)}",
        f"nbconvert/{quote(MARKUP)}/a.ipynb",
        f"bundle/a.ipynb?bundler={quote(MARKUP)}",
        f"login?next={quote(MARKUP)}",
        f"tree?token={quote(MARKUP)}",
        f"api/contents/{quote(MARKUP)}",
        f"api/kernelspecs/{quote(MARKUP)}",
    ],
)
def test_row_60_what_is_repeated_of_an_address_is_text(desk: OpenNotebook, path: str) -> None:
    page = desk.visit(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(PWNED) is None
    assert page.locator("img[onerror]").count() == 0
    page.close()


def test_row_61_what_a_kernel_prints_reaches_no_clipboard_title_or_link(desk: OpenNotebook) -> None:
    code = (
        "import sys\n"
        "E, B = chr(27), chr(7)\n"
        "print(E + ']52;c;cHduZWQ=' + B + E + ']0;pwned' + B + E + '[6n' + E + 'c' + E + 'P$q' + E + chr(92))\n"
        "print(E + ']8;;javascript:top.pwned=1' + B + 'click' + E + ']8;;' + B)\n"
        "print('<img src=x onerror=top.pwned=1>', file=sys.stderr)\n"
        "raise ValueError(E + ']8;;javascript:top.pwned=1' + B + '<img src=x onerror=top.pwned=1>' + E + ']8;;' + B)"
    )
    nb = desk(code)
    title = nb.page.title()
    nb.page.evaluate("() => navigator.clipboard.writeText('mine')")
    nb.run_all()
    expect(nb.output(0)).to_contain_text("ValueError")
    assert nb.page.title().removeprefix("(busy) ") == title
    assert nb.page.evaluate("() => navigator.clipboard.readText()") == "mine"
    assert nb.output(0).locator("img").count() == 0
    links = nb.output(0).locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(links) <= {"http:", "https:", "ftp:"}
    assert nb.page.evaluate(PWNED) is None


def test_row_62_a_drawing_runs_nothing_wherever_it_is_shown(desk: OpenNotebook) -> None:
    watch = Watch(desk)
    svg = SVG.replace("{base}", desk.server.base_url)
    (desk.root_dir / "evil.svg").write_text(svg)
    inline = f"data:image/svg+xml,{quote(svg)}"
    document = notebook_json(
        ("markdown", f"![](evil.svg) ![]({inline}) <img src='evil.svg'> ![](attachment:evil.svg)\n\n{svg}"), "1"
    )
    document["cells"][0]["attachments"] = {"evil.svg": {"image/svg+xml": svg}}
    document["cells"][1]["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": svg, "text/plain": "instead"}},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": f"<img src='{inline}'>{svg}"}},
    ]
    (desk.root_dir / "drawings.ipynb").write_text(json.dumps(document))
    nb = loaded(desk, "drawings.ipynb")
    expect(nb.output(1)).to_contain_text("instead")
    nb.page.wait_for_timeout(500)
    assert nb.page.evaluate(PWNED) is None
    assert nb.page.locator(".cell script, .cell foreignObject, .cell [onload]").count() == 0
    assert watch.foreign() == set()
    for path in ("files/evil.svg", "view/evil.svg"):
        page = desk.visit(path)
        page.wait_for_timeout(300)
        frame = page.frames[-1]  # of its own origin: what it runs there has nothing to reach
        assert frame.evaluate("() => document.documentElement.getAttribute('data-read')") is None, "it read the API"
        page.close()


POLLUTION = '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'


def test_row_63_no_object_of_the_page_is_polluted(desk: OpenNotebook) -> None:
    folder = desk.server.config_dir / "nbconfig"
    folder.mkdir(parents=True, exist_ok=True)
    sections = [folder / f"{name}.json" for name in ("notebook", "common", "tree")]
    for path in sections:
        path.write_text(f'{{"Cell": {POLLUTION}, "CodeCell": {{"cm_config": {POLLUTION}}}, {POLLUTION[1:]}')
    try:
        text = json.dumps(notebook_json("1", ("markdown", "a")))
        text = text.replace('"metadata": {}', f'"metadata": {POLLUTION}').replace(
            '"nbformat": 4', f'"nbformat": 4, {POLLUTION[1:-1]}'
        )
        (desk.root_dir / "polluted.ipynb").write_text(text)
        nb = loaded(desk, "polluted.ipynb")
        nb.page.evaluate("() => Jupyter.notebook.insert_cell_below('code')")
        nb.page.evaluate("() => Jupyter.notebook.save_notebook()")
        nb.page.evaluate("text => Jupyter.notebook.config.update(JSON.parse(text)).catch(() => 0)", POLLUTION)
        for page in (nb.page, desk.visit("tree")):
            page.wait_for_load_state("networkidle")
            assert (
                page.evaluate("() => [({}).polluted ?? null, [].polluted ?? null, (() => 0).polluted ?? null]")
                == [None] * 3
            )
    finally:
        for path in sections:
            path.unlink()
            (desk.server.config_dir / "serverconfig" / path.name).unlink(missing_ok=True)


def stranger_names(desk: OpenNotebook) -> list[str]:
    """Names that lead a module loader to a stranger's script, which lies in the root now."""
    (desk.root_dir / "evil.js").write_text(EVIL_SCRIPT)
    return [*climbing("evil"), f"{desk.server.base_url}files/evil.js", "//evil.example/x", "data:text/javascript,1"]


def named_by_widgets(names: list[str]) -> dict[str, Any]:
    """A notebook whose saved widgets name these modules."""
    state = {
        str(number): {
            "model_name": "M",
            "model_module": name,
            "model_module_version": "1.0.0",
            "state": {"_view_module": name},
        }
        for number, name in enumerate(names)
    }
    document = notebook_json("1")
    document["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"version_major": 2, "version_minor": 0, "state": state}
    }
    view = {"model_id": "0", "version_major": 2, "version_minor": 0}
    document["cells"][0]["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"application/vnd.jupyter.widget-view+json": view}}
    ]
    return document


AS_IPYWIDGETS_DOES = """async () => {
    const {state} = Jupyter.notebook.metadata.widgets['application/vnd.jupyter.widget-state+json']
    for (const {model_module} of Object.values(state))
        await new Promise((done) => requirejs([model_module], done, done))
}"""


def test_row_64_no_widget_or_comm_names_a_script_of_the_stranger(desk: OpenNotebook) -> None:
    names = stranger_names(desk)
    (desk.root_dir / "widgets.ipynb").write_text(json.dumps(named_by_widgets(names)))
    watch = Watch(desk)
    nb = loaded(desk, "widgets.ipynb").wait_ready()
    nb.page.evaluate(
        """names => names.forEach((name, number) => {
            const content = {comm_id: `c${number}`, target_name: 'evil', target_module: name, data: {}};
            Jupyter.notebook.kernel.comm_manager.comm_open({content, metadata: {}, buffers: []})?.catch?.(() => 0);
        })""",
        names,
    )
    nb.page.evaluate(AS_IPYWIDGETS_DOES)
    nb.page.wait_for_timeout(1_000)
    assert (watch.scripts_of_the_stranger(), watch.foreign()) == ([], set())
    assert nb.page.evaluate(PWNED) is None


def test_row_65_no_setting_names_a_script_of_the_stranger(desk: OpenNotebook) -> None:
    names = stranger_names(desk)
    path = desk.server.config_dir / "nbconfig" / "common.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"load_extensions": dict.fromkeys(names, True)}))
    try:
        watch = Watch(desk)
        for page in (desk.visit("tree"), loaded(desk, desk.write("1", name="named.ipynb")).page):
            page.wait_for_load_state("networkidle")
            assert page.evaluate(PWNED) is None
        assert (watch.scripts_of_the_stranger(), watch.foreign()) == ([], set())
    finally:
        path.unlink()


HOSTILE_OUTPUT = {
    "output_type": "display_data",
    "metadata": {},
    "data": {"text/html": f"<b>b</b><script>{PWN}</script>"},
}


def trust_of(page: Page) -> str:
    return page.locator("#notification_trusted").inner_text()


def test_row_66_trust_is_lost_with_a_foreign_change_and_not_given_by_a_name(desk: OpenNotebook) -> None:
    nb = desk("print(1)", name="trusted.ipynb")
    nb.run_all()
    nb.save()
    nb.page.close()
    path = desk.root_dir / "trusted.ipynb"
    assert trust_of(loaded(desk, "trusted.ipynb").page) == "Trusted"
    document = json.loads(path.read_text())
    document["cells"][0]["outputs"].append(HOSTILE_OUTPUT)
    path.write_text(json.dumps(document))
    nb = loaded(desk, "trusted.ipynb")
    expect(nb.output(0)).to_contain_text("b")
    assert (trust_of(nb.page), nb.page.evaluate(PWNED)) == ("Not Trusted", None)
    nb.page.evaluate("() => Jupyter.notebook.rename('renamed.ipynb')")
    nb.page.evaluate("() => { Jupyter.notebook.get_cell(0).set_text('x'); return Jupyter.notebook.save_notebook() }")
    nb = loaded(desk, "renamed.ipynb")
    assert (trust_of(nb.page), nb.page.evaluate(PWNED)) == ("Not Trusted", None)


@pytest.fixture
def broken_signatures(desk: OpenNotebook) -> Iterator[None]:
    """The store of signatures, which all tests of the server share, is damaged for one of them."""
    kept = {store: store.read_bytes() for store in desk.server.data_dir.glob("nbsignatures.db*")}
    for store in kept:
        store.write_bytes(b"this is no database" * 100)
    yield
    for store in desk.server.data_dir.glob("nbsignatures.db*"):
        store.unlink()
    for store, content in kept.items():
        store.write_bytes(content)


@pytest.mark.usefixtures("broken_signatures")
def test_row_66_a_broken_store_of_signatures_trusts_nothing_and_lets_save(desk: OpenNotebook) -> None:
    document = notebook_json("1")
    document["cells"][0]["outputs"] = [HOSTILE_OUTPUT]
    (desk.root_dir / "unsigned.ipynb").write_text(json.dumps(document))
    nb = loaded(desk, "unsigned.ipynb")
    assert (trust_of(nb.page), nb.page.evaluate(PWNED)) == ("Not Trusted", None)
    nb.page.evaluate(
        "() => { Jupyter.notebook.get_cell(0).set_text('saved'); return Jupyter.notebook.save_notebook() }"
    )
    assert "saved" in (desk.root_dir / "unsigned.ipynb").read_text()


def test_row_68_what_a_notebook_links_to_cannot_reach_back(desk: OpenNotebook) -> None:
    (desk.root_dir / "there.html").write_text(
        "<!doctype html><title>t</title><script>document.title = String(opener)</script>"
    )
    nb = loaded(desk, desk.write(("markdown", "[there](there.html) [files](/files/there.html)"), name="links.ipynb"))
    for link in nb.cell(0).locator("a[target=_blank]").all():
        with nb.page.context.expect_page() as opened:
            link.click()
        other = opened.value
        other.wait_for_load_state()
        assert other.evaluate("() => window.opener") is None
        other.close()
