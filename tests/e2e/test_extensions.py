"""A third-party extension loads by configuration and its replacements are reached."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook

EXTENSION = """
define(['base/js/namespace', 'base/js/events', 'notebook/js/codecell', 'notebook/js/outputarea', 'jquery'],
function (Jupyter, events, codecell, outputarea, $) {
  function load_ipython_extension() {
    window.seen = [];
    var execute = codecell.CodeCell.prototype.execute;
    codecell.CodeCell.prototype.execute = function () {
      window.seen.push('execute'); return execute.apply(this, arguments);
    };
    var handle = outputarea.OutputArea.prototype.handle_output;
    outputarea.OutputArea.prototype.handle_output = function (msg) {
      window.seen.push('output'); return handle.apply(this, arguments);
    };
    var select = Jupyter.notebook.constructor.prototype.select;
    Jupyter.notebook.constructor.prototype.select = function () {
      window.seen.push('select'); return select.apply(this, arguments);
    };
    var name = Jupyter.keyboard_manager.actions.register(
      {help: 'shout', icon: 'fa-bullhorn', handler: function (env) {
        env.notebook.get_selected_cell().set_text('SHOUT');
      }}, 'shout', 'loud');
    Jupyter.keyboard_manager.command_shortcuts.add_shortcut('shift-s', name);
    Jupyter.toolbar.add_buttons_group([name], 'loud-buttons');
    events.on('finished_execute.CodeCell', function () { window.seen.push('finished'); });
    window.extension_loaded = true;
  }
  return {load_ipython_extension: load_ipython_extension};
});
"""


def test_replaced_methods_are_reached_from_key_menu_and_kernel(open_notebook: OpenNotebook) -> None:
    data, config = open_notebook.server.data_dir, open_notebook.server.config_dir
    (data / "nbextensions").mkdir(parents=True, exist_ok=True)
    (data / "nbextensions" / "loud.js").write_text(EXTENSION)
    (config / "nbconfig").mkdir(parents=True, exist_ok=True)
    (config / "nbconfig" / "notebook.json").write_text(json.dumps({"load_extensions": {"loud": True}}))
    try:
        nb = open_notebook("print('x')")
        nb.page.wait_for_function("() => window.extension_loaded")
        nb.select(0)
        nb.page.keyboard.press("Control+Enter")
        nb.wait_idle()
        nb.page.wait_for_function("() => window.seen.includes('finished')")
        assert {"execute", "output", "select", "finished"} <= set(nb.page.evaluate("() => window.seen"))
        nb.page.evaluate("() => { window.seen = []; }")
        nb.run_all()
        assert "execute" in nb.page.evaluate("() => window.seen")
        nb.select(0)
        nb.page.keyboard.press("Shift+S")
        assert nb.page.evaluate("() => Jupyter.notebook.get_cell(0).get_text()") == "SHOUT"
        expect(nb.page.locator("#loud-buttons button")).to_have_attribute("title", "shout")
    finally:
        (config / "nbconfig" / "notebook.json").unlink()


@pytest.mark.parametrize("path", ["tree", "notebooks/custom.ipynb", "edit/custom.txt"])
def test_the_users_own_script_and_style_are_loaded_on_every_page(open_notebook: OpenNotebook, path: str) -> None:
    custom = open_notebook.server.config_dir / "custom"
    custom.mkdir(exist_ok=True)
    (custom / "custom-preload.js").write_text("window.was_shown = site.offsetHeight > 0")
    (custom / "custom.js").write_text("require(['base/js/namespace'], (J) => { window.custom_saw = typeof J.page })")
    (custom / "custom.css").write_text("#header { border-top: 7px solid red; }")
    open_notebook.write("1", name="custom.ipynb")
    (open_notebook.root_dir / "custom.txt").write_text("text")
    try:
        page = open_notebook.visit(path)
        page.wait_for_function("() => window.custom_saw === 'object'")
        assert page.evaluate("window.was_shown") is False
        assert page.evaluate("getComputedStyle(document.getElementById('header')).borderTopWidth") == "7px"
    finally:
        for file in custom.iterdir():
            file.unlink()
