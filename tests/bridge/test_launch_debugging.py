"""ipykernel as the launcher prepares it: debugpy comes when somebody debugs, and then does what it always did."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from ipykernel import debugger as whole_debugger

from flasknb.kernel_bridge.sidecar.in_kernel import launch_debugging
from flasknb.kernel_bridge.sidecar.in_kernel.launch_debugging import DEBUGGER, debug_later
from tests.bridge.page import Page, Received

PATIENCE_S = 20.0
ARE_THERE = "import sys; print(sorted({'debugpy', 'pydevd', '_pydevd_bundle'} & set(sys.modules)))"
LOOP = "total = 0\nfor number in range(3):\n    total += number\nprint(total)\n"


class Debugging:
    """A debugger's requests to one kernel. ``printed``: what that printed while answers were waited for."""

    def __init__(self, page: Page) -> None:
        self._page, self._count, self.printed = page, 0, ""

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """The body of the answer to one request."""
        self._count += 1
        content = {"type": "request", "seq": self._count, "command": command, "arguments": arguments}
        asked = self._page.send("debug_request", content, channel="control")
        reply = self.wait_for(lambda one: one.msg_type == "debug_reply" and one.parent_id == asked).content
        assert reply.get("success"), reply
        return reply.get("body") or {}

    def wait_for(self, is_wanted: Callable[[Received], bool]) -> Received:
        """The next message that is wanted."""
        for message in self._page.received(PATIENCE_S):
            self.printed += message.content["text"] if message.msg_type == "stream" else ""
            if is_wanted(message):
                return message
        raise AssertionError("the stream ended")


@pytest.fixture
def debugging(page: Page) -> Debugging:
    return Debugging(page)


def test_a_kernel_says_that_it_can_be_debugged_and_has_not_brought_what_that_takes(
    page: Page, debugging: Debugging
) -> None:
    asked = page.send("kernel_info_request", {})
    told = page.wait_for(lambda one: one.parent_id == asked and one.msg_type == "kernel_info_reply").content
    assert "debugger" in told["supported_features"]
    assert debugging.ask("debugInfo")["isStarted"] is False
    assert page.run(ARE_THERE).text == "[]\n"


def test_variables_are_told_without_a_breakpoint(page: Page, debugging: Debugging) -> None:
    page.run("where = 'here'")
    told = {one["name"]: one["value"] for one in debugging.ask("inspectVariables")["variables"]}
    assert told["where"] == "'here'"
    assert page.run("import os; print(os.environ.get('PYDEVD_DISABLE_FILE_VALIDATION'))").text == "None\n"


def test_a_program_stops_where_it_shall_and_goes_on(page: Page, debugging: Debugging) -> None:
    debugging.ask(
        "initialize", clientID="test", adapterID="", linesStartAt1=True, columnsStartAt1=True, pathFormat="path"
    )
    debugging.ask("attach")
    path = debugging.ask("dumpCell", code=LOOP)["sourcePath"]
    assert debugging.ask("setBreakpoints", source={"path": path}, breakpoints=[{"line": 3}])["breakpoints"][0][
        "verified"
    ]
    debugging.ask("configurationDone")
    page.execute(LOOP)
    for expected in range(3):
        stopped = debugging.wait_for(lambda one: one.msg_type == "debug_event" and one.content["event"] == "stopped")
        thread = stopped.content["body"]["threadId"]
        frame = debugging.ask("stackTrace", threadId=thread)["stackFrames"][0]
        assert frame["line"] == 3
        scope = debugging.ask("scopes", frameId=frame["id"])["scopes"][0]
        variables = debugging.ask("variables", variablesReference=scope["variablesReference"])["variables"]
        assert {one["name"]: one["value"] for one in variables}["number"] == str(expected)
        debugging.ask("continue", threadId=thread)
    debugging.ask("disconnect", restart=False, terminateDebuggee=True)
    debugging.printed += page.run("print('well')").text
    assert debugging.printed == "3\nwell\n", "and nothing of the debugger's own"


@pytest.mark.parametrize(
    "found", [{}, {"VariableExplorer": SimpleNamespace}], ids=["nothing known", "another explorer"]
)
def test_of_another_debugger_nothing_is_touched(monkeypatch: pytest.MonkeyPatch, found: dict[str, Any]) -> None:
    module = ModuleType(DEBUGGER)
    vars(module).update(found, _is_debugpy_available=False)
    for name in [one for one in sys.modules if one == DEBUGGER or one.partition(".")[0] == "debugpy"]:
        monkeypatch.delitem(sys.modules, name)

    def bring(name: str) -> ModuleType:
        monkeypatch.setitem(sys.modules, name, module)
        return module

    monkeypatch.setattr(launch_debugging.importlib, "import_module", bring)
    before = dict(vars(module))
    finders = list(sys.meta_path)
    assert not debug_later()
    assert vars(module) == before
    assert DEBUGGER not in sys.modules, "ipykernel imports it as ever"
    assert sys.meta_path == finders


def test_where_it_has_been_imported_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(vars(whole_debugger))
    assert not debug_later()
    assert vars(whole_debugger) == before
