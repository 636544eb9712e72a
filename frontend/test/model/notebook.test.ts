import { describe, expect, test } from "vitest"
import { autosaveInterval_ms } from "../../src/model/autosave"
import { copyForClipboard } from "../../src/model/clipboard"
import { checkpointAge, longDate, redrawDelay_ms, relativeTime, shortDate } from "../../src/model/dates"
import { afterInsertion, afterRemoval, selectionAfterDeletion, type Deletion } from "../../src/model/history"
import { chooseKernel, sortedSpecs, type KernelSpecModel } from "../../src/model/kernelchoice"
import { mostLines } from "../../src/model/outputs"
import {
  clampIndex, copyJson, idleEntries, mergedAttachments, mergedText, newCellId, savedMetadata, spanOf, withCellIds, withExtension, withoutExtension, type CellJson,
} from "../../src/model/notebook"

const cell = (id?: string): CellJson => ({ cell_type: "code", metadata: {}, source: "", ...(id ? { id } : {}) })
const deletion = (index: number): Deletion => ({ cells: [cell()], index, below: false })

describe("a cell's metadata as a file has it", () => {
  test("is without what every cell may, and without an open output", () => {
    expect(savedMetadata({ deletable: true, editable: true, collapsed: false })).toEqual({})
  })
  test("but stays where the file has it", () => {
    const written = { deletable: true, collapsed: false, tags: [] }
    expect(savedMetadata({ ...written, editable: true }, idleEntries(written))).toEqual(written)
  })

  test("keeps what was forbidden, and whatever else it holds", () => {
    const metadata = { deletable: false, editable: false, collapsed: true, tags: ["a"] }
    expect(savedMetadata(metadata)).toEqual(metadata)
  })

  test("is a copy", () => {
    const metadata = { tags: ["a"], deletable: true }
    ;(savedMetadata(metadata)["tags"] as string[]).push("b")
    expect(metadata).toEqual({ tags: ["a"], deletable: true })
  })
})

describe("cell ids", () => {
  test("are left out below nbformat 4.5", () => {
    expect(withCellIds([cell("a")], 4)).toEqual([cell()])
  })
  test("are given to cells without one from 4.5 on, and the others keep theirs", () => {
    expect(withCellIds([cell("a"), cell()], 5, () => "new").map((each) => each.id)).toEqual(["a", "new"])
  })
  test("are made unique, the first of two keeps its own", () => {
    const ids = ["b", "c"]
    expect(withCellIds([cell("a"), cell("a"), cell("b")], 5, () => ids.shift()!).map((each) => each.id)).toEqual(["a", "b", "c"])
  })
  test("have eight hexadecimal digits", () => {
    expect(newCellId()).toMatch(/^[0-9a-f]{8}$/)
    expect(newCellId(() => 0)).toBe("00000000")
  })
})

test("merged sources are separated by one blank line", () => {
  expect(mergedText(["a", "b\n", ""])).toBe("a\n\nb\n\n\n")
})

test("of two attachments with one name the first cell's stays", () => {
  const merged = mergedAttachments([{ attachments: { x: { "image/png": "1" } } }, {}, { attachments: { x: { "image/png": "2" }, y: {} } }])
  expect(merged).toEqual({ x: { "image/png": "1" }, y: {} })
})

test("names get and lose their extension once", () => {
  expect([withExtension("a"), withExtension("a.ipynb"), withoutExtension("a.b.ipynb"), withoutExtension("a.txt")]).toEqual(
    ["a.ipynb", "a.ipynb", "a.b", "a.txt"],
  )
})

test("positions are clamped into the notebook", () => {
  expect([clampIndex(-3, 2), clampIndex(9, 2), clampIndex(1, 2)]).toEqual([0, 2, 1])
})

test("a span is ascending whichever end comes first", () => {
  expect([spanOf(3, 1), spanOf(1, 3), spanOf(2, 2)]).toEqual([[1, 2, 3], [1, 2, 3], [2]])
})

test("a copy for pasting has no id and can be deleted, and the original keeps both", () => {
  const original = { ...cell("a"), metadata: { deletable: false, tags: ["x"] } }
  expect(copyForClipboard(original)).toEqual({ ...cell(), metadata: { tags: ["x"] } })
  expect(original.metadata.deletable).toBe(false)
})

test("a JSON copy shares nothing with its original", () => {
  const original = { a: [1] }
  copyJson(original).a.push(2)
  expect(original).toEqual({ a: [1] })
})

describe("undelete stack", () => {
  test("follows insertions above, not below", () => {
    expect(afterInsertion([deletion(2)], 1).map((each) => each.index)).toEqual([3])
    expect(afterInsertion([deletion(2)], 2).map((each) => each.index)).toEqual([2])
  })
  test("follows removals above, not below", () => {
    expect(afterRemoval([deletion(2)], 0).map((each) => each.index)).toEqual([1])
    expect(afterRemoval([deletion(2)], 2).map((each) => each.index)).toEqual([2])
  })
  test("the selection stays where it was, or on the last cell", () => {
    expect(selectionAfterDeletion(1, [1], 4)).toBe(1)
    expect(selectionAfterDeletion(3, [2, 3], 4)).toBe(1)
    expect(selectionAfterDeletion(3, [0], 4)).toBe(2)
    expect(selectionAfterDeletion(0, [0], 1)).toBe(0)
  })
})

test("autosave waits ten times as long as a save takes, in whole ten seconds, and never less than the minimum", () => {
  expect([autosaveInterval_ms(100, 120_000), autosaveInterval_ms(12_001, 120_000), autosaveInterval_ms(0, 0)]).toEqual([120_000, 130_000, 0])
})

describe("dates", () => {
  const now = new Date("2026-11-22T12:00:00Z")
  const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000)
  test("are relative in words", () => {
    const ages = [-5, 10, 60, 300, 3600, 3 * 3600, 24 * 3600, 72 * 3600]
    expect(ages.map((age) => relativeTime(ago(age), now))).toEqual([
      "a few seconds ago", "a few seconds ago", "a minute ago", "5 minutes ago", "an hour ago", "3 hours ago", "a day ago", "3 days ago",
    ])
  })
  test("of checkpoints older than a day are shown by the calendar", () => {
    expect(checkpointAge(ago(7200), now)).toBe("2 hours ago")
    const noon = new Date(2026, 10, 22, 12)
    const on = (day: number, hour: number): string => checkpointAge(new Date(2026, 10, day, hour, 7), noon)
    expect([on(21, 9), on(21, 1), on(19, 15), on(16, 23), on(15, 15)]).toEqual([
      "Yesterday at 9:07 AM", "Yesterday at 1:07 AM", "Last Thursday at 3:07 PM", "Last Monday at 11:07 PM", "11/15/2026",
    ])
  })
  test("are written in full in menus and tooltips, the clock behind the day", () => {
    const date = new Date(2026, 10, 22, 21, 14)
    expect([longDate(date), shortDate(date)]).toEqual(["Sunday, November 22, 2026 9:14 PM", "Sun, Nov 22, 2026 9:14 PM"])
  })
  test("are redrawn less often as they age", () => {
    expect([10, 600, 7200].map((age) => redrawDelay_ms(ago(age), now))).toEqual([10_000, 60_000, 3_600_000])
  })
})

describe("kernel choice", () => {
  const spec = (name: string, language: string, display_name = name): KernelSpecModel => ({ name, spec: { display_name, language }, resources: {} })
  const installed = { python3: spec("python3", "python", "Python 3"), ir: spec("ir", "R") }
  test("finds by name", () => {
    expect(chooseKernel(installed, { name: "ir" })).toEqual({ kind: "exact", found: installed.ir })
  })
  test("takes the only kernel of the language, whatever its case", () => {
    expect(chooseKernel(installed, { name: "python2", language: "Python" })).toEqual({ kind: "matched", found: installed.python3 })
  })
  test("asks among several kernels of the language", () => {
    const two = { ...installed, conda: spec("conda", "python", "A") }
    expect(chooseKernel(two, { language: "python" })).toEqual({ kind: "missing", candidates: [two.conda, two.python3] })
  })
  test("does not take a word of every object for a kernel", () => {
    expect(chooseKernel(installed, { name: "constructor" })).toEqual({ kind: "missing", candidates: [] })
  })
  test("lists kernels by what they are called", () => {
    expect(sortedSpecs({ b: spec("b", "x", "Zulu"), c: spec("c", "x", "Alpha") }).map((each) => each.name)).toEqual(["c", "b"])
  })
})

test("lines are counted with their wrapping, and only where all is text", () => {
  const text = (value: string): { output_type: "stream"; name: string; text: string } => ({ output_type: "stream", name: "stdout", text: value })
  expect([mostLines([]), mostLines([text("a\nb")]), mostLines([text("x".repeat(100)), text("")])]).toEqual([0, 2, 4])
  expect(mostLines([text("a"), { output_type: "display_data", data: {}, metadata: {} }])).toBe(Infinity)
})
