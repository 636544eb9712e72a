// @vitest-environment jsdom
/** Unsaved changes are kept, dropped with a save, and offered when the notebook is opened again. */
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Drafts } from "../../../src/classic/notebook/js/drafts"
import type { DraftStore, FoundDraft } from "../../../src/contents/draftstore"
import type { Draft } from "../../../src/model/draft"
import { code, contentsModel, makeNotebook, pressButton, shownDialog, sources, type Setting } from "./harness"

class Kept {
  now: Draft | undefined
  before: FoundDraft[] = []
  forgotten: string[] = []
  keep = async (draft: Draft): Promise<void> => void (this.now = draft)
  drop = async (): Promise<void> => void (this.now = undefined)
  left = async (): Promise<FoundDraft[]> => this.before.filter(({ key }) => !this.forgotten.includes(key))
  forget = async (keys: readonly string[]): Promise<void> => void this.forgotten.push(...keys)
}

const settledSoon = (): Promise<void> => vi.advanceTimersByTimeAsync(600) as unknown as Promise<void>

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

async function open(kept = new Kept()): Promise<Setting & { kept: Kept }> {
  const setting = makeNotebook()
  new Drafts(setting.notebook, kept as unknown as DraftStore)
  setting.notebook.load_notebook_success(contentsModel([code("a", { id: "a1" }), code("b", { id: "b1" })]) as never)
  await settledSoon()
  return { ...setting, kept }
}

function left(...texts: [string, string][]): Kept {
  const kept = new Kept()
  const cells = texts.map(([id, source]) => ({ cell_type: "code", id, source, metadata: {} }))
  kept.before = [{ key: "k", draft: { path: "dir/a.ipynb", base: "h1", at_ms: Date.now() - 60_000, metadata: {}, cells } }]
  return kept
}

test("what is typed is kept within a second, and dropped when it is in the file", async () => {
  const { notebook, kept } = await open()
  expect(kept.now).toBeUndefined()
  notebook.get_cell(0)!.set_text("typed")
  await settledSoon()
  expect(kept.now?.cells.map(({ source }) => source)).toEqual(["typed", "b"])
  expect([kept.now?.path, kept.now?.base]).toEqual(["dir/a.ipynb", "h1"])
  await notebook.save_notebook()
  await settledSoon()
  expect(kept.now).toBeUndefined()
})

test("what is typed while a save is under way is kept", async () => {
  const { notebook, contents, kept } = await open()
  notebook.get_cell(0)!.set_text("first")
  contents.save.mockImplementationOnce(async () => {
    notebook.get_cell(0)!.set_text("second")
    return contentsModel([])
  })
  await notebook.save_notebook()
  await settledSoon()
  expect(kept.now?.cells[0]?.source).toBe("second")
})

test("a draft is offered with its age and count, and restored as an unsaved change", async () => {
  const { notebook, kept } = await open(left(["a1", "A"], ["b1", "b"]))
  expect(shownDialog().text()).toContain("“a.ipynb” from a minute ago that were never saved. 1 cell is different there.")
  pressButton("Restore")
  await settledSoon()
  expect([sources(notebook), notebook.dirty, kept.forgotten]).toEqual([["A", "b"], true, ["k"]])
})

test("a draft with other cells brings them, with the outputs that are known", async () => {
  const { notebook } = await open(left(["b1", "b"], ["n1", "new"]))
  pressButton("Restore")
  await settledSoon()
  expect([sources(notebook), notebook.dirty]).toEqual([["b", "new"], true])
})

test("it can be thrown away, or left for later", async () => {
  const first = await open(left(["a1", "A"], ["b1", "b"]))
  pressButton("Discard")
  await settledSoon()
  expect([first.kept.forgotten, sources(first.notebook), first.notebook.dirty]).toEqual([["k"], ["a", "b"], false])
  const second = await open(left(["a1", "A"], ["b1", "b"]))
  pressButton("Later")
  await settledSoon()
  expect([second.kept.forgotten, sources(second.notebook)]).toEqual([[], ["a", "b"]])
})

test("what a second page left is offered once the first one's is thrown away", async () => {
  const kept = left(["a1", "of one page"], ["b1", "b"])
  kept.before.push({ ...left(["a1", "a"], ["b1", "of another"]).before[0]!, key: "k2" })
  const { notebook } = await open(kept)
  pressButton("Discard")
  await settledSoon()
  pressButton("Restore")
  await settledSoon()
  expect([sources(notebook), kept.forgotten]).toEqual([["a", "of another"], ["k", "k2"]])
})

test("what is in the file by now is no question", async () => {
  const { kept } = await open(left(["a1", "a"], ["b1", "b"]))
  expect([document.querySelector(".modal"), kept.forgotten]).toEqual([null, ["k"]])
})

test("a file that changed since is said", async () => {
  const kept = left(["a1", "A"], ["b1", "b"])
  kept.before[0]!.draft.base = "h0"
  await open(kept)
  expect(shownDialog().text()).toContain("The file has changed since")
})
