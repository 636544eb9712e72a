"""Files and conversions are fetched by our own pages only."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Site as FullSite

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
