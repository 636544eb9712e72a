"""What is printed and published at start: addresses that work, whatever the server listens on."""

from __future__ import annotations

import pytest

from flasknb.cli.messages import Addresses
from flasknb.cli.sockets.endpoint import Endpoint
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
    addresses = Addresses(make_site("/a/b/").services, Endpoint(ip, 9))
    assert addresses.server() == f"{origin}/a/b/"
    assert addresses.to_open() == f"{origin}/a/b/tree?token={TOKEN}"


def test_a_token_that_the_user_chose_is_not_printed(make_site: MakeSite) -> None:
    assert Addresses(make_site().services, Endpoint("127.0.0.1", 9)).pages() == ["http://127.0.0.1:9/tree?token=..."]
