"""What is printed and published at start: addresses that work, whatever the server listens on."""

from __future__ import annotations

import pytest

from flasknb.cli.messages import first_url, page_urls, server_url
from tests.conftest import TOKEN, MakeSite


@pytest.mark.parametrize(
    ("ip", "origin"),
    [
        ("localhost", "http://localhost:9"),
        ("127.0.0.1", "http://127.0.0.1:9"),
        ("", "http://127.0.0.1:9"),
        ("*", "http://127.0.0.1:9"),
        ("0.0.0.0", "http://127.0.0.1:9"),
        ("::", "http://127.0.0.1:9"),
        ("::1", "http://[::1]:9"),
    ],
)
def test_programs_on_this_machine_get_an_address_they_can_open(make_site: MakeSite, ip: str, origin: str) -> None:
    services = make_site("/a/b/").services
    assert server_url(services, ip, 9) == f"{origin}/a/b/"
    assert first_url(services, ip, 9) == f"{origin}/a/b/tree?token={TOKEN}"


def test_a_token_that_the_user_chose_is_not_printed(make_site: MakeSite) -> None:
    assert page_urls(make_site().services, "127.0.0.1", 9) == ["http://127.0.0.1:9/tree?token=..."]
