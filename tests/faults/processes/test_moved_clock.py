"""Row 40 of the faults: the clock of the machine jumps by days, under a real server, its sidecar and its kernels."""

from __future__ import annotations

import calendar
import os
import shutil
import struct
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from flasknb.kernel_bridge.ws_codec import SEQ_PROTOCOL
from tests.bridge.kernel_site import KernelSite, text_of
from tests.servers import start_server

ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"
DAY_S = 24 * 3600
SOURCE = Path(__file__).parent.parent / "moved_clock.c"
CULLING_S = 30
LOOKS = 3  # of the culler, one each second
CONFIG = f"""
c.KernelSidecar.allowed_env = ["LD_PRELOAD"]
c.MappingKernelManager.cull_idle_timeout = {CULLING_S}
c.MappingKernelManager.cull_interval = 1
"""
NOTEBOOK: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

Move = Callable[[int], None]


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[KernelSite, Move]]:
    """gunicorn on a machine whose clock can be set to so many seconds from now."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    home = tmp_path_factory.mktemp("moved")
    clock, library = home / "clock", home / "moved_clock.so"
    clock.write_bytes(struct.pack("q", 0))
    options = ["-shared", "-fPIC", f'-DCLOCK_FILE="{clock}"', "-o", str(library)]
    subprocess.run([compiler, *options, str(SOURCE)], check=True, timeout=60)
    server = start_server("gunicorn", home / "server", CONFIG, variables={"LD_PRELOAD": str(library), "TZ": ZONE})

    def move(to_s: int) -> None:
        with clock.open("r+b") as file:
            file.write(struct.pack("q", to_s))

    yield KernelSite(server), move
    server.stop()
    assert "Traceback" not in server.log


def now_of(site: KernelSite, kernel_id: str) -> float:
    with site.channels(kernel_id) as channels:
        return float(text_of(channels.run("import time; print(time.time())")))


@pytest.mark.parametrize("jump_s", [DAY_S, -DAY_S])
def test_40_a_jump_ends_no_kernel_no_websocket_and_no_login(moved: tuple[KernelSite, Move], jump_s: int) -> None:
    site, move = moved
    move(0)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    browser.open(f"{site.server.base_url}tree?token={site.server.token}").close()
    idle_id, kernel_id = site.kernel(), site.kernel()
    with site.channels(kernel_id, protocol=SEQ_PROTOCOL) as channels:
        channels.run("treasure = 42")
        asked = channels.execute("import time\nfor number in range(40):\n    print(number)\n    time.sleep(0.05)")
        channels.wait_for("stream")
        move(jump_s)
        channels.answers_to(asked)
        assert text_of(channels.run("print(treasure)")) == "42\n"
    assert abs(now_of(site, kernel_id) - time.time() - jump_s) < DAY_S / 2, "the kernel's clock has jumped, too"
    time.sleep(LOOKS)
    assert {idle_id, kernel_id} <= {kernel["id"] for kernel in site("GET", "api/kernels").json}
    with browser.open(f"{site.server.base_url}api/me") as answer:
        assert answer.status == 200
    for one in (idle_id, kernel_id):
        assert site("DELETE", f"api/kernels/{one}").status == 204


@pytest.mark.parametrize("jump_s", [DAY_S, -DAY_S])
def test_40_conflicts_are_found_by_content_whatever_the_clock_says(moved: tuple[KernelSite, Move], jump_s: int) -> None:
    site, move = moved
    move(0)
    body = {"type": "notebook", "content": NOTEBOOK}
    seen = site("PUT", "api/contents/a.ipynb?hash=1", body).json["hash"]
    move(jump_s)
    changed = {**NOTEBOOK, "metadata": {"mine": jump_s}}
    saved = site("PUT", "api/contents/a.ipynb?hash=1", {"type": "notebook", "content": changed, "hash": seen})
    assert saved.status == 200, saved.text
    file = site.server.root_dir / "a.ipynb"
    for moment_s in (0, int(time.time()) + 400 * DAY_S, file.stat().st_mtime):
        found = file.read_text()
        file.write_text(found.replace('"mine"', f'"other{moment_s:.0f}"', 1) + "\n")
        os.utime(file, (moment_s, moment_s))
        refused = site("PUT", "api/contents/a.ipynb", {**body, "hash": saved.json["hash"]})
        assert refused.status == 409, refused.text
    file.unlink()


def test_40_an_upload_that_was_given_up_holds_nobody_off_when_the_clock_was_set_back(
    moved: tuple[KernelSite, Move],
) -> None:
    site, move = moved
    piece = {"type": "file", "format": "text", "content": "abc", "chunk": 1}
    move(0)
    assert site("PUT", "api/contents/a.txt", {**piece, "upload": "one"}).status == 201
    assert site("PUT", "api/contents/a.txt", {**piece, "upload": "other"}).status == 409
    move(-DAY_S)
    assert site("PUT", "api/contents/a.txt", {**piece, "upload": "other"}).status == 200


@pytest.mark.parametrize(
    ("before", "after"),
    [("2030-10-27T00:59:00Z", "2030-10-27T01:01:00Z"), ("2031-03-30T00:59:00Z", "2031-03-30T01:01:00Z")],
    ids=["an hour twice", "an hour left out"],
)
def test_40_answers_know_no_summer_time(moved: tuple[KernelSite, Move], before: str, after: str) -> None:
    site, move = moved
    for moment in (before, after):
        move(int(calendar.timegm(time.strptime(moment, "%Y-%m-%dT%H:%M:%SZ")) - time.time()))
        kernel = site("POST", "api/kernels").json
        assert site("DELETE", f"api/kernels/{kernel['id']}").status == 204
        told = datetime.fromisoformat(kernel["last_activity"].replace("Z", "+00:00"))
        assert abs((told - datetime.fromisoformat(moment.replace("Z", "+00:00"))).total_seconds()) < 60
