"""Attacks 1 to 8 and 11 to 15: paths that should lead where nobody may go.

Not here: 11 (kernelspec resources) and 12 (nbextensions, static) belong to their own areas' tests; 16 (archives) has no
row because nothing imports archives.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flasknb.contents.filemanager import FileContentsManager
from flasknb.contents.paths import Root, check_windows_part
from flasknb.errors import BadPath
from tests.contents_site import Site, notebook, open_site, save_notebook, save_text

SECRET = "the secret beside the root"

CLIMBING = [
    "../secret.txt",
    "d/../../secret.txt",
    "%2e%2e/secret.txt",
    "..%2fsecret.txt",
    "%2e%2e%2fsecret.txt",
    "%252e%252e%252fsecret.txt",
    "..\\secret.txt",
    "..%5csecret.txt",
    "/..\\/secret.txt",
    "d/..%2f..%2fsecret.txt",
    "../root-secret/x.txt",
    "..%2froot-secret%2fx.txt",
]
ABSOLUTE = [
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "C:%5cWindows%5cwin.ini",
    "C:/Windows/win.ini",
    "%5c%5chost%5cshare",
    "/proc/self/environ",
    "file:///etc/passwd",
]
UNUSABLE = {
    "nul": "a%00b",
    "escape": "a%1bb",
    "long name": "n" * 300,
    "long path": "/".join(["d" * 200] * 40),
}


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    opened = open_site(tmp_path, request.param)
    (opened.root / "d").mkdir()
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "root-secret").mkdir()
    (tmp_path / "root-secret" / "x.txt").write_text(SECRET)
    return opened


def assert_refused(site: Site, method: str, path: str, body: object = None, statuses: tuple[int, ...] = (404,)) -> None:
    """The request is refused and tells nothing; redirects that only squeeze slashes are followed."""
    answer = site.ask(method, path, body)
    if answer.status_code in (302, 307, 308):
        answer = site.ask(method, answer.headers["Location"].removeprefix(site.prefix), body)
    assert answer.status_code in statuses, f"{method} {path}: {answer.status} {answer.text[:200]}"
    assert SECRET not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("path", CLIMBING + ABSOLUTE)
def test_1_2_4_6_no_path_reads_outside_the_root(site: Site, path: str) -> None:
    for area in ("api/contents", "files", "view", "edit", "tree", "notebooks"):
        assert_refused(site, "GET", f"/{area}/{path}")
    assert_refused(site, "GET", f"/api/contents/{path}/checkpoints")


@pytest.mark.parametrize("path", ["../secret.txt", "d/../../root-secret/x.txt", "/../root-secret/x.txt"])
def test_4_no_body_leads_outside_the_root(site: Site, tmp_path: Path, path: str) -> None:
    save_text(site, "mine.txt", "mine")
    assert_refused(site, "POST", "/api/contents", {"copy_from": path})
    assert_refused(site, "POST", "/api/contents/d", {"copy_from": path})
    assert_refused(site, "PATCH", "/api/contents/mine.txt", {"path": path}, (400, 404))
    assert (tmp_path / "secret.txt").read_text() == SECRET
    assert (tmp_path / "root-secret" / "x.txt").read_text() == SECRET
    assert (site.root / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("path", ["..%2fnew.txt", "..%2froot-secret%2fx.txt", "d%2f..%2f..%2fnew"])
def test_4_nothing_is_written_outside_the_root(site: Site, tmp_path: Path, path: str) -> None:
    before = sorted(tmp_path.iterdir())
    model = {"type": "file", "format": "text", "content": "evil"}
    assert_refused(site, "PUT", f"/api/contents/{path}", model, (400, 404, 405))
    assert_refused(site, "PUT", f"/api/contents/{path}", {"type": "directory"}, (400, 404, 405))
    assert_refused(site, "DELETE", f"/api/contents/{path}", None, (400, 404, 405))
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "root-secret" / "x.txt").read_text() == SECRET


@pytest.mark.parametrize("path", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_3_unusable_names_are_a_400_for_every_method(site: Site, path: str) -> None:
    for method, body in [
        ("GET", None),
        ("PUT", {"type": "file"}),
        ("DELETE", None),
        ("POST", {}),
        ("PATCH", {"path": "x"}),
    ]:
        assert_refused(site, method, f"/api/contents/{path}", body, (400,))
    assert_refused(site, "GET", f"/files/{path}", None, (400,))


@pytest.mark.parametrize("path", ["a\x00b", "a\x1bb", "n" * 300, "d/" * 3000 + "x"])
def test_3_unusable_names_in_bodies_are_a_400(site: Site, path: str) -> None:
    save_text(site, "mine.txt", "mine")
    assert_refused(site, "PATCH", "/api/contents/mine.txt", {"path": path}, (400,))
    assert_refused(site, "POST", "/api/contents", {"copy_from": path}, (400,))


def test_3_a_newline_matches_no_route(site: Site) -> None:
    assert_refused(site, "GET", "/api/contents/a%0ab", None, (400, 404))


def test_3_a_lone_surrogate_is_a_400(site: Site) -> None:
    save_text(site, "mine.txt", "mine")
    assert_refused(site, "PATCH", "/api/contents/mine.txt", '{"path": "a\\ud800"}', (400,))


def test_5_the_root_of_the_machine_can_be_served(tmp_path: Path) -> None:
    (tmp_path / "here.txt").write_text("x")
    manager = FileContentsManager(root_dir="/")
    assert manager.get(str(tmp_path / "here.txt").strip("/"))["content"] == "x"
    with pytest.raises(BadPath):
        manager.get("../etc/passwd")


@pytest.mark.parametrize("target", ["secret.txt", "root-secret"])
def test_7_a_link_out_of_the_root_leads_nowhere(site: Site, tmp_path: Path, target: str) -> None:
    (site.root / "link").symlink_to(tmp_path / target)
    inside = "link" if target == "secret.txt" else "link/x.txt"
    for area in ("api/contents", "files", "view", "edit"):
        assert_refused(site, "GET", f"/{area}/{inside}")
    assert_refused(site, "PUT", f"/api/contents/{inside}", {"type": "file", "format": "text", "content": "evil"})
    assert_refused(site, "POST", "/api/contents", {"copy_from": inside})
    assert_refused(site, "POST", f"/api/contents/{inside}/checkpoints", {})
    assert [child["name"] for child in site.model("")["content"]] == ["d"]
    assert (tmp_path / "secret.txt").read_text() == (tmp_path / "root-secret" / "x.txt").read_text() == SECRET


def test_7_a_copied_folder_keeps_its_links_as_links(site: Site, tmp_path: Path) -> None:
    (site.root / "d" / "link").symlink_to(tmp_path / "secret.txt")
    assert site.contents("POST", "", {"copy_from": "d"}).status_code == 201
    assert (site.root / "d-Copy1" / "link").is_symlink()
    assert_refused(site, "GET", "/files/d-Copy1/link")


def test_7_an_option_lets_links_lead_out(tmp_path: Path) -> None:
    site = open_site(tmp_path, **{"FileContentsManager.follow_outside_links": True})
    (tmp_path / "beside.txt").write_text("wanted")
    (site.root / "link.txt").symlink_to(tmp_path / "beside.txt")
    assert site.model("link.txt")["content"] == "wanted"


def test_7_a_link_that_loops_is_left_out_and_hangs_nobody(site: Site) -> None:
    (site.root / "loop").symlink_to(site.root / "loop")
    (site.root / "d" / "up").symlink_to(site.root)
    assert [child["name"] for child in site.model("")["content"]] == ["d"]
    assert_refused(site, "GET", "/api/contents/loop")
    assert [child["name"] for child in site.model("d")["content"]] == ["up"]


def test_8_a_folder_swapped_for_a_link_after_the_check_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "root" / "d").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.txt").write_text(SECRET)
    (tmp_path / "root" / "d" / "x.txt").write_text("mine")
    root = Root(str(tmp_path / "root"))
    resolved = root.resolve("d/x.txt")
    (tmp_path / "root" / "d").rename(tmp_path / "root" / "moved")
    (tmp_path / "root" / "d").symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match="d"):
        root.open_file(resolved)


def test_8_a_file_swapped_for_a_link_after_the_check_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "root" / "x.txt").write_text("mine")
    root = Root(str(tmp_path / "root"))
    resolved = root.resolve("x.txt")
    Path(resolved).unlink()
    Path(resolved).symlink_to(tmp_path / "secret.txt")
    with pytest.raises(OSError, match=r"x\.txt"):
        root.open_file(resolved)


@pytest.mark.parametrize("checkpoint_id", ["..%2f..%2fsecret.txt", "..", "other", "check%00point", "x" * 300])
def test_13_only_our_own_checkpoint_id_exists(site: Site, checkpoint_id: str) -> None:
    save_notebook(site, "n.ipynb", notebook("1"))
    for method in ("POST", "DELETE"):
        assert_refused(site, method, f"/api/contents/n.ipynb/checkpoints/{checkpoint_id}", {}, (400, 404, 405))
    assert len(site.contents("GET", "n.ipynb/checkpoints").json) == 1


@pytest.mark.parametrize(
    "name", ["CON", "aux.txt", "NUL .ipynb", "com1", "LPT9.log", "con:x", "a:b", "x.", "x ", "a\\b", "COM¹", "conin$"]
)
def test_14_windows_devices_and_streams_are_no_names_there(name: str) -> None:
    with pytest.raises(BadPath):
        check_windows_part(name, name)


@pytest.mark.parametrize("name", ["console.txt", "auxiliary", "nullable.ipynb", "a.con", "común"])
def test_14_names_that_only_resemble_devices_are_fine(name: str) -> None:
    check_windows_part(name, name)


@pytest.mark.parametrize("ext", ["/../../x", "/x", "x", "\x00", ".a/../../x", "." + "x" * 5000])
def test_15_an_extension_cannot_carry_a_path(site: Site, tmp_path: Path, ext: str) -> None:
    before = entries_outside_runtime(tmp_path)
    answer = site.contents("POST", "", {"type": "file", "ext": ext})
    assert answer.status_code == 400
    assert entries_outside_runtime(tmp_path) == before


def entries_outside_runtime(folder: Path) -> list[Path]:
    """Everything but locks and what the server itself keeps in its runtime folder."""
    entries = sorted(folder.rglob("*"))
    runtime = folder / "jupyter" / "runtime"
    return [path for path in entries if "lock" not in path.name and not path.is_relative_to(runtime)]
