"""Faults 23 to 28, 31 and 39: what can go wrong while a file is saved, and what must be left afterwards.

Not here: 22 (two savers) is in ``tests/http/test_contents_conflicts.py``; 29 (NFS) and 30 (a slow file system) need
machines that a test run has not got.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flasknb.contents.atomic import TEMP_PREFIX, write_atomically
from tests.contents_site import Site, notebook, open_site, save_notebook, save_text
from tests.faults.killed_save import NEW

OLD = b"old " * 3000
AS_ROOT = os.geteuid() == 0
SAVE_LIMIT_S = 30
MOST_CALLS = 80


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(tmp_path)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """The system refuses to let any file grow over ``size_bytes``, in the middle of a write if need be."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def small_disk(folder: Path, size_kb: int) -> Iterator[None]:
    """``folder`` on a disk of its own."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "flasknb-test", str(folder)]
    if not AS_ROOT or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "existing"])
def test_25_a_full_disk_is_a_507_and_the_old_bytes_stay(site: Site, is_new: bool) -> None:
    with small_disk(site.root, size_kb=256):
        if not is_new:
            (site.root / "a.txt").write_bytes(OLD)
        answer = save_text(site, "a.txt", "x" * 1_000_000)
        assert answer.status_code == 507, answer.text
        assert "No space left" in answer.json["message"]
        assert names_in(site.root) == ([] if is_new else ["a.txt"])
        assert is_new or (site.root / "a.txt").read_bytes() == OLD


@pytest.mark.parametrize("links", [0, 1], ids=["replaced", "written in place"])
def test_25_a_write_that_stops_half_way_leaves_the_old_bytes(site: Site, links: int) -> None:
    (site.root / "a.txt").write_bytes(OLD)
    for number in range(links):
        os.link(site.root / "a.txt", site.root / f"other{number}.txt")
    with largest_file(100_000):
        answer = save_text(site, "a.txt", "x" * 1_000_000)
    assert answer.status_code == 507, answer.text
    assert (site.root / "a.txt").read_bytes() == OLD
    assert names_in(site.root) == ["a.txt", "other0.txt"][: links + 1]


def test_25_the_first_save_of_a_notebook_needs_no_room_for_a_checkpoint(site: Site) -> None:
    (site.root / ".ipynb_checkpoints").write_text("a file where the folder should be")
    assert save_notebook(site, "n.ipynb", notebook("1")).status_code == 201


def run_killed_save(folder: Path, deadly_call: int) -> int:
    program = Path(__file__).with_name("killed_save.py")
    command = [sys.executable, str(program), str(folder), "a.txt", str(folder.parent / "backups"), str(deadly_call)]
    return subprocess.run(
        command, check=False, timeout=SAVE_LIMIT_S, env={**os.environ, "PYTHONPATH": str(program.parents[2])}
    ).returncode


@pytest.mark.parametrize("links", [0, 1], ids=["replaced", "written in place"])
def test_26_death_at_any_call_leaves_old_or_new_bytes(tmp_path: Path, links: int) -> None:
    outcomes: set[bytes] = set()
    for deadly_call in range(1, MOST_CALLS):
        folder = tmp_path / str(deadly_call) / "root"
        folder.mkdir(parents=True)
        (folder / "a.txt").write_bytes(OLD)
        if links:
            os.link(folder / "a.txt", folder / "b.txt")
        status = run_killed_save(folder, deadly_call)
        found = (folder / "a.txt").read_bytes()
        if links and found not in (OLD, NEW):
            backups = list((folder.parent / "backups").iterdir())
            assert [path.read_bytes() for path in backups] == [OLD], f"killed at call {deadly_call}"
        else:
            assert found in (OLD, NEW), f"killed at call {deadly_call}"
        outcomes.add(found)
        if status == 0:
            break
        assert status == -signal.SIGKILL
    assert status == 0
    assert {OLD, NEW} <= outcomes


def test_26_what_a_killed_save_left_behind_is_not_listed(site: Site) -> None:
    (site.root / f"{TEMP_PREFIX}0123456789ab").write_text("half a file")
    assert site.model("")["content"] == []


@pytest.fixture
def stubborn(site: Site) -> Iterator[Site]:
    """A site whose file ``a.txt`` not even root may change."""
    (site.root / "a.txt").write_bytes(OLD)
    if (
        not AS_ROOT
        or subprocess.run(["chattr", "+i", site.root / "a.txt"], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs root and a file system with immutable files")
    yield site
    subprocess.run(["chattr", "-i", site.root / "a.txt"], check=True)


def test_27_an_immutable_file_is_a_403(stubborn: Site) -> None:
    answer = save_text(stubborn, "a.txt", "x")
    assert (answer.status_code, answer.json["message"]) == (403, "Permission denied: a.txt")
    assert names_in(stubborn.root) == ["a.txt"]


def test_27_a_read_only_disk_is_a_403(site: Site) -> None:
    with small_disk(site.root, size_kb=256):
        (site.root / "a.txt").write_bytes(OLD)
        subprocess.run(["mount", "-o", "remount,ro", str(site.root)], check=True)
        assert save_text(site, "a.txt", "x").status_code == 403
        assert save_text(site, "new.txt", "x").status_code == 403
        assert site.contents("DELETE", "a.txt").status_code == 403
        assert site.model("a.txt", content="0")["writable"] is False


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_27_a_folder_without_permission_is_a_403(site: Site) -> None:
    (site.root / "d").mkdir(mode=0o500)
    answer = save_text(site, "d/a.txt", "x")
    assert (answer.status_code, answer.json["message"]) == (403, "Permission denied: d/a.txt")


def test_28_a_writable_file_in_a_folder_that_takes_no_new_files_is_saved(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "a.txt").write_bytes(OLD)
    if AS_ROOT:
        command = ["chattr", "+a", str(folder)]  # new names yes, renames and removals no
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("the file system has no such folders")
    else:
        folder.chmod(0o500)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        write_atomically(descriptor, "a.txt", NEW, str(tmp_path / "backups"))
        assert (folder / "a.txt").read_bytes() == NEW
        assert names_in(tmp_path / "backups") == []
    finally:
        os.close(descriptor)
        subprocess.run(["chattr", "-a", str(folder)], capture_output=True, check=False)
        folder.chmod(0o700)


def test_31_mode_attributes_and_links_survive_a_save(site: Site) -> None:
    path = site.root / "a.txt"
    path.write_bytes(OLD)
    path.chmod(0o640)
    has_attributes = True
    try:
        os.setxattr(path, "user.flasknb", b"kept")
    except OSError:
        has_attributes = False
    (site.root / "link.txt").symlink_to("a.txt")
    assert save_text(site, "link.txt", "new").status_code == 200
    assert (site.root / "link.txt").is_symlink()
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not has_attributes or os.getxattr(path, "user.flasknb") == b"kept"


def test_31_the_other_names_of_a_file_see_what_is_saved(site: Site) -> None:
    (site.root / "a.txt").write_bytes(OLD)
    os.link(site.root / "a.txt", site.root / "b.txt")
    assert save_text(site, "a.txt", "new").status_code == 200
    assert (site.root / "b.txt").read_text() == "new"


@pytest.mark.skipif(not AS_ROOT, reason="only root gives files away")
def test_31_the_owner_stays(site: Site) -> None:
    (site.root / "a.txt").write_bytes(OLD)
    os.chown(site.root / "a.txt", 1234, 5678)
    (site.root / "a.txt").chmod(0o660)
    save_text(site, "a.txt", "new")
    status = (site.root / "a.txt").stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 5678, 0o660)


def test_55_new_files_follow_the_umask(site: Site) -> None:
    before = os.umask(0o027)
    try:
        save_text(site, "a.txt", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((site.root / "a.txt").stat().st_mode) == 0o640


def test_24_a_file_replaced_by_a_folder_is_told_apart(site: Site) -> None:
    save_text(site, "a.txt", "x")
    seen = site.model("a.txt", hash="1")["hash"]
    (site.root / "a.txt").unlink()
    (site.root / "a.txt").mkdir()
    answer = save_text(site, "a.txt", "y", hash=seen)
    assert (answer.status_code, answer.json["reason"]) == (400, "bad type")


def test_23_a_save_after_a_rename_with_the_known_hash_makes_no_second_file(site: Site) -> None:
    save_notebook(site, "a.ipynb", notebook("1"))
    seen = site.model("a.ipynb", hash="1")["hash"]
    site.contents("PATCH", "a.ipynb", {"path": "b.ipynb"})
    late_autosave = save_notebook(site, "a.ipynb", notebook("2"), hash=seen)
    assert (late_autosave.status_code, late_autosave.json["reason"]) == (409, "deleted on disk")
    assert not (site.root / "a.ipynb").exists()
    assert save_notebook(site, "b.ipynb", notebook("2"), hash=seen).status_code == 200


@pytest.mark.parametrize("content", [b"", b"this is no database" * 100], ids=["empty", "corrupt"])
def test_39_a_broken_signature_database_stops_no_save(site: Site, content: bytes) -> None:
    database = Path(os.environ["JUPYTER_DATA_DIR"]) / "nbsignatures.db"
    database.parent.mkdir(parents=True, exist_ok=True)
    database.write_bytes(content)
    assert save_notebook(site, "n.ipynb", notebook("1")).status_code == 201
    assert site.model("n.ipynb")["content"]["cells"][0]["metadata"]["trusted"] is True


def test_39_a_locked_signature_database_stops_no_save_and_stays(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flasknb.contents.signatures.DATABASE_WAIT_S", 0.1)
    save_notebook(site, "n.ipynb", notebook("1"))
    database = Path(os.environ["JUPYTER_DATA_DIR"]) / "nbsignatures.db"
    other = sqlite3.connect(database)
    try:
        other.execute("BEGIN EXCLUSIVE")
        assert save_notebook(site, "n.ipynb", notebook("2")).status_code == 200
        assert site.model("n.ipynb")["content"]["cells"][0]["metadata"]["trusted"] is False
    finally:
        other.close()
    assert save_notebook(site, "m.ipynb", notebook("1")).status_code == 201
    assert site.model("m.ipynb")["content"]["cells"][0]["metadata"]["trusted"] is True
    assert names_in(database.parent) == ["nbsignatures.db", "notebook_secret"]


def test_39_a_data_folder_that_cannot_exist_stops_no_save(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "a-file" / "data"))
    assert save_notebook(site, "n.ipynb", notebook("1")).status_code == 201
    assert site.model("n.ipynb")["content"]["cells"][0]["metadata"]["trusted"] is False


def test_every_error_number_becomes_an_answer() -> None:
    from flasknb.contents.disk import told_as_errors
    from flasknb.errors import FlasknbError, status_of

    expected = {
        errno.ENOENT: 404, errno.ELOOP: 404, errno.EACCES: 403, errno.EROFS: 403, errno.ENOSPC: 507, errno.EDQUOT: 507,
        errno.ENAMETOOLONG: 400, errno.EISDIR: 400, errno.EIO: 500, errno.ESTALE: 500, errno.EMFILE: 500,
    }  # fmt: skip
    for number, status in expected.items():
        with pytest.raises(FlasknbError, match=r"a\.txt") as caught, told_as_errors("a.txt", "saving"):
            raise OSError(number, os.strerror(number), "/disk/path/a.txt")
        assert status_of(caught.value) == status
        assert "/disk/path" not in caught.value.message
