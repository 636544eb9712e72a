import { describe, expect, test } from "vitest"
import { cleanBundle, mergeStream, mimeChoices, metadataFor, outputFromMessage, savedOutput } from "../../src/model/outputs"

const message = (msg_type: string, content: Record<string, unknown>) => ({ header: { msg_type }, content })

describe("messages", () => {
  test("a result keeps its count and its display id", () => {
    const content = { data: { "text/plain": "1" }, metadata: {}, execution_count: 3, transient: { display_id: "d" } }
    expect(outputFromMessage(message("execute_result", content))).toEqual({ output_type: "execute_result", ...content })
  })
  test.each([
    ["stream", {}, { output_type: "stream", name: "stdout", text: "" }],
    ["stream", { name: "stderr", text: ["a", "b"] }, { output_type: "stream", name: "stderr", text: "ab" }],
    ["error", {}, { output_type: "error", ename: "", evalue: "", traceback: [] }],
    ["display_data", { data: null }, { output_type: "display_data", data: {}, metadata: {} }],
    ["mystery", { a: 1 }, { output_type: "mystery", a: 1 }],
  ])("%s with %j", (type, content, output) => expect(outputFromMessage(message(type, content))).toEqual(output))
  test("what belongs to the page only is not saved", () => {
    expect(savedOutput({ output_type: "display_data", data: {}, metadata: {}, transient: { display_id: "d" } })).toEqual({
      output_type: "display_data", data: {}, metadata: {},
    })
  })
})

describe("streams", () => {
  test("short ones grow", () => expect(mergeStream("a\n", "b", 10)).toEqual({ last: "a\nb", next: null }))
  test("a full block ends with a whole line", () => {
    expect(mergeStream("aaaa\nbbbb\ncc", "c\n", 10)).toEqual({ last: "aaaa\nbbbb\n", next: "ccc\n" })
  })
  test("a return reaches the line that moved to the new block", () => {
    expect(mergeStream("aaaa\nbbbb\n10%", "\r20%", 10)).toEqual({ last: "aaaa\nbbbb\n", next: "20%" })
  })
  test("one long line is not parted", () => expect(mergeStream("a".repeat(50), "b", 10).next).toBeNull())
  test("five thousand pieces keep their order and every character", () => {
    const blocks = [""]
    let all = ""
    for (let i = 0; i < 5000; i++) {
      const piece = `${i}:${"x".repeat(i % 37)}\n`
      all += piece
      const merged = mergeStream(blocks[blocks.length - 1]!, piece, 8192)
      blocks[blocks.length - 1] = merged.last
      if (merged.next !== null) blocks.push(merged.next)
    }
    expect(blocks.join("")).toBe(all)
    expect(Math.max(...blocks.map((block) => block.length))).toBeLessThan(8192 + 100)
  })
})

describe("bundles", () => {
  test("lists of lines are joined, JSON stays JSON, anything else is left out with a word", () => {
    const complaints: string[] = []
    const bundle = { "text/plain": ["a\n", "b"], "application/json": ["a"], "application/vnd.x+json": { k: 1 }, "text/html": 5, "image/png": null }
    expect(cleanBundle(bundle, (complaint) => complaints.push(complaint))).toEqual({
      "text/plain": "a\nb", "application/json": ["a"], "application/vnd.x+json": { k: 1 },
    })
    expect(complaints).toHaveLength(2)
  })
  const order = ["application/javascript", "text/html", "image/svg+xml", "image/png", "text/plain"]
  const safe = { "image/png": true, "text/plain": true }
  const bundle = { "application/javascript": "", "text/html": "", "image/svg+xml": "", "image/png": "", "text/plain": "", "x/y": "" }
  test("trusted: all in order", () => {
    expect(mimeChoices(bundle, { order, safe, isTrusted: true }).map(({ mime }) => mime)).toEqual(order)
  })
  test("untrusted: no script and no drawing, html only sanitised", () => {
    expect(mimeChoices(bundle, { order, safe, isTrusted: false })).toEqual([
      { mime: "text/html", mustSanitize: true },
      { mime: "image/png", mustSanitize: false },
      { mime: "text/plain", mustSanitize: false },
    ])
  })
  test("names of Object's own are no mime types", () => {
    expect(mimeChoices({}, { order: ["constructor", "__proto__"], safe, isTrusted: true })).toEqual([])
  })
  test("metadata of the type wins", () => {
    expect(metadataFor({ width: 1, isolated: true, "image/png": { width: 2 } }, "image/png")).toMatchObject({ width: 2, isolated: true })
  })
})
