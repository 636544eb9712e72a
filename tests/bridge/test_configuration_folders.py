"""Configuration folders as users have them give the same values however the server is started."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import WAYS, Server, start_server

pytestmark = pytest.mark.slow

USERS: dict[str, str] = {
    # read by name first: this one loses to every jupyter_server_config below
    "jupyter_config.py": "c.ContentsManager.untitled_file = 'base'\nc.ContentsManager.hide_globs.append('*.user')\n",
    "jupyter_server_config.json": json.dumps(
        {"ContentsManager": {"untitled_notebook": "json"}, "FileContentsManager": {"untitled_directory": "server"}}
    ),
    "jupyter_notebook_config.json": json.dumps({"NotebookApp": {"allow_origin": "https://file.example"}}),
    "jupyter_flasknb_config.d/aa.json": json.dumps({"FileContentsManager": {"hash_algorithm": "md5"}}),
    "jupyter_flasknb_config.d/zz.json": json.dumps(
        {"ContentsManager": {"untitled_file": "snippet"}, "FileContentsManager": {"hash_algorithm": "sha1"}}
    ),
    "jupyter_server_config.d/zz.json": json.dumps(
        {"ContentsManager": {"untitled_file": "foreign snippet"}, "ServerApp": {"allow_credentials": True}}
    ),
}
USERS_SERVER_CONFIG = "c.ContentsManager.untitled_notebook = 'python'\n"
TEAMS: dict[str, str] = {
    "jupyter_config.py": "c.ContentsManager.untitled_file = 'team base'\n",
    "jupyter_server_config.py": "c.ContentsManager.untitled_file = 'team'\n"
    "c.ContentsManager.hide_globs.append('*.team')\nc.ServerApp.prot = 5\n",
    "jupyter_notebook_config.py": "c.FileContentsManager.untitled_directory = 'notebook'\n",
}
VARIABLES = {
    "FLASKNB_ALLOW_ORIGIN": "https://environment.example",
    "FLASKNB_ServerApp__tornado_settings": json.dumps({"headers": {"X-From": "environment"}}),
}


@pytest.fixture(scope="module", params=WAYS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("folders")
    fill(home / "server/config", USERS)
    fill(home / "team", TEAMS)
    variables = {**VARIABLES, "JUPYTER_CONFIG_PATH": f"{home / 'team'}:"}  # a colon too many: no working directory
    running = start_server(request.param, home / "server", USERS_SERVER_CONFIG, variables)
    yield running
    running.stop()


def fill(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def ask(server: Server, method: str, path: str, body: Any = None) -> tuple[dict[str, Any], Any]:
    request = urllib.request.Request(
        server.base_url + path, method=method, data=None if body is None else json.dumps(body).encode()
    )
    request.add_header("Authorization", f"token {server.token}")
    request.add_header("Origin", "https://environment.example")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return dict(answer.headers), json.loads(answer.read() or b"null")


@pytest.mark.parametrize(
    ("kind", "name"),
    [("file", "team"), ("notebook", "json.ipynb"), ("directory", "notebook")],
    ids=["by name before folder", "json before python", "extension files last"],
)
def test_the_last_word_is_that_of_the_documented_order(server: Server, kind: str, name: str) -> None:
    _, made = ask(server, "POST", "api/contents", {"type": kind})
    assert made["name"] == name


def test_additions_of_several_files_come_together(server: Server) -> None:
    for name in ("a.user", "a.team", "a.pyc", "a.txt"):
        (server.root_dir / name).write_text("")
    _, folder = ask(server, "GET", "api/contents/")
    assert [entry["name"] for entry in folder["content"] if entry["name"].startswith("a.")] == ["a.txt"]


def test_snippets_count_where_no_file_says_otherwise_and_those_of_other_servers_never(server: Server) -> None:
    (server.root_dir / "hashed.txt").write_text("x")
    headers, model = ask(server, "GET", "api/contents/hashed.txt?hash=1")
    assert model["hash_algorithm"] == "sha1", "the last of our snippets by name"
    assert "Access-Control-Allow-Credentials" not in headers


def test_the_environment_beats_files(server: Server) -> None:
    headers, _ = ask(server, "GET", "api/status")
    assert headers["Access-Control-Allow-Origin"] == "https://environment.example"
    assert headers["X-From"] == "environment"


def test_what_is_odd_is_said_once(server: Server) -> None:
    conflict = "ContentsManager.untitled_notebook is set in"
    unknown = "ServerApp.prot is no option"
    assert (server.log.count(conflict), server.log.count(unknown)) == (1, 1), server.log
