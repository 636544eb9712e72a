"""Changed sources: the web side starts anew on the same port, and kernels do not notice."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

from tests.bridge.commands import URL, configured, flasknb, running
from tests.waiting import eventually


def test_a_changed_module_starts_the_web_side_anew_and_the_kernels_stay(tmp_path: Path) -> None:
    module = tmp_path / "mine" / "my_hooks.py"
    module.parent.mkdir()
    module.write_text("NAME = 'before'\n")
    configured(tmp_path, "import my_hooks", "c.ContentsManager.untitled_notebook = my_hooks.NAME")
    path = f"{Path(__file__).resolve().parents[2]}:{module.parent}"
    with running(flasknb("--port=0", "--autoreload"), tmp_path, PYTHONPATH=path) as command:
        kernel = command.ask("POST", "api/kernels")
        port, token = command.read_until(URL).group(2), command.read_until(URL).group(3)
        module.write_text("NAME = = 'broken'\n")
        command.read_until(r"my_hooks\.py changed, but cannot be used yet")
        module.write_text("NAME = 'after'\n")
        command.read_until(r"my_hooks\.py changed, starting anew; the kernels stay")

        def new_name() -> str:
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/api/contents?token={token}", method="POST", data=b'{"type": "notebook"}'
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return str(json.loads(answer.read())["name"])
            except OSError:
                return ""

        assert eventually(lambda: new_name().startswith("after")), command.drain()
        assert [one["id"] for one in command.ask("GET", "api/kernels")] == [kernel["id"]]
        assert command.info["pid"] == command.process.pid
        assert str(command.info["port"]) == port
        assert command.output.count("To access the server") == 1
        assert "Traceback" not in command.output
