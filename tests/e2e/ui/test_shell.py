"""The page around the notebook: body, title, header, logo, what is loaded and where it ends."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.e2e.ui.desk import Desk


@pytest.mark.ui_row("0 body", "0 title")
def test_body_and_title_tell_which_notebook_this_is(desk: Desk) -> None:
    body = desk.page.locator("body")
    expect(body).to_have_class(re.compile(r"\bnotebook_app\b"))
    facts = body.evaluate("b => ({...b.dataset})")
    name = desk.disk_path.name
    assert unquote(facts["notebookName"]) == unquote(facts["notebookPath"]) == name
    assert facts["wsUrl"] == ""
    assert {"baseUrl", "jupyterApiToken"} <= set(facts)
    assert desk.page.title() == f"{name.removesuffix('.ipynb')} - Jupyter Notebook"


@pytest.mark.ui_row("0 favicon")
def test_the_favicon_tells_whether_the_kernel_works(desk: Desk) -> None:
    icon = desk.page.locator("link#favicon")
    expect(icon).to_have_attribute("href", re.compile("favicon-notebook"))
    desk.do("desk.cell(1).set_text('import time; time.sleep(3)'); nb.execute_cells([1]);")
    expect(icon).to_have_attribute("href", re.compile("favicon-busy-1"))
    expect(icon).to_have_attribute("href", re.compile("favicon-notebook"), timeout=10_000)


@pytest.mark.ui_row("0.1 language")
def test_the_page_is_laid_out_as_the_browsers_language_is_read(desk: Desk) -> None:
    assert desk.do("document.body.dir") == "ltr"
    assert desk.do("document.documentElement.lang") == "en"  # of our texts: a screen reader speaks them
    browser = desk.page.context.browser
    assert browser is not None
    context = browser.new_context(locale="he-IL", storage_state=desk.page.context.storage_state())
    page = context.new_page()
    page.goto(desk.page.url)
    page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded === true")
    assert page.evaluate("() => document.body.dir") == "rtl"
    context.close()


@pytest.mark.ui_row("0.1 stylesheets", "0.1 header", "0.1 custom", "0.1 token")
def test_header_and_styles_are_nested_as_documented(desk: Desk) -> None:
    page = desk.page
    styles = page.eval_on_selector_all("link[rel=stylesheet][href]", "links => links.map(l => l.getAttribute('href'))")
    assert "custom/custom.css" in [style for style in styles if "kernelspecs/" not in style][-1]
    assert (
        page.locator("#header > #header-container.container > #ipython_notebook.nav.navbar-brand > a > img").count()
        == 1
    )
    assert page.locator("#header > .header-bar").count() == 1
    assert page.locator("#login_widget > button#logout.btn.btn-sm.navbar-btn").text_content() == "Logout"
    assert page.evaluate("() => require.specified('custom/custom')") is True
    page_with_token = page.context.new_page()
    page_with_token.goto(f"{page.url}?token=x&a=1")
    page_with_token.wait_for_function("() => location.search === '?a=1'")
    page_with_token.close()


@pytest.mark.ui_row("0.1 site height")
def test_the_site_fills_the_window_below_the_header(desk: Desk) -> None:
    heights = "[$('#site').outerHeight() + $('#header').outerHeight(), innerHeight]"
    before, window = desk.do(heights)
    assert abs(before - window) < 2
    desk.do("nb.header = false;")
    desk.wait("Math.abs($('#site').outerHeight() + $('#header').outerHeight() - innerHeight) < 2")


@pytest.mark.ui_row("1.1 name", "1.1 status")
def test_the_name_opens_the_rename_dialog_by_mouse_and_key(desk: Desk) -> None:
    name = desk.page.locator("span#save_widget.save_widget > span#notebook_name.filename")
    expect(name).to_have_text(desk.disk_path.stem)
    name.click()
    desk.wait("desk.dialog() === 'Rename Notebook'")
    desk.button("Cancel")
    name.focus()
    desk.page.keyboard.press("Enter")
    desk.wait("desk.dialog() === 'Rename Notebook'")
    desk.button("Cancel")
    expect(desk.page.locator("#save_widget > .checkpoint_status, #save_widget > .autosave_status")).to_have_count(2)
    desk.press("s")
    expect(desk.page.locator(".checkpoint_status")).to_contain_text("Last Checkpoint")
    desk.press("b")
    expect(desk.page.locator(".autosave_status")).to_contain_text("unsaved changes")


@pytest.mark.ui_row("1.1 logo")
def test_the_kernels_logo_has_its_name(desk: Desk) -> None:
    logo = desk.page.locator("span#kernel_logo_widget > img.current_kernel_logo")
    expect(logo).to_be_visible()
    expect(logo).to_have_attribute("title", re.compile("Python 3"))
