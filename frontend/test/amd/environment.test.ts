// @vitest-environment jsdom
import { expect, test, vi } from "vitest"
import { ownNodeNames, refuseDistrusted } from "../../src/amd/environment"
import { distrustedNames, distrustWidgets } from "../../src/classic/base/js/utils/modulenames"

test("no heading makes the page look like Node to a library, and who defines these names may", () => {
  document.body.innerHTML = '<h1 id="exports">exports</h1><h2 id="module">module</h2>'
  ownNodeNames()
  const page = window as unknown as { exports?: unknown; module?: unknown }
  expect([typeof page.exports, typeof page.module]).toEqual(["undefined", "undefined"])
  page.exports = { own: 1 }
  ownNodeNames()
  expect(page.exports).toEqual({ own: 1 })
})

test("what a notebook's widgets name and is not installed is not loaded, and nobody waits for it", () => {
  vi.useFakeTimers()
  vi.spyOn(console, "error").mockReturnValue(undefined)
  const loaded: string[] = []
  const loader = { load: (_context: unknown, id: string, _url: string) => void loaded.push(id) }
  const completed: string[] = []
  const context = {
    makeModuleMap: (name: string) => ({ url: `/static/${name}.js` }),
    completeLoad: (id: string) => void completed.push(id),
  }
  refuseDistrusted(loader)
  const state = { a: { model_module: "../files/evil", state: { _view_module: "../files/plugin!x", of: [null, "y"] } } }
  distrustWidgets({ "application/vnd.jupyter.widget-state+json": { state, b: { model_module: "@jupyter-widgets/base" } } })
  for (const id of ["../files/evil", "../files/plugin", "@jupyter-widgets/base", "y"]) loader.load(context, id, `/static/${id}.js`)
  vi.runAllTimers()
  expect([loaded, completed]).toEqual([["@jupyter-widgets/base", "y"], ["../files/evil", "../files/plugin"]])
  vi.useRealTimers()
})

test.each([undefined, null, 7, "x", [], [[{}]], { state: null }, { _module: 5 }])("widgets of another shape (%j) name nothing", (widgets) => {
  const before = [...distrustedNames()]
  distrustWidgets(widgets)
  expect([...distrustedNames()]).toEqual(before)
})
