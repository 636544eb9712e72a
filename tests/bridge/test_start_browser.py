"""The command opens the first page in whatever browser the user has."""

from __future__ import annotations

from pathlib import Path

from tests.bridge.commands import free_port, running
from tests.bridge.page import eventually

ARGUMENTS = ["flasknb.cli", "--allow-root"]


def browser_program(folder: Path, *lines: str) -> str:
    program = folder / "browser"
    program.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    program.chmod(0o755)
    return str(program)


def test_the_page_is_opened_while_the_server_answers(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = browser_program(tmp_path, f'echo "$1" > {opened}', "exec sleep 60  # as a browser in a terminal does")
    with running([*ARGUMENTS, f"--port={free_port()}"], tmp_path, BROWSER=browser) as command:
        assert command.ask("GET", "api/kernels") == []
        assert eventually(lambda: opened.exists() and opened.read_text().endswith("-open.html\n"))
        assert command.ask("GET", "api/kernels") == []
        assert "Traceback" not in command.output


def test_a_browser_that_fails_is_told_in_a_sentence(tmp_path: Path) -> None:
    browser = browser_program(tmp_path, "exit 1")
    with running([*ARGUMENTS, f"--port={free_port()}"], tmp_path, BROWSER=browser) as command:
        command.read_until(r"The browser could not be started\. Open .*-open\.html yourself\.")
        assert command.ask("GET", "api/kernels") == []
        assert "Traceback" not in command.output
