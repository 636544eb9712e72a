// @vitest-environment jsdom
/** The ids that extensions require, and what they get. */
import { beforeEach, expect, test, vi } from "vitest"
import { EDIT_MODULES } from "../../src/amd/edit"
import { amdPaths } from "../../src/amd/environment"
import { NOTEBOOK_MODULES, registerNotebookModules } from "../../src/amd/notebook"
import { registerModules, showDeprecated } from "../../src/amd/registry"
import { SHARED_MODULES } from "../../src/amd/shared"
import { TREE_MODULES } from "../../src/amd/tree"

/** Id → names that must be in it. */
const CONTRACT: Readonly<Record<string, readonly string[]>> = {
  "base/js/namespace": ["version", "_target"],
  "base/js/events": ["on", "off", "one", "trigger"],
  "base/js/utils": [
    "load_extension", "load_extensions", "is_loaded", "filter_extensions", "load_extensions_from_config", "uuid", "fixConsole",
    "fixCarriageReturn", "fixBackspace", "fixOverwrittenChars", "autoLinkUrls", "url_path_join", "url_path_split", "url_join_encode",
    "encode_uri_components", "parse_url", "splitext", "get_body_data", "get_url_param", "escape_html", "regex_split",
    "points_to_pixels", "always_new", "browser", "platform", "is_or_has", "is_focused", "mergeopt", "requireCodeMirrorMode", "ajax",
    "promising_ajax", "ajax_error_msg", "log_ajax_error", "wrap_ajax_error", "XHR_ERROR", "WrappedError", "reject", "load_class",
    "resolve_promises_dict", "typeset", "parse_b64_data_uri", "time", "format_datetime", "format_filesize", "datetime_sort_helper",
    "js_idx_to_char_idx", "char_idx_to_js_idx", "to_absolute_cursor_pos", "from_absolute_cursor_pos", "throttle", "dnd_contain_file",
    "change_favicon", "_ansispan",
  ],
  "base/js/dialog": ["modal", "kernel_modal", "edit_metadata", "insert_image"],
  "base/js/keyboard": ["keycodes", "inv_keycodes", "ShortcutManager", "normalize_key", "normalize_shortcut", "shortcut_to_event", "event_to_shortcut"],
  "base/js/i18n": ["_", "msg", "sprintf", "ngettext"],
  "base/js/page": ["Page"],
  "base/js/promises": ["app_initialized"],
  "base/js/notificationarea": ["NotificationArea"],
  "base/js/notificationwidget": ["NotificationWidget"],
  "services/config": ["ConfigSection", "ConfigWithDefaults"],
  "services/contents": ["Contents"],
  "services/kernels/kernel": ["Kernel"],
  "services/kernels/comm": ["CommManager", "Comm"],
  "services/kernels/serialize": ["serialize", "deserialize"],
  "services/sessions/session": ["Session"],
  "base/js/markdown": ["render"],
  "base/js/mathjaxutils": ["init", "remove_math", "replace_math"],
  "notebook/js/mathjaxutils": ["init", "remove_math", "replace_math"],
  "base/js/security": ["sanitize_html", "sanitize_html_and_parse"],
  "notebook/js/notebook": ["Notebook"],
  "notebook/js/cell": ["Cell", "UnrecognizedCell"],
  "notebook/js/codecell": ["CodeCell"],
  "notebook/js/textcell": ["TextCell", "MarkdownCell", "RawCell"],
  "notebook/js/outputarea": ["OutputArea"],
  "notebook/js/celltoolbar": ["CellToolbar"],
  "notebook/js/actions": ["init"],
  "notebook/js/keyboardmanager": ["KeyboardManager"],
  "notebook/js/menubar": ["MenuBar"],
  "notebook/js/maintoolbar": ["MainToolBar"],
  "notebook/js/toolbar": ["ToolBar", "Button"],
  "notebook/js/savewidget": ["SaveWidget"],
  "notebook/js/notificationarea": ["NotebookNotificationArea"],
  "notebook/js/kernelselector": ["KernelSelector"],
  "notebook/js/pager": ["Pager"],
  "notebook/js/tooltip": ["Tooltip"],
  "notebook/js/completer": ["Completer"],
  "notebook/js/quickhelp": ["QuickHelp", "humanize_shortcut", "humanize_sequence", "_humanize_sequence"],
  "notebook/js/commandpalette": ["CommandPalette"],
  "notebook/js/scrollmanager": ["ScrollManager"],
  "codemirror/lib/codemirror": ["fromTextArea", "defineMode", "Pos", "commands", "keyMap"],
  "components/marked/lib/marked": ["marked", "Renderer"],
  jquery: ["fn", "extend", "ajax"],
}

const OF_NOTEBOOK_PAGE = { ...SHARED_MODULES, ...NOTEBOOK_MODULES }

test.each(Object.entries(CONTRACT))("%s exports what extensions use", (id, names) => {
  const exported = OF_NOTEBOOK_PAGE[id] as Record<string, unknown> | undefined
  expect(exported, id).toBeDefined()
  expect(names.filter((name) => exported?.[name] === undefined)).toEqual([])
})

test("the dashboard has its modules under their ids", () => {
  expect(Object.keys(TREE_MODULES)).toEqual(expect.arrayContaining(["tree/js/notebooklist", "tree/js/sessionlist", "tree/js/kernellist", "tree/js/newnotebook"]))
  expect(TREE_MODULES["tree/js/sessionlist"]).toHaveProperty("SesssionList")
})

test("the editor has its modules under their ids", () => {
  expect(EDIT_MODULES["edit/js/editor"]).toHaveProperty("Editor")
})

let defined: Record<string, () => unknown>

beforeEach(() => {
  defined = {}
  const requirejs = Object.assign(vi.fn(), { config: vi.fn(), defined: vi.fn() })
  const define = (id: string, _needs: string[], make: () => unknown): void => void (defined[id] = make)
  Object.assign(window, { requirejs, define })
  document.body.innerHTML = ""
  document.body.setAttribute("data-base-url", "/a%40b/")
})

test("the page's start defines every module, the globals, and where extensions lie under the mount", () => {
  registerNotebookModules()
  const globals = window as unknown as Record<string, unknown>
  expect(globals["Jupyter"]).toBe(globals["IPython"])
  expect(globals["$"]).toBe(globals["jQuery"])
  expect(globals["CodeMirror"]).toBeDefined()
  expect(Object.keys(CONTRACT).filter((id) => !(id in defined))).toEqual([])
  const [settings] = vi.mocked(window.requirejs.config).mock.calls[0] ?? []
  expect(settings).toMatchObject({ baseUrl: "/a@b/static/", paths: { nbextensions: "/a@b/nbextensions", custom: "/a@b/custom" } })
  expect(document.body.dataset["mathjaxUrl"]).toMatch(/mathjax-test\/tex-mml-chtml\.js$/)
})

test("a MathJax that the server names is left alone", () => {
  document.body.dataset["mathjaxUrl"] = "/own/MathJax.js"
  registerNotebookModules()
  expect(document.body.dataset["mathjaxUrl"]).toBe("/own/MathJax.js")
  delete document.body.dataset["mathjaxUrl"]
})

test("extensions may write on what they get, and classes stay one object", async () => {
  const namespace = await import("../../src/classic/notebook/js/toolbar")
  registerModules({ "some/module": namespace })
  const given = defined["some/module"]?.() as Record<string, unknown>
  given["ToolBar2"] = 1
  expect(given["ToolBar"]).toBe(namespace.ToolBar)
  expect(defined["some/module"]?.()).toBe(given)
})

test("an old member of Jupyter works, warns, and gives way", () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined)
  const jupyter: Record<string, unknown> = { notebook: 1 }
  showDeprecated(jupyter, { utils: ["base/js/utils", "the utils"], notebook: ["x", 2] })
  expect(jupyter["utils"]).toBe("the utils")
  expect(warned).toHaveBeenCalledTimes(1)
  jupyter["utils"] = "mine"
  expect([jupyter["utils"], jupyter["notebook"]]).toEqual(["mine", 1])
  warned.mockRestore()
})

test("the paths of user files follow the mount", () => {
  expect(amdPaths("/nb/")["custom-preload"]).toBe("/nb/custom/custom-preload")
})
