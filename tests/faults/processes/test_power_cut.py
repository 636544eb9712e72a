"""Row 18 of the faults: the power goes while notebooks are saved and cells print. Only what reached the disk is left.

The server's folders lie on a disk of their own, whose file system is stopped in the midst without writing anything
back (``EXT4_IOC_SHUTDOWN``, made for such tests).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from flasknb.kernel_bridge.sidecar.journal_file import JournalFile
from tests.bridge.kernel_site import KernelSite
from tests.faults.test_exhaustion import processes_of
from tests.servers import start_server
from tests.waiting import eventually

EXT4_SHUTDOWN, WITHOUT_WRITING = 0x8004587D, 2
DISK_BYTES = 96 * 1024 * 1024
RUN_S = 4.0  # before the cut: several rounds of what is done about every second
LOST_S = 1.0 * 3  # a second; a machine three times slower may take so many times longer
PRINTS = "import time\nwhile True:\n    print(time.time(), flush=True)\n    time.sleep(0.02)"


class Disk:
    """A file system of its own at ``folder``."""

    def __init__(self, image: Path, folder: Path) -> None:
        self.folder, self._image = folder, image
        folder.mkdir()
        with image.open("wb") as file:
            file.truncate(DISK_BYTES)
        made = subprocess.run(["mkfs.ext4", "-q", str(image)], capture_output=True, timeout=60, check=False)
        if made.returncode or not self.mount():
            pytest.skip("no disk can be mounted here")

    def mount(self) -> bool:
        """Whether it is there."""
        command = ["mount", "-o", "loop", str(self._image), str(self.folder)]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0

    def cut(self) -> None:
        """Nothing is written from this moment on, nor what waited to be."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        fcntl.ioctl(descriptor, EXT4_SHUTDOWN, struct.pack("I", WITHOUT_WRITING))
        os.close(descriptor)

    def unmount(self) -> bool:
        """Whether it could be: nobody may use it."""
        command = ["umount", str(self.folder)]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("mounting a disk needs root and mkfs.ext4")
    made = Disk(tmp_path / "disk.img", tmp_path / "disk")
    yield made
    subprocess.run(["umount", "-l", str(made.folder)], capture_output=True, timeout=60, check=False)


def notebook(number: int, name: str) -> dict[str, Any]:
    cell = {"cell_type": "raw", "id": "only", "metadata": {}, "source": f"{name} {number} " + "x" * 20_000}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return {"type": "notebook", "content": content}


def save_again_and_again(site: KernelSite, name: str, answered: dict[str, int], stop: threading.Event) -> None:
    """``answered`` has the number of the last save whose answer has come."""
    number = 0
    while not stop.is_set():
        number += 1
        with suppress(OSError):
            if site("PUT", f"api/contents/{name}", notebook(number, name)).status in (200, 201):
                answered[name] = number


def kill_all(runtime_dir: Path, *more: int) -> None:
    """What the power did not do here: every process of the server ends at once."""
    for pid in {*processes_of(runtime_dir), *more}:
        with suppress(psutil.Error):
            psutil.Process(pid).kill()
    assert eventually(lambda: not processes_of(runtime_dir))


def test_18_what_was_answered_is_there_after_a_power_cut_and_of_the_journal_a_second_is_missing(disk: Disk) -> None:
    server = start_server("gunicorn", disk.folder / "home")
    site = KernelSite(server)
    kernel_id = site.kernel()
    (instance,) = server.runtime_dir.glob("flasknb-*")
    answered: dict[str, int] = {}
    stop = threading.Event()
    names = ["new.ipynb", "folder/in-it.ipynb"]
    (server.root_dir / "folder").mkdir()
    savers = [threading.Thread(target=save_again_and_again, args=(site, name, answered, stop)) for name in names]
    with site.channels(kernel_id) as channels:
        channels.execute(PRINTS)
        channels.wait_for("stream")
        for saver in savers:
            saver.start()
        time.sleep(RUN_S)
        known, cut_s = dict(answered), time.time()
        disk.cut()
    stop.set()
    kill_all(server.runtime_dir, server.pid)
    server.process.wait()
    for saver in savers:
        saver.join()
    assert eventually(disk.unmount)
    assert disk.mount()
    assert set(known) == set(names)
    for name in names:
        saved = json.loads((server.root_dir / name).read_text())
        text, number, _ = "".join(saved["cells"][0]["source"]).rsplit(" ", 2)
        assert (text, int(number) >= known[name]) == (name, True), (number, known)
    told = journal_text(instance / "journals", kernel_id)
    assert cut_s - float(told.split()[-2]) < LOST_S  # the last line but one is whole
    server = start_server("gunicorn", disk.folder / "home", after=server)
    site = KernelSite(server)
    try:
        assert site("GET", "api/kernels").json == [], "kernels ended with the machine"
        assert site("GET", "api/sessions").json == []
        for name in names:
            assert site("GET", f"api/contents/{name}").status == 200
            assert site("PUT", f"api/contents/{name}", notebook(0, name)).status == 200
        assert site("DELETE", f"api/kernels/{site.kernel()}").status == 204
        assert [path.name for path in server.root_dir.rglob("*") if path.suffix not in (".ipynb", "")] == []
    finally:
        server.stop()


def journal_text(folder: Path, kernel_id: str) -> str:
    """What the kernel printed, as its file has it."""
    file = JournalFile(folder, kernel_id, "any", limit_bytes=DISK_BYTES)
    assert file.load() is not None
    entries = file.read(0, DISK_BYTES)
    return "".join(str(one.content["text"]) for one in entries if one.msg_type == "stream")
