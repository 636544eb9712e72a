"""What code prints and displays, seen in the page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage, notebook_json

PNG_1X1 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'

Show = Callable[..., NotebookPage]


@pytest.fixture(scope="module")
def shared(desk: OpenNotebook) -> NotebookPage:
    return desk("1")


@pytest.fixture
def show(shared: NotebookPage) -> Show:
    """Puts these cells into the page that the module's tests share, with its kernel."""

    def fill(*sources: str) -> NotebookPage:
        shared.page.evaluate(
            """content => {
                const nb = Jupyter.notebook;
                nb.fromJSON({path: nb.notebook_path, name: nb.notebook_name, content});
            }""",
            notebook_json(*sources),
        )
        expect(shared.page.locator("#notebook-container > .cell")).to_have_count(len(sources))
        return shared

    return fill


def test_stdout_and_stderr_look_different(show: Show) -> None:
    nb = show("import sys\nprint('to stdout')\nprint('to stderr', file=sys.stderr)")
    nb.run_all()
    expect(nb.output(0).locator(".output_stdout pre")).to_have_text("to stdout\n")
    expect(nb.output(0).locator(".output_stderr pre")).to_have_text("to stderr\n")


def test_ansi_colours_become_classes(show: Show) -> None:
    nb = show(r"print('\x1b[31mred\x1b[0m \x1b[1mbold\x1b[0m \x1b[38;2;1;2;3mtrue\x1b[0m')")
    nb.run_all()
    expect(nb.output(0).locator(".ansi-red-fg")).to_have_text("red")
    expect(nb.output(0).locator(".ansi-bold")).to_have_text("bold")
    expect(nb.output(0).locator("pre")).to_have_text("red bold true\n")


def test_carriage_return_overwrites_the_line(show: Show) -> None:
    nb = show(r"for n in range(5): print(f'\rstep {n}', end='', flush=True)")
    nb.run_all()
    expect(nb.output(0).locator("pre")).to_have_text("step 4")


def test_an_error_shows_its_traceback_and_stops_the_queue(show: Show) -> None:
    nb = show("1/0", "print('never')")
    nb.run_all()
    expect(nb.output(0).locator(".output_error")).to_contain_text("ZeroDivisionError")
    expect(nb.output(1)).to_be_empty()


def test_the_result_has_its_prompt(show: Show) -> None:
    nb = show("6 * 7")
    nb.run_all()
    expect(nb.output(0).locator(".output_result")).to_have_text("42")
    expect(nb.output(0).locator(".output_prompt")).to_contain_text(re.compile(r"Out\s?\[\d+\]:"))
    expect(nb.cell(0).locator(".input_prompt")).to_contain_text(re.compile(r"In\s\[\d+\]:"))


@pytest.mark.parametrize(
    ("display", "selector"),
    [
        ("HTML('<b class=\"mine\">bold</b>')", ".output_html b.mine"),
        ("Markdown('**strong**')", ".output_markdown strong"),
        ("Latex(r'$\\\\alpha^2$')", ".output_latex mjx-container"),
        (f"Image(data=__import__('base64').b64decode('{PNG_1X1}'))", ".output_png img"),
        (f"SVG({SVG!r})", ".output_svg svg rect"),
        ("JSON({'a': [1, 2, {'b': None}]})", ".output_subarea:has-text('3 items')"),
        ("Javascript('element.append(\"<i class=mine>from script</i>\")')", ".output_javascript i.mine"),
    ],
    ids=["html", "markdown", "latex", "png", "svg", "json", "javascript"],
)
def test_every_kind_of_display_is_rendered(show: Show, display: str, selector: str) -> None:
    nb = show(f"from IPython.display import *\ndisplay({display})")
    nb.run_all()
    expect(nb.output(0).locator(selector).first).to_be_attached(timeout=15_000)


@pytest.mark.ui_row("1.18 cross-cell update")
def test_a_display_is_updated_in_place_from_another_cell(show: Show) -> None:
    nb = show("handle = display('before', display_id='one')", "_ = handle.update('after')")
    nb.run_all()
    expect(nb.output(0)).to_contain_text("after")
    expect(nb.output(0)).not_to_contain_text("before")
    expect(nb.output(1)).to_be_empty()


def test_clear_output_with_wait_keeps_the_old_until_the_new_comes(show: Show) -> None:
    nb = show(
        "from IPython.display import clear_output\nprint('old')\nclear_output(wait=True)",
        "from IPython.display import clear_output\nprint('old')\nclear_output(wait=True)\nprint('new')",
    )
    nb.run_all()
    expect(nb.output(0)).to_contain_text("old")
    expect(nb.output(1).locator("pre")).to_have_text("new\n")


@pytest.mark.ui_row("1.18 raw_input")
def test_input_is_asked_for_and_answered(show: Show) -> None:
    nb = show("name = input('Who? ')\nprint('hello', name)")
    nb.page.click("#celllink")
    nb.page.click("#run_all_cells")
    field = nb.output(0).locator("input.raw_input")
    field.fill("Ada")
    field.press("Enter")
    nb.wait_idle()
    expect(nb.output(0)).to_contain_text("Who? Ada")
    expect(nb.output(0)).to_contain_text("hello Ada")


def test_a_password_is_never_shown(show: Show) -> None:
    nb = show("import getpass\nsecret = getpass.getpass('Password: ')\nprint(len(secret))")
    nb.page.click("#celllink")
    nb.page.click("#run_all_cells")
    field = nb.output(0).locator("input.raw_input[type=password]")
    field.fill("hunter22")
    field.press("Enter")
    nb.wait_idle()
    expect(nb.output(0)).not_to_contain_text("hunter22")
    expect(nb.output(0)).to_contain_text("8")


def test_untrusted_scripts_do_not_run(open_notebook: OpenNotebook) -> None:
    html = '<img src=x onerror="window.pwned=1"><b>safe part</b>'
    nb = open_notebook(f"from IPython.display import HTML\nHTML({html!r})")
    nb.run_all()
    nb.save()
    nb.page.evaluate("() => { window.pwned = undefined; }")
    saved = nb.page.evaluate("() => JSON.stringify(Jupyter.notebook.toJSON())")
    other = open_notebook.raw("stranger.ipynb", saved.replace("safe part", "safe part of a stranger"))
    expect(other.output(0)).to_contain_text("safe part of a stranger")
    assert other.page.evaluate("() => window.pwned") is None
    expect(other.page.locator("#notification_trusted")).to_have_text("Not Trusted")


def test_five_thousand_outputs_of_ten_kilobytes_arrive_in_order(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("for n in range(5000):\n    print(f'{n:05d}' + 'y' * 9994, flush=True)")
    nb.run_all()
    assert nb.text_of(0) == "".join(f"{n:05d}" + "y" * 9994 + "\n" for n in range(5000))


def test_twenty_thousand_small_outputs_lose_none(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("for n in range(20000):\n    print(n, flush=True)")
    nb.run_all()
    assert nb.text_of(0).split() == [str(n) for n in range(20000)]
