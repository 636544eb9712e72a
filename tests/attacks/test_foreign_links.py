"""Attack 38, by links and windows: another site may lead a visitor to our pages, and starts nothing by that."""

from __future__ import annotations

import pytest

from tests.conftest import Site


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_row_38_another_site_starts_no_terminal(site: Site, origin: str) -> None:
    visit = {"Sec-Fetch-Site": origin, "Sec-Fetch-Mode": "navigate"}
    assert site.browser.get("terminals/mine", headers=visit).status_code == 403
    assert site.api.get("api/terminals").json == []
    assert site.browser.get("terminals/mine", headers={**visit, "Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert site.browser.get("terminals/mine", headers=visit).status_code == 200
    assert [terminal["name"] for terminal in site.api.get("api/terminals").json] == ["mine"]
