"""Attacks 47 and 49: what is made of a user's files never acts as our own page, whatever policy the pages have."""

from __future__ import annotations

import pytest

from tests.conftest import MakeSite

WEAK = "default-src *; Sandbox allow-scripts allow-same-origin"


def effective(policy: str, directive: str) -> list[str]:
    """What each policy of a header says of ``directive``: the first one of a name counts, and all policies do."""
    found = []
    for one in policy.split(","):
        named = [part.split() for part in one.split(";") if part.split() and part.split()[0].lower() == directive]
        found += [" ".join(named[0][1:])] if named else []
    return found


@pytest.mark.parametrize("chosen", [WEAK, f"frame-ancestors *, {WEAK}", "", "frame-ancestors 'self';"])
def test_row_47_a_weak_policy_of_pages_does_not_free_files(make_site: MakeSite, chosen: str) -> None:
    site = make_site(tornado_settings={"headers": {"Content-Security-Policy": chosen}})
    (site.root_dir / "a.html").write_text("<script>parent.location</script>")
    page, file = site.api.get("tree"), site.api.get("files/a.html")
    assert page.headers["Content-Security-Policy"] == chosen
    assert "allow-scripts" in effective(file.headers["Content-Security-Policy"], "sandbox")
    assert "'none'" in effective(site.api.get("api/me").headers["Content-Security-Policy"], "default-src")
