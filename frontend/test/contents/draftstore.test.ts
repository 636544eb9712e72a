/** Drafts in the browser's database: whose they are, how long they last, and browsers that keep none. */
import "fake-indexeddb/auto"
import { IDBFactory } from "fake-indexeddb"
import { beforeEach, expect, test, vi } from "vitest"
import { DraftStore, type Locks } from "../../src/contents/draftstore"
import type { Draft } from "../../src/model/draft"

const DAY_MS = 24 * 3600 * 1000

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory())
})

/** What pages of one browser share: a page that is closed holds nothing any more. */
function browser(): { page: (home?: string) => DraftStore; close: (page: number) => void } {
  const held: string[] = []
  const locks = {
    request: (name: string) => {
      held.push(name)
      return new Promise(() => undefined)
    },
    query: async () => ({ held: held.map((name) => ({ name })) }),
  } as unknown as Locks
  return { page: (home = "/") => new DraftStore(home, locks), close: (page) => void (held[page] = "closed") }
}

function draft(source: string, more: Partial<Draft> = {}): Draft {
  return { path: "a.ipynb", base: "h1", at_ms: Date.now(), metadata: {}, cells: [{ cell_type: "code", id: "c", metadata: {}, source }], ...more }
}

const texts = async (store: DraftStore, path = "a.ipynb"): Promise<(string | undefined)[]> =>
  (await store.left(path)).map(({ draft: found }) => found.cells[0]?.source)

test("what a closed page left is found, the newest first; what a living page keeps is its own", async () => {
  const { page, close } = browser()
  const [first, second, third] = [page(), page(), page()]
  await first.keep(draft("old", { at_ms: Date.now() - 1000 }))
  await second.keep(draft("new"))
  expect(await texts(third)).toEqual([])
  close(0)
  expect(await texts(third)).toEqual(["old"])
  close(1)
  expect(await texts(third)).toEqual(["new", "old"])
})

test("another notebook, another server of the same address: not theirs", async () => {
  const { page, close } = browser()
  await page("/one/").keep(draft("1"))
  close(0)
  expect(await texts(page("/two/"))).toEqual([])
  expect(await texts(page("/one/"), "b.ipynb")).toEqual([])
  expect(await texts(page("/one/"))).toEqual(["1"])
})

test("a saved notebook leaves none, and old ones go", async () => {
  const { page, close } = browser()
  const [first, second] = [page(), page()]
  await first.keep(draft("1"))
  await first.drop("a.ipynb")
  await second.keep(draft("2", { at_ms: Date.now() - 31 * DAY_MS }))
  close(0)
  close(1)
  expect(await texts(page())).toEqual([])
})

test("fault 57: a browser that keeps nothing costs a line, once, and no failure", async () => {
  const told = vi.spyOn(console, "warn").mockImplementation(() => undefined)
  vi.stubGlobal("indexedDB", { open: () => { throw new DOMException("full", "QuotaExceededError") } })
  const store = browser().page()
  await store.keep(draft("1"))
  await store.keep(draft("2"))
  expect(await store.left("a.ipynb")).toEqual([])
  expect(told).toHaveBeenCalledTimes(1)
  vi.stubGlobal("indexedDB", undefined)
  await expect(browser().page().left("a.ipynb")).resolves.toEqual([])
  told.mockRestore()
})

test("without locks, as on an address without https, every other page counts as closed", async () => {
  const [first, second] = [new DraftStore("/", undefined), new DraftStore("/", undefined)]
  await first.keep(draft("1"))
  expect(await texts(second)).toEqual(["1"])
  expect(await texts(first)).toEqual([])
})
