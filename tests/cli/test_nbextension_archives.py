"""nbextensions from archives and from the web: unpacked among the others, and nowhere else."""

from __future__ import annotations

import http.server
import io
import stat
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flasknb.extensions import archives
from tests.cli.conftest import Run
from tests.cli.nbextensions import CODE, names

Pack = Callable[[Path, dict[str, bytes]], None]


def pack_zip(path: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def pack_tar(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


ARCHIVES = [("a.zip", pack_zip), ("a.tar.gz", pack_tar), ("a.tgz", pack_tar)]


@pytest.mark.parametrize(("name", "pack"), ARCHIVES)
def test_an_archive_is_unpacked_among_the_others(run: Run, tmp_path: Path, data: Path, name: str, pack: Pack) -> None:
    pack(tmp_path / name, {"packed/main.js": CODE.encode(), "packed/a/b.js": b"b"})
    assert run("nbextension", "install", "--user", str(tmp_path / name)).exit_code == 0
    assert (data / "packed/main.js").read_text() == CODE
    assert (data / "packed/a/b.js").read_text() == "b"


@pytest.mark.parametrize(("name", "pack"), ARCHIVES)
def test_nothing_is_unpacked_where_a_member_leads_out(
    run: Run, tmp_path: Path, data: Path, name: str, pack: Pack
) -> None:
    for member in ("../evil.js", "/tmp/evil.js", "a/../../evil.js", "a\\..\\evil.js", "C:/evil.js"):
        pack(tmp_path / name, {"good.js": b"", member: b""})
        result = run("nbextension", "install", "--user", str(tmp_path / name))
        assert result.exit_code == 1
        assert "cannot be in" in result.stderr
        assert not data.exists()


def special(kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo("special")
    entry.type, entry.linkname = kind, "/etc/passwd"
    return entry


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_not_unpacked(run: Run, tmp_path: Path, data: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(special(kind))
    assert "only files and folders" in run("nbextension", "install", "--user", str(tmp_path / "a.tar")).stderr
    assert not data.exists()


def test_a_link_in_a_zip_is_not_unpacked(run: Run, tmp_path: Path, data: Path) -> None:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert "is a link" in run("nbextension", "install", "--user", str(tmp_path / "a.zip")).stderr
    assert not data.exists()


def test_an_archive_that_grows_without_end_is_refused(
    run: Run, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 1000)
    for name, pack in ARCHIVES:
        pack(tmp_path / name, {"big.js": b"0" * 2000})
        assert "unpacks to more than" in run("nbextension", "install", "--user", str(tmp_path / name)).stderr
        assert not data.exists()


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_damaged_archive_is_explained(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 no archive")
    result = run("nbextension", "install", "--user", str(tmp_path / name))
    assert result.exit_code == 1
    assert name in result.stderr
    assert "Traceback" not in result.output


def test_archives_take_neither_link_nor_name(run: Run, tmp_path: Path) -> None:
    pack_zip(tmp_path / "a.zip", {"a.js": b""})
    assert "--symlink" in run("nbextension", "install", "--user", "-s", str(tmp_path / "a.zip")).stderr
    assert (
        "--destination" in run("nbextension", "install", "--user", str(tmp_path / "a.zip"), "--destination", "b").stderr
    )


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """A web server with the files of ``tmp_path / "web"``; its address."""
    folder = tmp_path / "web"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_file_and_an_archive_are_downloaded(run: Run, tmp_path: Path, data: Path, web: str) -> None:
    (tmp_path / "web/one.js").write_text(CODE)
    pack_zip(tmp_path / "web/more.zip", {"two.js": b"2"})
    assert run("nbextension", "install", "--user", f"{web}/one.js").exit_code == 0
    assert run("nbextension", "install", "--user", f"{web}/more.zip?download=1").exit_code == 0
    assert names(data) == ["one.js", "two.js"]
    missing = run("nbextension", "install", "--user", f"{web}/three.js")
    assert missing.exit_code == 1
    assert "cannot be downloaded" in missing.stderr
