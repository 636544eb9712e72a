"""Real sidecars with private folders. Most tests of a module share one sidecar; those that kill it make their own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelModel, KernelRequest
from flasknb.kernel_bridge.terminals import TerminalRequest
from tests.bridge.kernel_site import KernelSite, running_site
from tests.bridge.page import Page
from tests.bridge.screen import Screen
from tests.bridge.shells import PLAIN_SHELL, LookAt, Open

MakeBridge = Callable[..., BridgeClient]
JoinKernel = Callable[..., Page]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Jupyter folders of this module; sidecars started from here on use them."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("JUPYTER_PATH", raising=False)
        for name in ("RUNTIME", "CONFIG", "DATA"):
            patch.setenv(f"JUPYTER_{name}_DIR", str(folder / name.lower()))
        patch.setenv("FLASKNB_TEST_DATABASE_URL", "postgres://user:secret@host")
        patch.setenv("SECRET_KEY", "of the host's site")
        yield folder


@pytest.fixture(autouse=True)
def jupyter_dirs(home: Path) -> Path:
    """Sidecars outlive single tests, so their folders do too."""
    return home


@pytest.fixture(scope="module")
def tries() -> dict[str, int]:
    """How often the test that runs was begun, under "now"."""
    return {"now": 1}


@pytest.fixture(autouse=True)
def count_tries(tries: dict[str, int], request: pytest.FixtureRequest) -> None:
    """Note whether the test runs for the first time, or again after a failure."""
    tries["now"] = getattr(request.node, "execution_count", 1)


@pytest.fixture(scope="module")
def make_bridge(home: Path, tries: dict[str, int]) -> Iterator[MakeBridge]:
    """Makes clients of instances by name, anew for a test that runs again; all sidecars end with the module."""
    made: list[BridgeClient] = []

    def make(instance: str = "shared", **config: Any) -> BridgeClient:
        root_dir = home / "root"
        root_dir.mkdir(exist_ok=True)
        config["KernelSidecar"] = {"spare_kernels": [], **config.get("KernelSidecar", {})}  # they cost a second each
        again = f"-{tries['now']}" if tries["now"] > 1 else ""
        client = BridgeClient(home / f"{instance}{again}", root_dir, config)
        made.append(client)
        return client

    yield make
    for client in made:
        client.shutdown_sidecar()


@pytest.fixture(scope="module")
def bridge(make_bridge: MakeBridge) -> BridgeClient:
    """A client of the module's shared sidecar."""
    client = make_bridge()
    client.status()  # started here, with the module's Jupyter folders
    return client


@pytest.fixture(scope="module")
def kernel(bridge: BridgeClient) -> KernelModel:
    """A Python kernel that tests of the module share; none may break it."""
    return bridge.start_kernel(KernelRequest())


@pytest.fixture
def join() -> Iterator[JoinKernel]:
    """Joins kernels; every page leaves with the test."""
    pages: list[Page] = []

    def make(client: BridgeClient, kernel_id: str, session: str = "page", **options: Any) -> Page:
        pages.append(Page(client, kernel_id, session, **options))
        return pages[-1]

    yield make
    for page in pages:
        page.leave()


@pytest.fixture
def page(bridge: BridgeClient, kernel: KernelModel, join: JoinKernel) -> Page:
    """A page on the shared kernel."""
    return join(bridge, kernel.id)


@pytest.fixture
def look_at() -> Iterator[LookAt]:
    """Joins terminals; every page leaves with the test."""
    screens: list[Screen] = []

    def make(client: BridgeClient, name: str) -> Screen:
        screens.append(Screen(client, name))
        return screens[-1]

    yield make
    for screen in screens:
        screen.leave()


@pytest.fixture
def open_terminal(bridge: BridgeClient, look_at: LookAt) -> Iterator[Open]:
    """Opens a terminal and looks at it; all end with the test."""

    def make(command: tuple[str, ...] = PLAIN_SHELL, name: str | None = None, **options: str) -> Screen:
        return look_at(bridge, bridge.terminals.create(TerminalRequest(name=name, command=command, **options)).name)

    yield make
    for model in bridge.terminals.list():
        bridge.terminals.delete(model.name)


@pytest.fixture(scope="module")
def install_spec(home: Path) -> Callable[..., None]:
    """Installs a kernel specification for the module's sidecars."""

    def install(name: str, *arguments: str, **more: Any) -> None:
        folder = home / "data" / "kernels" / name
        folder.mkdir(parents=True)
        spec = {"argv": [sys.executable, *arguments], "display_name": name, "language": "python", **more}
        (folder / "kernel.json").write_text(json.dumps(spec))

    return install


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelSite]:
    """gunicorn with two workers, and a folder ``sub`` in its root."""
    with running_site(tmp_path_factory.mktemp("gunicorn")) as running:
        (running.server.root_dir / "sub").mkdir()
        yield running


@pytest.fixture(scope="module")
def kernel_id(site: KernelSite) -> str:
    """A kernel that tests share; none may break it."""
    return site.kernel()


@pytest.fixture
def own_id(site: KernelSite) -> Iterator[str]:
    """A kernel that a test may break."""
    made = site.kernel()
    yield made
    site("DELETE", f"api/kernels/{made}")
