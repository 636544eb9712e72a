"""How long, how large and how many conversions may be, and what is left of them."""

from __future__ import annotations

import os
from pathlib import Path

from tests.contents_site import notebook, open_site
from tests.http.conversion.conftest import NO_SPARE
from tests.http.conversion.notebooks import nbconvert_config, put
from tests.processes import is_running
from tests.waiting import eventually

ENOUGH_TO_START_S = 15  # on a slow machine too: nbconvert is imported first
HANG = """
import pathlib, subprocess, time
child = subprocess.Popen(["sleep", "300"], start_new_session=True)
pathlib.Path({told!r}).write_text(str(child.pid))
time.sleep(300)
"""


def test_20_a_conversion_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"Conversion.timeout_s": ENOUGH_TO_START_S, **NO_SPARE})
    told = tmp_path / "told"
    nbconvert_config(tmp_path, HANG.format(told=str(told)))
    put(site, "a.ipynb", notebook("1"))
    answer = site.ask("GET", "/nbconvert/python/a.ipynb")
    assert answer.status_code == 500
    assert f"longer than {ENOUGH_TO_START_S} s" in answer.text
    child = int(told.read_text())
    assert eventually(lambda: not is_running(child))
    assert not list(Path(os.environ.get("TMPDIR", "/tmp")).glob(f"flasknb-convert-*/{told.name}"))


def test_20_a_conversion_that_wants_too_much_memory_is_refused_it(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"Conversion.memory_limit_bytes": 400 * 1024 * 1024, **NO_SPARE})
    grow = "def grow(nb, resources):\n    bytearray(600 * 1024 * 1024)\n    return nb, resources\n"
    nbconvert_config(tmp_path, f"{grow}c.Exporter.preprocessors = [grow]")
    put(site, "a.ipynb", notebook("1"))
    answer = site.ask("GET", "/nbconvert/python/a.ipynb")
    assert answer.status_code == 500
    assert "Conversion.memory_limit_bytes" in answer.text


def test_more_conversions_than_allowed_wait_and_are_told_when_it_takes_too_long(
    quick_start: None, tmp_path: Path
) -> None:
    site = open_site(tmp_path, **{"Conversion.max_at_once": 1, "Conversion.queue_timeout_s": 0.3})
    put(site, "a.ipynb", notebook("1"))
    from flasknb.conversion.slots import slot

    instance = site.services.converter.instance
    with slot(instance, 1, 1.0, lambda: False):
        answer = site.ask("GET", "/nbconvert/python/a.ipynb")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert site.ask("GET", "/nbconvert/python/a.ipynb").status_code == 200
