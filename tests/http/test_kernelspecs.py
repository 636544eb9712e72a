"""``/api/kernelspecs`` and the files of specifications."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flasknb.kernel_bridge.models import KernelSpecs
from tests.conftest import Site


@pytest.fixture
def site_with_logo(site: Site, tmp_path: Path) -> Site:
    folder = tmp_path / "spec"
    folder.mkdir()
    (folder / "logo-64x64.png").write_bytes(b"\x89PNG")
    (folder / "kernel.js").write_text("define({})")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.png").symlink_to(tmp_path / "secret.txt")
    spec = site.bridge.specs.specs["python3"]
    spec = replace(spec, resource_dir=str(folder), resources=("logo-64x64.png", "kernel.js"))
    site.bridge.specs = KernelSpecs("python3", {"python3": spec})
    return site


def test_specifications_are_listed_with_urls_of_their_files(site_with_logo: Site) -> None:
    found = site_with_logo.api.get("api/kernelspecs").json
    assert found["default"] == "python3"
    model = found["kernelspecs"]["python3"]
    assert model["name"] == "python3"
    assert model["spec"]["language"] == "python"
    assert model["resources"] == {
        "logo-64x64": f"{site_with_logo.base_url}kernelspecs/python3/logo-64x64.png",
        "kernel.js": f"{site_with_logo.base_url}kernelspecs/python3/kernel.js",
    }
    assert site_with_logo.api.get("api/kernelspecs/python3").json == model


@pytest.mark.row("2 kernelspec resources")
def test_a_logo_comes_with_its_type(site_with_logo: Site) -> None:
    answer = site_with_logo.api.get("kernelspecs/python3/logo-64x64.png")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", b"\x89PNG")
    assert "max-age=2592000" in answer.headers["Cache-Control"]
    missing = site_with_logo.api.get("kernelspecs/nope/logo-64x64.png")
    assert missing.status_code == 404
    assert "Kernel spec nope not found" in missing.text
    assert site_with_logo.api("HEAD", "kernelspecs/python3/kernel.js").status_code == 200


@pytest.mark.parametrize(
    "path", ["../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "link.png", "gone.png", "/etc/passwd"]
)
def test_nothing_outside_the_folder_is_served(site_with_logo: Site, path: str) -> None:
    answer = site_with_logo.api.get(f"kernelspecs/python3/{path}", follow_redirects=True)
    assert answer.status_code == 404
    assert b"secret" not in answer.data.replace(b"secret.txt", b"")


@pytest.mark.parametrize("path", ["api/kernelspecs/nope", "kernelspecs/nope/logo-64x64.png"])
def test_an_unknown_specification_is_a_404(site: Site, path: str) -> None:
    assert site.api.get(path).status_code == 404
