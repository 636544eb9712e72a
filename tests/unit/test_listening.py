"""Which port the command gets, and how it is written in addresses."""

from __future__ import annotations

import errno
import itertools
import logging
import socket

import pytest

from flasknb.cli.sockets.endpoint import Endpoint
from flasknb.cli.sockets.refusal import CannotListen
from flasknb.cli.sockets.tcp import Bind, bind_tcp, candidate_ports, listen_tcp

TAKEN = OSError(errno.EADDRINUSE, "Address already in use")
DENIED = PermissionError(errno.EACCES, "Permission denied")


def binding(*outcomes: OSError | None) -> tuple[list[int], Bind]:
    """A ``bind`` that ends so, in order, and the ports it was asked for."""
    asked: list[int] = []
    ends = itertools.chain(outcomes, itertools.repeat(outcomes[-1]))

    def bind(ip: str, port: int) -> list[socket.socket]:
        asked.append(port)
        if (error := next(ends)) is not None:
            raise error
        return []

    return asked, bind


def test_the_wanted_port_its_neighbours_then_random_ones_near_it() -> None:
    ports = list(candidate_ports(8888, 50))
    assert ports[:5] == [8888, 8889, 8890, 8891, 8892]
    assert len(ports) == 51
    assert all(8788 <= port <= 8988 for port in ports[5:])
    assert len(set(ports[5:])) > 10


@pytest.mark.parametrize(
    ("port", "retries", "expected"), [(0, 50, [0]), (9000, 0, [9000]), (65535, 2, [65535, 65535, 65535])]
)
def test_no_search_where_there_is_nothing_to_search(port: int, retries: int, expected: list[int]) -> None:
    assert list(candidate_ports(port, retries)) == expected


def test_a_taken_port_is_said_and_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    asked, bind = binding(TAKEN, None)
    with caplog.at_level(logging.INFO, "flasknb"):
        listen_tcp("localhost", 9000, 5, bind)
    assert asked == [9000, 9001]
    assert caplog.messages == ["The port 9000 is already in use, trying another port."]


@pytest.mark.parametrize(
    ("error", "retries", "message", "line"),
    [
        (TAKEN, 0, "because port 80 is not available.", None),
        (TAKEN, 3, "because no available port could be found.", "The port 80 is already in use, trying another port."),
        (OSError(errno.EADDRNOTAVAIL, "Cannot assign"), 3, "Cannot listen on 192.0.2.1: Cannot assign", None),
    ],
)
def test_why_no_port_could_be_had(
    caplog: pytest.LogCaptureFixture, error: OSError, retries: int, message: str, line: str | None
) -> None:
    _, bind = binding(error)
    with caplog.at_level(logging.INFO, "flasknb"), pytest.raises(CannotListen, match=message):
        listen_tcp("192.0.2.1", 80, retries, bind)
    assert caplog.messages[:1] == ([line] if line else [])


@pytest.mark.parametrize("retries", [0, 50])
def test_a_port_of_the_systems_own_is_refused_in_one_sentence(caplog: pytest.LogCaptureFixture, retries: int) -> None:
    asked, bind = binding(DENIED)
    with pytest.raises(CannotListen, match=r"Permission to listen on port 80 denied\. .* choose a higher --port"):
        listen_tcp("localhost", 80, retries, bind)
    assert (asked, caplog.messages) == ([80], [])


def test_a_denied_port_among_free_ones_is_said_and_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    asked, bind = binding(DENIED, TAKEN, None)
    listen_tcp("localhost", 8888, 5, bind)
    assert asked == [8888, 8889, 8890]
    assert caplog.messages[0] == "Permission to listen on port 8888 denied."


@pytest.mark.parametrize(
    ("endpoint", "origins", "is_local"),
    [
        (Endpoint("localhost", 9), ["http://localhost:9", "http://127.0.0.1:9"], True),
        (Endpoint("127.0.0.1", 9), ["http://127.0.0.1:9"], True),
        (Endpoint("::1", 9, is_secure=True), ["https://[::1]:9"], True),
        (Endpoint("192.0.2.1", 9), ["http://192.0.2.1:9"], False),
        (Endpoint("", 9), [f"http://{socket.gethostname()}:9", "http://127.0.0.1:9"], False),
        (Endpoint("localhost", sock="/tmp/a b"), ["http+unix://%2Ftmp%2Fa%20b"], True),
    ],
    ids=str,
)
def test_addresses_as_people_are_told(endpoint: Endpoint, origins: list[str], is_local: bool) -> None:
    assert endpoint.origins() == origins
    assert endpoint.is_local is is_local


def has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")
def test_nobody_else_gets_what_is_meant_for_localhost() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            bind_tcp("localhost", port)
    mine = bind_tcp("localhost", 0)
    assert [one.getsockname()[0] for one in mine] == ["127.0.0.1", "::1"]
    assert len({one.getsockname()[1] for one in mine}) == 1
    for one in mine:
        one.close()
