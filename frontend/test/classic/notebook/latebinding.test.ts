// @vitest-environment jsdom
/** An extension that replaces a method of `Notebook.prototype` after the page has started is reached from every side. */
import { readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import $ from "jquery"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { events } from "../../../src/classic/base/js/events"
import { shortcut_to_event } from "../../../src/classic/base/js/keyboard"
import { ActionHandler } from "../../../src/classic/notebook/js/actions"
import { CommandPalette } from "../../../src/classic/notebook/js/commandpalette"
import { KeyboardManager } from "../../../src/classic/notebook/js/keyboardmanager"
import { MainToolBar } from "../../../src/classic/notebook/js/maintoolbar"
import { MenuBar } from "../../../src/classic/notebook/js/menubar"
import { ITEM_ACTIONS } from "../../../src/classic/notebook/js/menubar/items"
import { Notebook } from "../../../src/classic/notebook/js/notebook"
import { load as load_search_and_replace } from "../../../src/classic/notebook/js/searchandreplace"
import { QuickHelp } from "../../../src/classic/notebook/js/quickhelp"

const TEMPLATE = readFileSync(resolve(dirname(import.meta.filename), "../../../../flasknb/templates/notebook.html"), "utf8")
const TEMPLATE_ITEMS = [...TEMPLATE.matchAll(/\bitem\("([a-z_]+)", _\("([^"]+)"\)/g)].map((found) => ({ id: found[1] ?? "", label: found[2] ?? "" }))

/** Items that call a method of their own; `menubar.ts` binds them one by one. */
const DIRECT_ITEMS = ["open_notebook", "save_notebook_as", "print_preview", "edit_nb_metadata", "reconnect_kernel", "notebook_tour"]

function page() {
  const items = TEMPLATE_ITEMS.map(({ id, label }) => `<li id="${id}"><a href="#">${label}</a></li>`).join("")
  document.body.innerHTML = `<div id="menubar"><div class="navbar-collapse"><ul class="dropdown-menu">${items}</ul></div>
    <ul id="help_menu"><li class="divider"></li></ul></div><div id="toolbar"></div>`
  const notebook = Object.create(Notebook.prototype) as Notebook
  const actions = new ActionHandler()
  const config = { data: {}, loaded: Promise.resolve(), update: vi.fn() }
  const keyboard_manager = new KeyboardManager({ events, actions, config })
  Object.assign(notebook, { keyboard_manager, events, config, clipboard: null })
  notebook.get_selected_index = () => 0
  notebook.get_selected_cells_indices = () => [0]
  notebook.get_selected_cell = () => null
  notebook.select = vi.fn() as never
  notebook.focus_cell = vi.fn()
  keyboard_manager.set_notebook(notebook)
  load_search_and_replace(keyboard_manager)
  new QuickHelp({ keyboard_manager, events, notebook })
  const toolbar = new MainToolBar("#toolbar", { events, actions, notebook })
  const menubar = new MenuBar("#menubar", { notebook, actions, events })
  return { notebook, actions, keyboard_manager, toolbar, menubar, config }
}

let objects: ReturnType<typeof page>

beforeEach(() => {
  objects = page()
})
afterEach(() => {
  events.off()
  $(document).off("keydown")
  vi.restoreAllMocks()
})

function press(shortcut: string): void {
  $(document.body).trigger($.Event("keydown", shortcut_to_event(shortcut) as never))
}

function replaceMethod(name: keyof Notebook) {
  const methods = Notebook.prototype as unknown as Record<string, () => unknown>
  return vi.spyOn(methods, name as string).mockImplementation(() => undefined)
}

describe("a replaced method is reached", () => {
  test("from a key", () => {
    const replaced = replaceMethod("execute_cell_and_select_below")
    press("shift-enter")
    expect(replaced).toHaveBeenCalledTimes(1)
  })

  test("from a sequence of keys", () => {
    const replaced = replaceMethod("delete_cell")
    press("d")
    press("d")
    expect(replaced).toHaveBeenCalledTimes(1)
  })

  test("from edit mode", () => {
    const replaced = replaceMethod("split_cell")
    objects.keyboard_manager.edit_mode()
    press("ctrl-shift-minus")
    expect(replaced).toHaveBeenCalledTimes(1)
  })

  test("from the menu", () => {
    const replaced = replaceMethod("execute_all_cells")
    $("#run_all_cells > a").trigger("click")
    expect(replaced).toHaveBeenCalledTimes(1)
  })

  test("from a menu item without an action", () => {
    const replaced = replaceMethod("edit_metadata")
    $("#edit_nb_metadata > a").trigger("click")
    expect(replaced).toHaveBeenCalledTimes(1)
  })

  test("from the toolbar", () => {
    const replaced = replaceMethod("move_selection_up")
    $("button[data-jupyter-action='jupyter-notebook:move-cell-up']").trigger("click")
    expect(replaced).toHaveBeenCalledTimes(1)
  })

  test("from the toolbar's places for controls", () => {
    const replaced = vi.spyOn(MainToolBar.prototype._pseudo_actions, "add_celltype_list").mockReturnValue($("<i id='own'></i>"))
    page()
    expect([replaced.mock.contexts[0] instanceof MainToolBar, $("#toolbar > #own").length]).toEqual([true, 1])
  })

  test("from the toolbar's list of cell types", () => {
    const replaced = replaceMethod("cells_to_markdown")
    $("#cell_type").val("markdown").trigger("change")
    expect(replaced).toHaveBeenCalledTimes(1)
  })

  test("from the command palette", () => {
    const replaced = replaceMethod("execute_cells_above")
    const palette = new CommandPalette(objects.notebook)
    palette.input.val("run all cells above").trigger("input")
    palette.element.find("form").trigger("submit")
    expect(replaced).toHaveBeenCalledTimes(1)
    expect(objects.keyboard_manager.enabled).toBe(true)
  })
})

test("a replaced action is reached from menu, key and toolbar", () => {
  const handler = vi.fn(() => false)
  const before = objects.actions._actions["jupyter-notebook:save-notebook"]
  objects.actions.register({ handler, help: "own" }, "save-notebook", "jupyter-notebook")
  $("#save_checkpoint > a").trigger("click")
  press("s")
  $("button[data-jupyter-action='jupyter-notebook:save-notebook']").trigger("click")
  expect(handler).toHaveBeenCalledTimes(3)
  if (before) objects.actions._actions["jupyter-notebook:save-notebook"] = before
})

describe("the menus", () => {
  test("have no item that does nothing", () => {
    expect(TEMPLATE_ITEMS.map((item) => item.id).filter((id) => !(id in ITEM_ACTIONS) && !DIRECT_ITEMS.includes(id))).toEqual([])
  })

  test("name only items of the page, and actions that exist", () => {
    const ids = TEMPLATE_ITEMS.map((item) => item.id)
    const wrong = Object.entries(ITEM_ACTIONS).filter(([id, name]) => !ids.includes(id) || !objects.actions.exists(`jupyter-notebook:${name}`))
    expect(wrong).toEqual([])
  })

  test("show keys and roles when the page has time", async () => {
    expect($("#cut_cell .kb").length).toBe(0)
    await vi.waitFor(() => expect([$("#cut_cell .kb kbd").text(), $("#cut_cell > a").attr("role")]).toEqual(["X", "menuitem"]), 5000)
  })

  test("show the key of an item beside it, at once when a menu opens", () => {
    expect($("#cut_cell > a > span.action").text()).toBe("Cut Cells")
    $("#menubar").trigger("show.bs.dropdown")
    expect($("#cut_cell .kb kbd").text()).toBe("X")
    expect($("#split_cell .kb kbd").text()).toBe("Ctrl-Shift-Minus")
    expect($("#paste_cell_replace > a > span").length).toBe(1)
  })

  test("a disabled item does nothing", () => {
    const replaced = replaceMethod("paste_cell_below")
    $("#paste_cell_below").addClass("disabled").children("a").trigger("click")
    expect(replaced).not.toHaveBeenCalled()
  })

  test("say when the notebook is trusted", () => {
    events.trigger("trust_changed.Notebook", true)
    expect($("#trust_notebook .action").text()).toBe("Trusted Notebook")
    expect($("#trust_notebook").hasClass("disabled")).toBe(true)
  })

  test("take a kernel's help links only where they are pages", () => {
    objects.menubar.add_kernel_help_links([
      { text: "Python", url: "https://docs.python.org" },
      { text: "bad", url: "javascript:alert(1)" },
    ])
    expect($("#help_menu .kernel-help-link").map((_i, item) => $(item).text()).get()).toEqual(["Python"])
    objects.menubar.add_kernel_help_links([])
    expect($("#help_menu .kernel-help-link, #kernel-help-links").length).toBe(0)
  })
})

test("checkpoints are listed by day and time, with nothing between", () => {
  const $list = $("<li id='restore_checkpoint'><ul></ul></li>").appendTo(objects.menubar.element)
  objects.menubar.update_restore_checkpoint([{ id: "c", last_modified: new Date(2026, 8, 4, 15, 7).toISOString() }])
  expect($list.find("ul > li > a").text().replace(/\s/g, " ")).toBe("Friday, September 4, 2026 3:07 PM")
})

describe("the toolbar", () => {
  test("has the documented groups", () => {
    const groups = $("#toolbar > .btn-group").map((_i, group) => group.id).get()
    expect(groups).toEqual(["save-notbook", "insert_above_below", "cut_copy_paste", "move_up_down", "run_int", "cmd_palette"])
    expect($("#run_int .toolbar-btn-label").text()).toBe("Run")
    expect($("#toolbar .btn-group button.btn.btn-default[title][aria-label] > i.fa").length).toBe(12)
  })

  test("takes actions by name, by object and in the old form", () => {
    const handler = vi.fn()
    const name = objects.actions.register({ handler, help: "mine", icon: "fa-bug" }, "mine", "test")
    const $group = objects.toolbar.add_buttons_group([name, { label: "Old", icon: "fa-cut", callback: handler, id: "old_one" }], "own_group")
    $group.find("button").trigger("click")
    expect($group.attr("id")).toBe("own_group")
    expect($group.find("#old_one").attr("title")).toBe("Old")
    expect(handler).toHaveBeenCalledTimes(2)
  })

  test("follows the type of the selected cell", () => {
    events.trigger("selected_cell_type_changed.Notebook", { cell_type: "raw", editable: false })
    expect($("#cell_type").val()).toBe("raw")
    expect($("#cell_type").prop("disabled")).toBe(true)
  })
})

describe("the keyboard manager", () => {
  test("lets keys pass while it is disabled, Escape excepted", () => {
    const ran = replaceMethod("execute_cell_and_select_below")
    const left = replaceMethod("command_mode")
    objects.keyboard_manager.disable()
    press("shift-enter")
    press("esc")
    expect(ran).not.toHaveBeenCalled()
    expect(left).toHaveBeenCalledTimes(1)
  })

  test("passes over events marked as not for it", () => {
    const ran = replaceMethod("execute_cell_and_select_below")
    $(document.body).trigger($.Event("keydown", { ...shortcut_to_event("shift-enter"), _ipkmIgnore: true } as never))
    expect(ran).not.toHaveBeenCalled()
  })

  test("leaves the keys to a registered input while it has the focus", () => {
    const input = $("<input>").appendTo(document.body)
    objects.keyboard_manager.register_events(input)
    input.trigger("focus")
    expect(objects.keyboard_manager.enabled).toBe(false)
    input.trigger("blur")
    expect(objects.keyboard_manager.enabled).toBe(true)
  })

  test("wakes up when a registered input is removed while it has the focus", async () => {
    const input = $("<input>").appendTo(document.body)
    objects.keyboard_manager.register_events(input)
    input.trigger("focus")
    input[0]?.remove()
    await vi.waitFor(() => expect(objects.keyboard_manager.enabled).toBe(true))
  })

  test("unbinds and binds what the configuration says", async () => {
    const keys = { command: { unbind: ["x", "not-bound"], bind: { "ctrl-x": "jupyter-notebook:cut-cell", c: null } } }
    const config = { data: { keys }, loaded: Promise.resolve(), update: vi.fn() }
    const { command_shortcuts } = new KeyboardManager({ events, actions: objects.actions, config })
    await config.loaded
    await Promise.resolve()
    expect(command_shortcuts.get_shortcut("x")).toBeUndefined()
    expect(command_shortcuts.get_shortcut("ctrl-x")).toBe("jupyter-notebook:cut-cell")
  })

  test("binds every default to an action that exists", () => {
    const { keyboard_manager, actions } = objects
    const names = [
      ...Object.values(keyboard_manager.get_default_common_shortcuts()),
      ...Object.values(keyboard_manager.get_default_command_shortcuts()),
      ...Object.values(keyboard_manager.get_default_edit_shortcuts()),
    ]
    expect(names.filter((name) => !actions.exists(name))).toEqual([])
  })
})

describe("actions", () => {
  test("keep the documented members only", () => {
    const name = objects.actions.register({ handler: () => 1, help: "h", icon: "i", help_index: "x", cmd: "dropped" }, "a", "p")
    expect(name).toBe("p:a")
    expect(Object.keys(objects.actions.get(name) ?? {}).sort()).toEqual(["handler", "help", "help_index", "icon"])
  })

  test("a bare function gets a name, the same one again", () => {
    const handler = (): number => 42
    const name = objects.actions.register(handler)
    expect(name).toMatch(/^auto:/)
    expect(objects.actions.register(handler)).toBe(name)
    expect(objects.actions.call(name)).toBe(42)
  })

  test("an unknown name is an error that says so", () => {
    expect(() => objects.actions.call("no:such")).toThrow("no:such")
    expect(objects.actions.exists("toString")).toBe(false)
  })

  test("without a handler is no action", () => {
    expect(() => objects.actions.register({ help: "nothing" } as never)).toThrow("handler")
  })

  test("see the page's objects at the moment of the call", () => {
    const seen = vi.fn()
    const name = objects.actions.register((env) => seen((env as unknown as { own: number }).own))
    objects.actions.extend_env({ own: 7 })
    objects.actions.call(name)
    expect(seen).toHaveBeenCalledWith(7)
  })

  test("built-in ones take the key from the browser", () => {
    replaceMethod("save_checkpoint")
    const event = $.Event("keydown")
    expect(objects.actions.call("jupyter-notebook:save-notebook", event as never)).toBe(false)
    expect(event.isDefaultPrevented()).toBe(true)
  })
})
