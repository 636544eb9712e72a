"""Rows 4.6 of the REST inventory against gunicorn with two workers, and thousands of specifications."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.kernel_site import KernelSite

MANY_SPECS = 2_000


SPECS_WITHIN_S = 20.0


@pytest.fixture
def kernels_dir(site: KernelSite) -> Path:
    return site.server.data_dir / "kernels"


def install(folder: Path, content: Any, **files: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(content if isinstance(content, str) else json.dumps(content))
    for name, data in files.items():
        (folder / name.replace("__", ".").replace("_", "-")).write_bytes(data)


def spec(name: str, **more: Any) -> dict[str, Any]:
    return {"argv": [sys.executable, "{connection_file}"], "display_name": name, "language": "python", **more}


@pytest.mark.row("4.6 list", "4.6 get")
def test_specs_come_with_defaults_and_addresses_of_their_files(site: KernelSite, kernels_dir: Path) -> None:
    files = {"kernel__js": b"//", "kernel__css": b"/**/", "logo_svg__svg": b"<svg/>", "logo_64x64__png": b"PNG"}
    install(kernels_dir / "own", spec("Own", metadata={"a": 1}), **files, notes__txt=b"private", logo_32x32__webp=b"w")
    answer = site("GET", "api/kernelspecs")
    assert (answer.status, answer.json["default"]) == (200, "python3")
    own = answer.json["kernelspecs"]["own"]
    assert own == site("GET", "api/kernelspecs/own").json
    assert own["name"] == "own"
    assert own["spec"].items() >= {"env": {}, "interrupt_mode": "signal", "metadata": {"a": 1}}.items()
    assert set(own["resources"]) == {"kernel.js", "kernel.css", "logo-svg", "logo-64x64", "logo-32x32"}
    for where in own["resources"].values():
        assert site("GET", site.path_of(where)).status == 200
    assert site("GET", "kernelspecs/own/logo-64x64.gif").status == 404
    missing = site("GET", "api/kernelspecs/nope")
    assert (missing.status, missing.json["message"]) == (404, "Kernel spec nope not found")


@pytest.mark.row("4.6 list")
@pytest.mark.parametrize(
    "content",
    ["{", "[]", "", '{"argv": ["\\ud800"]}', "\x00", '{"env": []}', "[" * 100_000],
    ids=lambda content: repr(content[:20]),
)
def test_a_broken_spec_is_left_out_and_the_others_stay(site: KernelSite, kernels_dir: Path, content: str) -> None:
    install(kernels_dir / "broken", content)
    try:
        answer = site("GET", "api/kernelspecs")
        assert answer.status == 200
        assert "python3" in answer.json["kernelspecs"]
        assert "broken" not in answer.json["kernelspecs"]
        assert site("GET", "api/kernelspecs/broken").status == 404
        assert site("POST", "api/kernels", {"name": "broken"}).status == 500
    finally:
        (kernels_dir / "broken" / "kernel.json").unlink()
        (kernels_dir / "broken").rmdir()


def test_thousands_of_specs_are_listed_and_kernels_answer_meanwhile(
    site: KernelSite, kernels_dir: Path, kernel_id: str
) -> None:
    for number in range(MANY_SPECS):
        install(kernels_dir / f"many{number}", spec(f"Many {number}"))
    with site.channels(kernel_id) as channels:
        channels.run("1")
        started_s, found = time.monotonic(), []
        asker = threading.Thread(target=lambda: found.append(site("GET", "api/kernelspecs")))
        asker.start()
        longest_s = 0.0
        while asker.is_alive():
            before_s = time.monotonic()
            channels.run("1")
            longest_s = max(longest_s, time.monotonic() - before_s)
        asker.join()
        assert len(found[0].json["kernelspecs"]) > MANY_SPECS
        assert time.monotonic() - started_s < SPECS_WITHIN_S
        assert longest_s < 3.0
