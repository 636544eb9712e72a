"""Tickets that work once, proxies that are believed, servers that nobody uses, words on the command line."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from flasknb.auth.launch import LIFETIME_S, LaunchTickets
from flasknb.cli.arguments import UnknownArgument, parse
from flasknb.cli.idle import FILE_NAME, IdleWatch, is_use
from flasknb.config.loader import BadOption, Sources, gather, load
from flasknb.config.options import ServerApp
from flasknb.errors import SidecarUnavailable
from flasknb.forwarded import ForwardedHeaders
from flasknb.kernel_bridge.instance import instance_dir


def test_a_ticket_works_once_and_not_for_long(tmp_path: Path) -> None:
    tickets = LaunchTickets(tmp_path)
    first, second = tickets.make(), tickets.make()
    assert tickets.redeem(first)
    assert not tickets.redeem(first)
    [left] = tmp_path.iterdir()
    assert left.stat().st_mode & 0o777 == 0o600
    assert second not in left.name
    os.utime(left, (0, left.stat().st_mtime - LIFETIME_S - 1))
    assert not tickets.redeem(second)
    for nonsense in ("", "../x", "\0", "\ud800"):
        assert not tickets.redeem(nonsense)


def test_tickets_that_nobody_used_go(tmp_path: Path) -> None:
    tickets = LaunchTickets(tmp_path)
    tickets.make()
    [old] = tmp_path.iterdir()
    os.utime(old, (0, 0))
    tickets.make()
    assert not old.exists()


@pytest.mark.parametrize(
    ("headers", "address", "scheme"),
    [
        ({}, "10.0.0.1", "http"),
        ({"X_FORWARDED_FOR": "6.6.6.6, 192.0.2.1"}, "192.0.2.1", "http"),
        ({"X_FORWARDED_FOR": "192.0.2.1", "X_REAL_IP": "192.0.2.2"}, "192.0.2.2", "http"),
        ({"X_FORWARDED_FOR": "<script>"}, "10.0.0.1", "http"),
        ({"X_REAL_IP": "2001:db8::1"}, "2001:db8::1", "http"),
        ({"X_FORWARDED_PROTO": "http, HTTPS"}, "10.0.0.1", "https"),
        ({"X_SCHEME": "https", "X_FORWARDED_PROTO": "http"}, "10.0.0.1", "https"),
        ({"X_FORWARDED_PROTO": "javascript"}, "10.0.0.1", "http"),
        ({"X_FORWARDED_HOST": "evil", "X_FORWARDED_PREFIX": "/evil"}, "10.0.0.1", "http"),
    ],
)
def test_what_the_nearest_proxy_says_counts(headers: dict[str, str], address: str, scheme: str) -> None:
    environ = {"REMOTE_ADDR": "10.0.0.1", "wsgi.url_scheme": "http", "HTTP_HOST": "localhost", "SCRIPT_NAME": ""}
    environ |= {f"HTTP_{name}": value for name, value in headers.items()}
    ForwardedHeaders(lambda environ, start: [])(environ, None)
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == (address, scheme)
    assert (environ["HTTP_HOST"], environ["SCRIPT_NAME"]) == ("localhost", "")


class Kernels:
    """A bridge with so many kernels and terminals; ``None``: it does not answer."""

    def __init__(self, kernels: int | None, terminals: int = 0) -> None:
        self.count = kernels
        self.terminals = SimpleNamespace(list=lambda: [0] * terminals)

    def attach(self) -> bool:
        return True

    def list_kernels(self) -> list[int]:
        if self.count is None:
            raise SidecarUnavailable("no answer")
        return [0] * self.count


def watch(bridge: Kernels, root_dir: Path) -> tuple[IdleWatch, list[float]]:
    now = [1_000.0]
    services = SimpleNamespace(bridge=bridge, settings=SimpleNamespace(root_dir=root_dir))
    return IdleWatch(cast(Any, services), 100, lambda: False, lambda: now[0]), now


@pytest.mark.parametrize(
    ("bridge", "is_over"), [(Kernels(0), True), (Kernels(1), False), (Kernels(0, 1), False), (Kernels(None), False)]
)
def test_idle_is_who_has_no_kernel_and_no_terminal(tmp_path: Path, bridge: Kernels, is_over: bool) -> None:
    asked, now = watch(bridge, tmp_path)
    assert not asked.has_expired()
    now[0] += 101
    assert asked.has_expired() is is_over


def test_idleness_begins_with_the_end_of_the_last_kernel_or_the_last_request(tmp_path: Path) -> None:
    bridge = Kernels(1)
    asked, now = watch(bridge, tmp_path)
    now[0] += 90
    assert not asked.has_expired()
    bridge.count = 0
    now[0] += 90
    assert not asked.has_expired()
    last_request = instance_dir(tmp_path) / FILE_NAME
    last_request.touch()
    os.utime(last_request, (now[0], now[0]))
    now[0] += 90
    assert not asked.has_expired()
    now[0] += 30
    assert asked.has_expired()


@pytest.mark.parametrize(
    ("path", "arguments", "counts"),
    [
        ("api/contents", {}, True),
        ("tree", {}, True),
        ("api/status", {}, False),
        ("metrics", {}, False),
        ("static/x.js", {}, False),
        ("api/sessions", {"no_track_activity": "1"}, False),
    ],
)
def test_what_counts_as_use(path: str, arguments: dict[str, str], counts: bool) -> None:
    assert is_use(path, arguments) is counts


def test_every_kind_of_word_on_the_command_line(tmp_path: Path) -> None:
    found = parse([str(tmp_path), "--ip", "::1", "--port=9", "-y", "--debug", "--script", "--no-mathjax", "--A.b.k=v"])
    assert found.options == {
        "ServerApp": {"ip": "::1", "port": "9", "log_level": "DEBUG", "root_dir": str(tmp_path.resolve())},
        "JupyterApp": {"answer_yes": True},
        "NotebookApp": {"enable_mathjax": False},
        "A": {"b": ["k=v"]},
    }
    assert [note for note in found.notes if "--script" in note] == found.notes
    assert len(found.notes) == 1


@pytest.mark.parametrize("section", ["Application", "JupyterApp", "ServerApp", "NotebookApp"])
@pytest.mark.parametrize("word", ["--debug", "--log-level=DEBUG"])
def test_the_level_of_the_command_line_beats_that_of_every_class_in_a_file(
    tmp_path: Path, section: str, word: str
) -> None:
    (tmp_path / "jupyter_server_config.py").write_text(f"c.{section}.log_level = 'ERROR'\n")
    config = load(Sources(config_path=[tmp_path], command_line=parse([word]).options))
    assert ServerApp(config=config).log_level == logging.DEBUG


@pytest.mark.parametrize("section", ["ServerApp", "ContentsManager", "FileContentsManager"])
def test_the_preferred_folder_of_the_command_line_beats_that_of_a_file_without_a_word(
    tmp_path: Path, section: str
) -> None:
    (tmp_path / "jupyter_config.py").write_text(f"c.{section}.preferred_dir = 'a'\n")
    gathered = gather(Sources(config_path=[tmp_path], command_line=parse(["--preferred-dir=b"]).options))
    assert str(gathered.config.ContentsManager.preferred_dir) == "b"
    assert "FileContentsManager" not in gathered.config or not gathered.config.FileContentsManager
    assert not [notice.text for notice in gathered.notices if "the command line" in notice.text]


def test_an_option_given_twice_is_told_as_it_was_written(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match=r"ServerApp\.port cannot be \['1', '2'\]: "):
        gather(Sources(command_line=parse(["--port=1", "--port=2"]).options))


@pytest.mark.parametrize(("word", "meant"), [("--no-brwser", "--no-browser"), ("--prot=1", "--port")])
def test_the_nearest_word_is_named(word: str, meant: str) -> None:
    with pytest.raises(UnknownArgument, match=rf"did you mean {meant}\?"):
        parse([word])


@pytest.mark.parametrize("word", ["--debug=1", "--port", "--zzzzzz", "-x", "--pylab"])
def test_words_that_mean_nothing_are_refused(word: str) -> None:
    with pytest.raises(UnknownArgument):
        parse([word])


def test_after_two_hyphens_everything_is_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "--port").mkdir()
    assert parse(["--", "--port"]).options["ServerApp"]["root_dir"] == str(tmp_path / "--port")
