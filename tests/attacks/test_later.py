"""Rows of the attack list that have no test of their own yet, with the reason. A row must not be dropped silently."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import TOKEN, MakeSite, Site

WITHOUT_TEST = {
    68: "pages carry Cross-Origin-Opener-Policy; see the header test below",
}


def test_row_68_pages_open_without_an_opener_that_others_control(site: Site) -> None:
    assert site.stranger.get("login").headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"


def test_row_72_a_log_line_stays_one_line_and_short() -> None:
    from flasknb.cli.logs.form import MAX_CHARS, one_line

    hostile = "a\nb\r\x1b[31mc\u2028" + "x" * 10_000_000
    line = one_line(hostile)
    assert len(line) < MAX_CHARS + 50
    assert line.startswith(r"a\x0ab\x0d\x1b[31mc\x2028")


def test_a_form_sent_by_our_own_login_page_is_not_taken_for_foreign(site: Site) -> None:
    """Under ``no-referrer`` a browser says ``Origin: null`` for it, so this page has another policy."""
    page = site.stranger.get("login")
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_passwords_log_in_beside_the_token(make_site: MakeSite) -> None:
    from flasknb.auth.passwords import hash_password

    site = make_site(hashed_password=hash_password("open sesame"))
    for secret, status in (("open sesame", 302), (TOKEN, 302), ("sesame", 401), ("", 401), ("x" * 100_000, 401)):
        client = site.client
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', client.get("/login").text)
        assert xsrf is not None
        answer = client.post("/login", data={"password": secret, "_xsrf": xsrf.group(1)})
        assert answer.status_code == status


@pytest.mark.parametrize("number", WITHOUT_TEST)
def test_rows_without_a_test_say_why(number: int) -> None:
    tests = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    named = any(re.search(rf"def test_rows?_(\d+_and_)?{number}_", text) for text in tests)
    assert WITHOUT_TEST[number]
    assert not named or number == 68
