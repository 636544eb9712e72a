"""The command opens the first page in whatever browser the user has."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.bridge.commands import Running, running
from tests.waiting import eventually

ARGUMENTS = ["flasknb.cli", "--allow-root", "--port=0"]


def browser_program(folder: Path, *lines: str) -> str:
    program = folder / "browser"
    program.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    program.chmod(0o755)
    return str(program)


def opened_address(command: Running, file: Path) -> str:
    command.read_until("is running at")
    assert eventually(lambda: file.exists() and file.read_text().endswith("\n"))
    return file.read_text().strip()


def final_path(address: str) -> tuple[str, int]:
    """Where a browser with cookies lands, and with which status."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    try:
        with opener.open(address, timeout=30) as answer:
            return answer.url.partition("?")[0].partition("/tree")[1] or answer.url, answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.url or "", error.code


def test_the_page_is_opened_while_the_server_answers(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = browser_program(tmp_path, f'echo "$1" > {opened}', "exec sleep 60  # as a browser in a terminal does")
    with running(ARGUMENTS, tmp_path, BROWSER=browser) as command:
        assert command.ask("GET", "api/kernels") == []
        assert opened_address(command, opened).endswith(f"/jpserver-{command.process.pid}-open.html")
        assert command.ask("GET", "api/kernels") == []
        assert "Traceback" not in command.output


def test_a_browser_that_fails_is_told_in_a_sentence(tmp_path: Path) -> None:
    browser = browser_program(tmp_path, "exit 1")
    with running(ARGUMENTS, tmp_path, BROWSER=browser) as command:
        command.read_until(r"The browser could not be started\. Open .*-open\.html yourself\.")
        assert command.ask("GET", "api/kernels") == []
        assert "Traceback" not in command.output


def test_a_browser_that_is_not_there_is_told(tmp_path: Path) -> None:
    with running([*ARGUMENTS, "--browser=no-such-browser"], tmp_path) as command:
        command.read_until(r"\[W .*\] No web browser found: ")
        assert command.ask("GET", "api/kernels") == []


@pytest.mark.parametrize("name", ["a ä.ipynb", "notes.txt"])
def test_a_file_given_is_opened_by_a_page_of_its_own(tmp_path: Path, name: str) -> None:
    opened = tmp_path / "opened"
    browser = browser_program(tmp_path, f'echo "$1" > {opened}')
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / name).write_text('{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}')
    with running([*ARGUMENTS, str(tmp_path / "elsewhere" / name)], tmp_path, BROWSER=browser) as command:
        address = opened_address(command, opened)
        assert address.endswith(f"/jpserver-file-to-run-{command.process.pid}-open.html")
        page = Path(address.removeprefix("file://")).read_text()
        area = "notebooks/a%20%C3%A4.ipynb" if name.endswith(".ipynb") else "edit/notes.txt"
        assert f"/{area}?token=" in page
        assert command.info["root_dir"] == str(tmp_path / "elsewhere")


def test_without_the_file_a_link_that_works_once_is_opened(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = browser_program(tmp_path, f'echo "$1" > {opened}')
    arguments = [*ARGUMENTS, "--ServerApp.use_redirect_file=False"]
    with running(arguments, tmp_path, BROWSER=browser, JUPYTER_TOKEN="tokentokentoken7") as command:
        address = opened_address(command, opened)
        assert "tokentokentoken7" not in address
        assert final_path(address) == ("/tree", 200)
        assert final_path(address)[0] != "/tree"
        assert not list((tmp_path / "runtime").glob("*-open.html"))
        assert address.partition("launch_token=")[2].partition("&")[0] not in command.output
