"""Files for the browser: types, caching, encodings, and nothing but those files."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from flasknb.errors import FrontEndMissing
from flasknb.extensions.assets import AssetFiles
from tests.conftest import MakeSite, Site


@pytest.fixture
def site_with_build(site: Site, tmp_path: Path) -> Site:
    static = tmp_path / "static"
    (static / "build").mkdir(parents=True)
    for name, content in (
        ("a-1.js", b"plain"),
        ("a-1.js.br", b"brotli"),
        ("a-1.js.gz", b"gzip"),
        ("b-2.css", b"style"),
    ):
        (static / "build" / name).write_bytes(content)
    (tmp_path / "secret.js").write_text("secret")
    site.app.extensions["flasknb"]["flasknb"] = replace(site.services, assets=AssetFiles(static))
    return site


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", b"gzip"),
        ("br;q=0, gzip", "gzip", b"gzip"),
        ("", None, b"plain"),
        ("identity", None, b"plain"),
    ],
)
def test_built_files_come_packed_and_are_kept_for_good(
    site_with_build: Site, accepted: str, encoding: str | None, content: bytes
) -> None:
    answer = site_with_build.stranger.get("static/build/a-1.js", headers={"Accept-Encoding": accepted})
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.mimetype == "text/javascript"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_unpacked_file_is_served_as_it_is(site_with_build: Site) -> None:
    answer = site_with_build.stranger.get("static/build/b-2.css", headers={"Accept-Encoding": "br"})
    assert (answer.data, answer.mimetype) == (b"style", "text/css")


BAD_PATHS = [
    "../secret.js",
    "..%2fsecret.js",
    "%2e%2e/%2e%2e/secret.js",
    "..%5c..%5csecret.js",
    "%2fetc/passwd",
    "/etc/passwd",
    "C:%5cx",
    "a-1.js%00",
    "x" * 5000,
    "build",
    ".",
]


@pytest.mark.parametrize("folder", ["static", "static/build", "nbextensions", "custom"])
@pytest.mark.parametrize("path", BAD_PATHS)
def test_rows_6_and_12_nothing_else_is_served(site_with_build: Site, folder: str, path: str) -> None:
    answer = site_with_build.stranger.get(f"{folder}/{path}", follow_redirects=True)
    assert answer.status_code == 404
    assert b"secret" not in answer.data.replace(b"secret.js", b"")


@pytest.mark.row("2 static", "7 static")
def test_packaged_files_come_after_the_users_and_are_kept_when_their_version_is_named(
    make_site: MakeSite, tmp_path: Path
) -> None:
    (tmp_path / "more" / "base" / "images").mkdir(parents=True)
    (tmp_path / "more" / "base" / "images" / "logo.svg").write_text("<svg>mine</svg>")
    site = make_site("/a/b/", extra_static_paths=[str(tmp_path / "more")])
    mine = site.stranger.get("static/base/images/logo.svg")
    assert (mine.text, mine.headers["Cache-Control"]) == ("<svg>mine</svg>", "no-cache")
    for path in (
        "static/base/images/favicon.ico",
        "static/nbclassic/base/images/favicon.ico",
        "static/favicons/favicon.ico",
    ):
        kept = site.stranger.get(f"{path}?v=abc")
        assert kept.headers["Cache-Control"] == "max-age=315360000"
        assert kept.expires.year >= kept.date.year + 9
        assert kept.last_modified is not None
        again = site.stranger.get(path, headers={"If-Modified-Since": kept.headers["Last-Modified"]})
        assert (again.status_code, again.data) == (304, b"")
        assert site.stranger("HEAD", path).headers["Content-Length"] == str(len(kept.data))
    fixed = make_site("/", static_immutable_cache=["/static/base/"])
    answer = fixed.stranger.get("static/base/images/logo.svg")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.row("2 nbextensions", "7 nbextensions")
def test_the_first_folder_on_the_path_that_has_an_nbextension_wins(
    make_site: MakeSite, jupyter_dirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen, path, user = tmp_path / "chosen", tmp_path / "path", jupyter_dirs / "data"
    for folder, names in ((chosen, "a"), (path / "nbextensions", "ab"), (user / "nbextensions", "abc")):
        folder.mkdir(parents=True)
        for name in names:
            (folder / f"{name}.js").write_text(str(folder))
    monkeypatch.setenv("JUPYTER_PATH", str(path))
    site = make_site(**{"NotebookApp.extra_nbextensions_path": [str(chosen)]})
    found = [site.stranger.get(f"nbextensions/{name}.js?v=1") for name in "abc"]
    assert [answer.text for answer in found] == [str(chosen), str(path / "nbextensions"), str(user / "nbextensions")]
    assert {answer.headers["Cache-Control"] for answer in found} == {"no-cache"}
    assert site.stranger("HEAD", "nbextensions/a.js").status_code == 200
    assert site.stranger.get("nbextensions/none.js").status_code == 404


def test_nbextensions_are_found_in_every_data_folder(site: Site, jupyter_dirs: Path) -> None:
    folder = jupyter_dirs / "data/nbextensions/toc"
    folder.mkdir(parents=True)
    (folder / "main.js").write_text("define({})")
    answer = site.stranger.get("nbextensions/toc/main.js?v=1")
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/javascript", "define({})")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_an_nbextension_installed_as_a_link_works(site: Site, jupyter_dirs: Path, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source/main.js").write_text("define({})")
    (jupyter_dirs / "data/nbextensions").mkdir(parents=True)
    (jupyter_dirs / "data/nbextensions/linked").symlink_to(tmp_path / "source")
    assert site.stranger.get("nbextensions/linked/main.js").status_code == 200


@pytest.mark.row("2 custom", "7 custom")
@pytest.mark.parametrize("name", ["custom.css", "custom.js", "custom-preload.js"])
def test_custom_files_are_empty_until_the_user_writes_them(site: Site, jupyter_dirs: Path, name: str) -> None:
    assert (site.stranger.get(f"custom/{name}").status_code, site.stranger.get(f"custom/{name}").data) == (200, b"")
    (jupyter_dirs / "config/custom").mkdir(parents=True)
    (jupyter_dirs / "config/custom" / name).write_text("mine")
    answer = site.stranger.get(f"custom/{name}?v=1")
    assert (answer.text, answer.headers["Cache-Control"]) == ("mine", "no-cache")
    assert site.stranger("HEAD", f"custom/{name}").status_code == 200
    assert site.stranger.get("custom/other.js").status_code == 404


@pytest.mark.row("2 robots and favicon")
def test_icons_and_robots_are_there(site: Site) -> None:
    names = ("favicon", "favicon-notebook", "favicon-busy-1", "favicon-file")
    for path in ("favicon.ico", *(f"static/base/images/{name}.ico" for name in names), "static/base/images/logo.svg"):
        assert site.stranger.get(path).status_code == 200, path
    assert "Disallow: /" in site.stranger.get("robots.txt").text


def write_manifest(static: Path, content: str) -> None:
    (static / "build").mkdir(parents=True, exist_ok=True)
    manifest = static / "build" / "manifest.json"
    before_ns = manifest.stat().st_mtime_ns if manifest.exists() else 0
    manifest.write_text(content)
    os.utime(manifest, ns=(0, before_ns + 1_000_000))  # disks tell times apart by milliseconds at worst


def test_a_new_build_under_a_running_server_is_seen_by_the_next_page(tmp_path: Path) -> None:
    assets = AssetFiles(tmp_path)
    for content in ("", "{"):  # not built yet, then half written
        if content:
            write_manifest(tmp_path, content)
        with pytest.raises(FrontEndMissing, match="make build"):
            assets.built_name("tree.js")
    for file in ("tree-1.js", "tree-2.js"):
        write_manifest(tmp_path, json.dumps({"tree.js": file}))
        assert assets.built_name("tree.js") == file
    with pytest.raises(FrontEndMissing, match=r"has no gone\.js"):
        assets.built_name("gone.js")
