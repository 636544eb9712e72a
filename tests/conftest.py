"""Private Jupyter folders for every test; the whole HTTP side with a fake bridge, at ``/`` and ``/a/b/``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flasknb import FlaskNB
from flasknb.blueprints.context import Services
from flasknb.extensions.assets import AssetFiles
from flasknb.testing import FakeBridge
from tests.documented import require_documented
from tests.shared_routes import app_around

TOKEN = "correct-horse-battery-staple"
JUPYTER_VARIABLES = {
    f"JUPYTER_{name}" for name in ("TOKEN", "TOKEN_FILE", "PORT", "PORT_RETRIES", "CONFIG_PATH", "PATH", "NO_CONFIG")
}
MOUNTS = {"root": "/", "mounted": "/a/b/"}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why tests had to run again: what passes the second time would hide it."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(f"why {report.nodeid} ran again", sep="_")
        terminalreporter.write_line(report.longreprtext)
        for name, text in report.sections:
            terminalreporter.section(name, sep="-")
            terminalreporter.write_line(text)


@pytest.fixture(autouse=True)
def jupyter_dirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of this test alone; no setting of the machine is seen."""
    home = tmp_path / "jupyter"
    for folders in ("ENV_CONFIG_PATH", "SYSTEM_CONFIG_PATH"):  # packages put settings of theirs there: nbdime does
        monkeypatch.setattr(f"jupyter_core.paths.{folders}", [])
    for variable in JUPYTER_VARIABLES | {name for name in os.environ if name.startswith("FLASKNB_")}:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home / "config"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / "runtime"))
    return home


@dataclass
class Site:
    """An app with one mount. ``base_url`` has slashes at both ends; ``client`` is a browser without cookies."""

    app: Flask
    base_url: str
    root_dir: Path
    bridge: FakeBridge
    services: Services

    @property
    def client(self) -> FlaskClient:
        """A new browser."""
        return self.app.test_client()

    @property
    def api(self) -> Visitor:
        """A program with the token."""
        return Visitor(self, self.client, {"Authorization": f"token {TOKEN}"})

    @property
    def stranger(self) -> Visitor:
        """Somebody without any credentials."""
        return Visitor(self, self.client, {})

    @property
    def browser(self) -> Visitor:
        """A browser that logged in with the token: cookie and ``_xsrf`` header, as our pages send them."""
        client = self.client
        page = client.get(f"{self.base_url}login")
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
        assert xsrf is not None
        answer = client.post(f"{self.base_url}login", data={"password": TOKEN, "_xsrf": xsrf.group(1)})
        assert answer.status_code == 302, answer.text
        return Visitor(self, client, {"X-XSRFToken": cookie(client, "_xsrf", self.base_url)})


@dataclass
class Visitor:
    """Sends requests below the mount with the same headers each time."""

    site: Site
    client: FlaskClient
    headers: dict[str, str]

    def __call__(self, method: str, path: str, **options: Any) -> Any:
        headers = {**self.headers, **options.pop("headers", {})}
        options.setdefault("buffered", True)  # a streamed file is closed when the test has it
        kept = {name: value for name, value in headers.items() if value is not None}
        answer = self.client.open(f"{self.site.base_url}{path}", method=method, headers=kept, **options)
        require_documented(self.site.app, self.site.base_url, method, path, answer)
        return answer

    def get(self, path: str, **options: Any) -> Any:
        return self("GET", path, **options)

    def post(self, path: str, **options: Any) -> Any:
        return self("POST", path, **options)

    def put(self, path: str, **options: Any) -> Any:
        return self("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Any:
        return self("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self("DELETE", path, **options)


def cookie(client: FlaskClient, name: str, path: str = "/") -> str:
    """Value of the browser's cookie ``name``; ``""`` when it has none."""
    found = client.get_cookie(name, path=path.rstrip("/") or "/")
    found = found or client.get_cookie(name, path=path)
    return found.value if found else ""


MakeSite = Callable[..., Site]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that has every file a page asks for; these tests do not need a real one."""
    names = [f"{page}.{kind}" for page in ("tree", "notebook", "edit", "login", "terminal") for kind in ("js", "css")]
    manifest = {name: name.replace(".", "-x.") for name in [*names, "require.js"]}
    manifest |= {"mathjax": "mathjax-4/", "codemirror": "codemirror-5/"}
    manifest |= {"tree.js imports": "chunk-a.js chunk-b.js"}
    monkeypatch.setattr(AssetFiles, "_manifest", lambda _: manifest)


@pytest.fixture
def make_site(tmp_path: Path, built: None) -> MakeSite:
    """Builds a site; keyword arguments are options of ``FlaskNB``."""

    def make(base_url: str = "/", **options: Any) -> Site:
        root_dir = tmp_path / "root"
        root_dir.mkdir(exist_ok=True)
        bridge = FakeBridge()
        notebook = FlaskNB(make_bridge=lambda *_: bridge, **{"root_dir": str(root_dir), "token": TOKEN, **options})
        app, services = app_around(notebook, base_url)
        return Site(app, base_url, root_dir, bridge, services)

    return make


@pytest.fixture(params=MOUNTS.values(), ids=MOUNTS.keys())
def site(request: pytest.FixtureRequest, make_site: MakeSite) -> Site:
    """The notebook at ``/`` and mounted at ``/a/b/``."""
    return make_site(request.param)
