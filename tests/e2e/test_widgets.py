"""ipywidgets as published, in the page: shown, moved, told to the kernel, saved with the notebook and shown again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.test_attacks import PWNED, named_by_widgets, stranger_names
from tests.e2e.test_hostile_notebook import Watch

pytestmark = pytest.mark.slow

PACKAGES = ["ipywidgets==8.1.9", "widgetsnbextension==4.0.16", "jupyterlab_widgets==3.0.17"]
INSTALL_TIMEOUT_S = 180
EXTENSION = "jupyter-js-widgets/extension"
SLIDER = "import ipywidgets\nslider = ipywidgets.IntSlider(value=4)\nslider"
INTERACT = "def twice(x=3):\n    print('twice:', x * 2)\nipywidgets.interact(twice, x=(0, 10));"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a kernel may import ipywidgets from; the machine's own packages stay as they are."""
    folder = tmp_path_factory.mktemp("widgets")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), *PACKAGES]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S)
    if done.returncode != 0:
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip()[-300:]}")
    return folder


@pytest.fixture
def importing(open_notebook: OpenNotebook, packages: Path) -> Iterator[str]:
    """The extension is on; → a line of Python that makes ipywidgets importable."""
    server = open_notebook.server
    shutil.copytree(packages / "share/jupyter/nbextensions", server.data_dir / "nbextensions", dirs_exist_ok=True)
    settings = server.config_dir / "nbconfig" / "notebook.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"load_extensions": {EXTENSION: True}}))
    yield f"import sys; sys.path.insert(0, {str(packages)!r})"
    settings.unlink()


def test_widgets_are_shown_moved_saved_and_shown_again(open_notebook: OpenNotebook, importing: str) -> None:
    complaints: list[str] = []
    path = open_notebook.write(f"{importing}\n{SLIDER}", INTERACT, "slider.value")
    nb = open_notebook.existing(path)
    nb.page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    nb.page.on("pageerror", lambda error: complaints.append(str(error)))
    nb.page.wait_for_function("(id) => requirejs.defined(`nbextensions/${id}`)", arg=EXTENSION)
    nb.run_all()
    handle = nb.cell(0).locator(".noUi-handle")
    expect(handle).to_be_visible()
    expect(nb.cell(1).locator(".output_stdout")).to_have_text("twice: 6\n")
    handle.focus()
    nb.page.keyboard.press("ArrowRight")
    expect(nb.cell(0).locator(".widget-readout")).to_have_text("5")
    nb.cell(1).locator(".noUi-handle").focus()
    nb.page.keyboard.press("ArrowRight")
    expect(nb.cell(1).locator(".output_stdout")).to_have_text("twice: 8\n")
    nb.select(2)
    nb.page.keyboard.press("Control+Enter")
    expect(nb.cell(2).locator(".output_result")).to_have_text("5")
    nb.page.evaluate("() => void Jupyter.keyboard_manager.actions.call('widgets:save-with-widgets')")
    nb.page.wait_for_function("() => Jupyter.notebook.metadata.widgets && !Jupyter.notebook.dirty")
    assert complaints == []
    state = json.loads((open_notebook.root_dir / path).read_text())["metadata"]["widgets"]
    models = state["application/vnd.jupyter.widget-state+json"]["state"].values()
    assert 5 in [model["state"].get("value") for model in models]


def test_widgets_come_back_without_a_kernel(open_notebook: OpenNotebook, importing: str) -> None:
    nb = open_notebook(f"{importing}\n{SLIDER}")
    nb.page.wait_for_function("(id) => requirejs.defined(`nbextensions/${id}`)", arg=EXTENSION)
    nb.run_all()
    expect(nb.cell(0).locator(".noUi-handle")).to_be_visible()
    nb.page.evaluate("() => void Jupyter.keyboard_manager.actions.call('widgets:save-with-widgets')")
    nb.page.wait_for_function("() => Jupyter.notebook.metadata.widgets && !Jupyter.notebook.dirty")
    nb.page.evaluate("() => new Promise((done) => Jupyter.notebook.session.delete(done, done))")
    nb.page.reload()
    nb.wait_ready()
    expect(nb.cell(0).locator(".noUi-handle")).to_be_visible(timeout=20_000)
    expect(nb.cell(0).locator(".widget-readout")).to_have_text("4")


def test_saved_widgets_load_no_script_of_a_stranger(open_notebook: OpenNotebook, importing: str) -> None:
    names = stranger_names(open_notebook)
    (open_notebook.root_dir / "hostile-widgets.ipynb").write_text(json.dumps(named_by_widgets(names)))
    watch = Watch(open_notebook)
    nb = open_notebook.existing("hostile-widgets.ipynb")
    nb.page.wait_for_function("(id) => requirejs.defined(`nbextensions/${id}`)", arg=EXTENSION)
    with nb.page.expect_console_message(lambda message: "is not the name of an installed module" in message.text):
        nb.page.reload()
    nb.wait_ready()
    assert (watch.scripts_of_the_stranger(), watch.foreign()) == ([], set())
    assert nb.page.evaluate(PWNED) is None
