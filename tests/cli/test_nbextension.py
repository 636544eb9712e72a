"""nbextensions: where they go, what is copied, what is refused, which files say that they are loaded."""

from __future__ import annotations

import http.server
import io
import json
import os
import stat
import sys
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flasknb.extensions import archives
from tests.cli.conftest import Run

CODE = "define([], function () {})\n"


@pytest.fixture
def data(jupyter_dirs: Path) -> Path:
    """Where nbextensions of the user go."""
    return jupyter_dirs / "data" / "nbextensions"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with an nbextension of two files."""
    folder = tmp_path / "hello"
    (folder / "sub").mkdir(parents=True)
    (folder / "main.js").write_text(CODE)
    (folder / "sub" / "style.css").write_text("a {}")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def settings(config: Path, section: str = "notebook", kind: str = "nbconfig") -> dict[str, object]:
    return dict(json.loads((config / kind / f"{section}.json").read_text()))


def test_a_folder_is_copied_and_a_second_time_only_what_is_newer(run: Run, source: Path, data: Path) -> None:
    first = run("nbextension", "install", "--user", str(source))
    assert first.exit_code == 0
    assert first.stdout.splitlines()[0] == f"Installing {source} -> {data / 'hello'}"
    assert (data / "hello/sub/style.css").read_text() == "a {}"
    (data / "hello/main.js").write_text("changed there")
    (source / "sub/style.css").write_text("b {}")
    later = (source / "sub/style.css").stat().st_mtime + 10
    os.utime(source / "sub/style.css", (later, later))
    second = run("nbextension", "install", "--user", str(source))
    assert f"Up to date: {data / 'hello/main.js'}" in second.stdout
    assert (data / "hello/main.js").read_text() == "changed there"
    assert (data / "hello/sub/style.css").read_text() == "b {}"


def test_a_file_goes_under_the_name_that_is_given(run: Run, source: Path, data: Path) -> None:
    run("nbextension", "install", "--user", str(source / "main.js"), "--destination", "mine/other.js")
    assert (data / "mine/other.js").read_text() == CODE


def test_every_place_can_be_chosen(
    run: Run, source: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "env"))
    monkeypatch.setattr("flasknb.extensions.locations.SYSTEM_DATA_DIR", tmp_path / "system")
    places = {
        ("--user",): data,
        ("--sys-prefix",): tmp_path / "env/share/jupyter/nbextensions",
        ("--system",): tmp_path / "system/nbextensions",
        ("--prefix", str(tmp_path / "p")): tmp_path / "p/share/jupyter/nbextensions",
        ("--nbextensions", str(tmp_path / "n")): tmp_path / "n",
    }
    for options, place in places.items():
        assert run("nbextension", "install", *options, str(source)).exit_code == 0
        assert (place / "hello/main.js").is_file()
    (tmp_path / "system/nbextensions/hello/main.js").unlink()
    run("nbextension", "install", str(source))
    assert (tmp_path / "system/nbextensions/hello/main.js").is_file(), "the machine's place is the default"


def test_two_places_or_two_extensions_are_refused(run: Run, source: Path, data: Path) -> None:
    assert "Say one of" in run("nbextension", "install", "--user", "--system", str(source)).stderr
    assert "One extension per call" in run("nbextension", "install", "--user", str(source), str(source)).stderr
    assert run("nbextension", "install", "--user").exit_code == 2
    assert not data.exists()


def test_a_missing_file_is_named(run: Run) -> None:
    result = run("nbextension", "install", "--user", "/no/such/place")
    assert result.exit_code == 1
    assert result.stderr == "flasknb: No such file or directory: /no/such/place\n"


def test_a_link_is_made_and_kept_and_replaced_on_demand(run: Run, source: Path, data: Path) -> None:
    run("nbextension", "install", "--user", "--symlink", str(source))
    assert (data / "hello").readlink() == source
    assert "Up to date" in run("nbextension", "install", "--user", "-s", str(source)).stdout
    refused = run("nbextension", "install", "--user", str(source))
    assert refused.exit_code == 1
    assert "--overwrite" in refused.stderr
    assert run("nbextension", "install", "--user", "--overwrite", str(source)).exit_code == 0
    assert not (data / "hello").is_symlink()
    assert (source / "main.js").read_text() == CODE


def test_uninstalling_a_link_leaves_what_it_leads_to(run: Run, source: Path, data: Path) -> None:
    run("nbextension", "install", "--user", "--symlink", str(source))
    refused = run("nbextension", "uninstall", "--user", "hello/main.js")
    assert "is inside a link" in refused.stderr
    assert run("nbextension", "uninstall", "--user", "hello").exit_code == 0
    assert not (data / "hello").is_symlink()
    assert (source / "main.js").is_file()


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "..", ".", "a\\b", "a//b", "x\x1b[2J"])
def test_no_name_leads_out_of_the_folder(run: Run, source: Path, data: Path, name: str) -> None:
    for arguments in (["install", str(source), "--destination", name], ["uninstall", name]):
        result = run("nbextension", *arguments, "--user")
        assert result.exit_code == 1
        assert "cannot be the name" in result.stderr
        assert "\x1b" not in result.stderr
    assert not list(data.parent.rglob("main.js"))


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


def test_enabling_writes_the_section_and_validates(run: Run, source: Path, config: Path) -> None:
    run("nbextension", "install", "--user", str(source))
    good = run("nbextension", "enable", "hello/main")
    assert good.stdout == "Enabling notebook extension hello/main...\n      - Validating: OK\n"
    bad = run("nbextension", "enable", "nowhere", "--section", "tree")
    assert bad.exit_code == 0
    assert bad.stdout.splitlines() == [
        "Enabling tree extension nowhere...",
        "      - Validating: problems found:",
        "        - require? X nowhere",
    ]
    assert settings(config) == {"load_extensions": {"hello/main": True}}
    assert settings(config, "tree") == {"load_extensions": {"nowhere": True}}


def test_disabling_says_false_and_uninstalling_says_nothing(run: Run, source: Path, config: Path) -> None:
    run("nbextension", "install", "--user", str(source))
    run("nbextension", "enable", "hello/main")
    run("nbextension", "enable", "other/main")
    assert run("nbextension", "disable", "hello/main").stdout == "Disabling notebook extension hello/main...\n"
    assert settings(config) == {"load_extensions": {"hello/main": False, "other/main": True}}
    run("nbextension", "uninstall", "hello", "--require", "hello/main")
    assert settings(config) == {"load_extensions": {"other/main": True}}


def test_everything_else_in_a_section_stays(run: Run, config: Path) -> None:
    (config / "nbconfig").mkdir()
    (config / "nbconfig/notebook.json").write_text('{"Cell": {"x": 1}, "load_extensions": {"a": true}}')
    run("nbextension", "enable", "b")
    assert settings(config) == {"Cell": {"x": 1}, "load_extensions": {"a": True, "b": True}}


def test_what_a_page_has_said_is_changed_too(run: Run, config: Path) -> None:
    (config / "serverconfig").mkdir()
    (config / "serverconfig/notebook.json").write_text('{"load_extensions": {"a": true}}')
    run("nbextension", "disable", "a")
    assert settings(config) == settings(config, kind="serverconfig") == {"load_extensions": {"a": False}}


@pytest.mark.parametrize("content", ["{", "[]", '{"load_extensions": [1]}'])
def test_a_broken_section_is_left_as_it_is(run: Run, config: Path, content: str) -> None:
    (config / "nbconfig").mkdir()
    path = config / "nbconfig/notebook.json"
    path.write_text(content)
    result = run("nbextension", "enable", "a")
    assert result.exit_code == 1
    assert "notebook.json" in result.stderr
    assert path.read_text() == content
    assert run("nbextension", "list").exit_code == 0


def test_a_section_is_a_name(run: Run, config: Path) -> None:
    assert "is no section" in run("nbextension", "enable", "a", "--section", "../x").stderr
    assert not list(config.rglob("*.json"))


def test_the_list_shows_every_folder_section_and_state(run: Run, source: Path, config: Path) -> None:
    run("nbextension", "install", "--user", str(source))
    run("nbextension", "enable", "hello/main")
    run("nbextension", "disable", "gone/main")
    run("nbextension", "enable", "hello/main", "--section", "tree")
    assert run("nbextension", "list").stdout.splitlines()[:12] == [
        "Known nbextensions:",
        f"  config dir: {config / 'nbconfig'}",
        "    notebook section",
        "      hello/main enabled",
        "      - Validating: OK",
        "      gone/main disabled",
        "      - Validating: problems found:",
        "        - require? X gone/main",
        "    tree section",
        "      hello/main enabled",
        "      - Validating: OK",
    ]


def test_colours_are_for_terminals_and_not_where_the_user_wants_none(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("nbextension", "enable", "a")
    assert "\x1b[32m" in run("nbextension", "list", color=True).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[32m" not in run("nbextension", "list").stdout


PACKAGE = """
def _jupyter_nbextension_paths():
    return [{"section": "notebook", "src": "static", "dest": "packaged", "require": "packaged/main"},
            {"section": "tree", "src": "static/tree.js", "dest": "packaged-tree.js", "require": "packaged-tree"}]

def _jupyter_bundlerextension_paths():
    return [{"name": "as_text", "label": "Text (.txt)", "module_name": "packaged_ext", "group": "download"},
            {"name": "away", "label": "Away", "module_name": "packaged_ext.nowhere", "group": "deploy"}]
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Python package that brings two nbextensions and two bundlers."""
    folder = tmp_path / "site" / "packaged_ext"
    (folder / "static").mkdir(parents=True)
    (folder / "__init__.py").write_text(PACKAGE)
    (folder / "static/main.js").write_text(CODE)
    (folder / "static/tree.js").write_text(CODE)
    monkeypatch.syspath_prepend(str(folder.parent))
    yield "packaged_ext"
    sys.modules.pop("packaged_ext", None)


def test_a_package_installs_enables_and_removes_all_its_extensions(
    run: Run, package: str, data: Path, config: Path
) -> None:
    installed = run("nbextension", "install", "--user", "--py", package)
    assert "flasknb nbextension enable packaged_ext --py --user" in installed.stdout
    assert names(data) == ["packaged", "packaged-tree.js"]
    enabled = run("nbextension", "enable", "--py", package)
    assert enabled.stdout.count("- Validating: OK") == 2
    assert settings(config) == {"load_extensions": {"packaged/main": True}}
    assert settings(config, "tree") == {"load_extensions": {"packaged-tree": True}}
    run("nbextension", "disable", "--python", package)
    assert settings(config, "tree") == {"load_extensions": {"packaged-tree": False}}
    assert run("nbextension", "uninstall", "--py", package).exit_code == 0
    assert names(data) == []
    assert settings(config) == settings(config, "tree") == {}


@pytest.mark.parametrize("command", [("nbextension", "enable"), ("bundlerextension", "enable")])
def test_a_package_that_is_not_there_or_has_nothing_is_explained(run: Run, command: tuple[str, str]) -> None:
    assert "cannot be imported" in run(*command, "--py", "no_such_package").stderr
    assert "has no _jupyter_" in run(*command, "--py", "json").stderr


def test_bundlers_of_a_package_are_offered_and_withdrawn(run: Run, package: str, config: Path) -> None:
    enabled = run("bundlerextension", "enable", "--py", package)
    assert enabled.stdout.splitlines() == [
        "Enabling bundler as_text...",
        "      - Validating: OK",
        "Enabling bundler away...",
        "      - Validating: problems found:",
        "        - import? X packaged_ext.nowhere",
    ]
    assert settings(config) == {
        "bundlerextensions": {
            "as_text": {"label": "Text (.txt)", "module_name": "packaged_ext", "group": "download"},
            "away": {"label": "Away", "module_name": "packaged_ext.nowhere", "group": "deploy"},
        }
    }
    listed = run("bundlerextension", "list").stdout.splitlines()
    assert listed[:4] == [
        "Known bundlerextensions:",
        f"  config dir: {config / 'nbconfig'}",
        "    as_text enabled",
        "      - Text (.txt) (download)",
    ]
    run("bundlerextension", "disable", "--py", package)
    assert settings(config) == {}


def test_bundlers_need_a_package(run: Run) -> None:
    assert "say --py" in run("bundlerextension", "enable", "name").stderr
