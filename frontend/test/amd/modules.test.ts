// @vitest-environment jsdom
/** The ids that extensions require, and what they get. */
import { beforeEach, expect, test, vi } from "vitest"
import { EDIT_MODULES } from "../../src/amd/edit"
import { amdPaths } from "../../src/amd/environment"
import { LIBRARIES } from "../../src/amd/libraries"
import { NOTEBOOK_MODULES, registerNotebookModules } from "../../src/amd/notebook"
import { registerModules, showDeprecated } from "../../src/amd/registry"
import { SHARED_MODULES } from "../../src/amd/shared"
import { TREE_MODULES } from "../../src/amd/tree"
import { modulesOfOtherPages } from "../../src/amd/other_pages"
import ids from "../contract/amd_ids.json"

/** Id → names that must be in it. The browser tests require the same ids in each page. */
const CONTRACT: Readonly<Record<string, readonly string[]>> = { ...ids.shared, ...ids.notebook }

const OF_NOTEBOOK_PAGE = { ...SHARED_MODULES, ...NOTEBOOK_MODULES }
/* `contents` is mapped to an id of the server's choice. The tests have no page whose style jQuery UI could load. */
const NOT_HERE = ["contents", "jquery-ui", "jqueryui", "termjs", "notebook/js/mathjaxutils"]

test.each(Object.entries(CONTRACT).filter(([id]) => !NOT_HERE.includes(id)))("%s exports what extensions use", async (id, names) => {
  const exported = (OF_NOTEBOOK_PAGE[id] ?? (await LIBRARIES[id]?.())) as Record<string, unknown> | undefined
  expect(exported, id).toBeDefined()
  expect(names.filter((name) => exported?.[name] === undefined)).toEqual([])
})

test("the dashboard has its modules under their ids", () => {
  expect(Object.keys(TREE_MODULES)).toEqual(expect.arrayContaining(["tree/js/notebooklist", "tree/js/sessionlist", "tree/js/kernellist", "tree/js/newnotebook"]))
  expect(TREE_MODULES["tree/js/sessionlist"]).toHaveProperty("SesssionList")
})

test("other pages can have every module of the notebook page", async () => {
  const others = modulesOfOtherPages({})
  expect(Object.keys(NOTEBOOK_MODULES).filter((id) => id !== "notebook/js/main" && !(id in others))).toEqual([])
  expect(await others["notebook/js/celltoolbar"]?.()).toHaveProperty("CellToolbar")
})

test("the editor has its modules under their ids", () => {
  expect(EDIT_MODULES["edit/js/editor"]).toHaveProperty("Editor")
})

let defined: Record<string, () => unknown>

beforeEach(() => {
  defined = {}
  const requirejs = Object.assign(vi.fn(), { config: vi.fn(), defined: vi.fn(), load: vi.fn() })
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
  expect(Object.keys(CONTRACT).filter((id) => id !== "contents" && !(id in defined))).toEqual([])
  const [settings] = vi.mocked(window.requirejs.config).mock.calls[0] ?? []
  expect(settings).toMatchObject({ baseUrl: "/a@b/static/", paths: { nbextensions: "/a@b/nbextensions", custom: "/a@b/custom" } })
  expect(document.body.dataset["mathjaxUrl"]).toMatch(/mathjax-test\/formulas\.js$/)
})

test("a MathJax that the server names is left alone", () => {
  document.body.dataset["mathjaxUrl"] = "/own/MathJax.js"
  registerNotebookModules()
  expect(document.body.dataset["mathjaxUrl"]).toBe("/own/MathJax.js")
  expect(window).toHaveProperty("mathjax_url", "/own/MathJax.js")
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
