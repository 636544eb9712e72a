"""What a browser must not be able to do."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request, expect

from tests.e2e.conftest import OpenNotebook

SCRIPT_BUDGET_BYTES = 400_000


def test_a_stranger_meets_the_login_form_and_the_token_opens_it(open_notebook: OpenNotebook, browser: Browser) -> None:
    server = open_notebook.server
    page = browser.new_context().new_page()
    page.goto(f"{server.base_url}tree")
    assert "/login" in page.url
    page.fill("#password_input", "wrong")
    page.click("#login_submit")
    expect(page.locator(".message.error")).to_contain_text("Invalid credentials")
    page.fill("#password_input", server.token)
    page.click("#login_submit")
    expect(page.locator("#notebook_list")).to_be_visible()
    page.click("#logout")
    page.goto(f"{server.base_url}tree")
    assert "/login" in page.url


def test_a_wrong_token_in_the_address_is_named(open_notebook: OpenNotebook, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{open_notebook.server.base_url}tree?token=wrong")
    expect(page.locator(".message.error")).to_contain_text("not this server's token")
    page.fill("#password_input", open_notebook.server.token)
    page.click("#login_submit")
    expect(page.locator("#notebook_list")).to_be_visible()
    page.goto(f"{open_notebook.server.base_url}logout")
    page.goto(f"{open_notebook.server.base_url}tree")
    expect(page.locator("#password_input")).to_be_visible()
    expect(page.locator(".message.error")).to_have_count(0)
    context.close()


def test_the_token_leaves_the_address_bar(open_notebook: OpenNotebook, browser: Browser) -> None:
    server = open_notebook.server
    page = browser.new_context().new_page()
    page.goto(f"{server.base_url}tree?token={server.token}")
    expect(page.locator("#notebook_list")).to_be_visible()
    assert server.token not in page.url


def test_no_request_leaves_the_server_and_scripts_stay_small(open_notebook: OpenNotebook) -> None:
    seen: list[Request] = []
    page = open_notebook.context.new_page()
    page.on("requestfinished", lambda request: seen.append(request))  # noqa: PLW0108 - Playwright takes no builtin method
    for path in ("tree", "notebooks/small.ipynb"):
        seen.clear()
        if path != "tree":
            open_notebook.write("1 + 1", name="small.ipynb")
        page.goto(f"{open_notebook.server.base_url}{path}")
        page.wait_for_load_state("networkidle")
        ours = urlsplit(open_notebook.server.base_url).netloc
        assert {urlsplit(request.url).netloc for request in seen if request.url.startswith("http")} == {ours}
        scripts = [request for request in seen if request.resource_type == "script" and "mathjax" not in request.url]
        assert scripts
        assert sum(request.sizes()["responseBodySize"] for request in scripts) <= SCRIPT_BUDGET_BYTES


def test_console_stays_clean(open_notebook: OpenNotebook) -> None:
    problems: list[str] = []
    page = open_notebook.context.new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    open_notebook.write("1 + 1", ("markdown", "# Title"), name="clean.ipynb")
    for path in ("tree", "notebooks/clean.ipynb"):
        page.goto(f"{open_notebook.server.base_url}{path}")
        page.wait_for_load_state("networkidle")
    assert problems == []
