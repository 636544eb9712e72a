import { expect, test } from "vitest"
import { autoKey, freeKey, joinAttachments, markdownKey } from "../../src/model/attachments"
import { parseTags, setTags, tagsOf } from "../../src/model/tags"

const png = (base64: string): Record<string, string> => ({ "image/png": base64 })

test("a second file of one name gets a number before the extension, the same file its own name", () => {
  const kept = { "a.png": png("1"), "a-1.png": png("2") }
  expect(freeKey(kept, "a.png", png("3"))).toBe("a-2.png")
  expect(freeKey(kept, "a.png", png("2"))).toBe("a-1.png")
  expect(freeKey(kept, "a.png", png("1"))).toBe("a.png")
  expect(freeKey({}, "__proto__", png("1"))).toBe("__proto__")
})

test("clipboard pictures are counted", () => {
  expect(autoKey({}, png("1"))).toBe("_auto_0")
  expect(autoKey({ _auto_0: png("1") }, png("2"))).toBe("_auto_1")
  expect(autoKey({ _auto_0: png("1") }, png("1"))).toBe("_auto_0")
})

test("names are made fit for Markdown, half characters too", () => {
  expect(markdownKey("my (first) picture.png")).toBe("my%20%28first%29%20picture.png")
  expect(() => markdownKey("\ud83d.png")).not.toThrow()
})

test("joining keeps both files of one name, and a malformed one that is there", () => {
  expect(joinAttachments({ "a.png": png("1") }, { "a.png": png("2"), "b.png": png("3") })).toEqual({
    "a.png": png("1"), "a-1.png": png("2"), "b.png": png("3"),
  })
  expect(Object.keys(joinAttachments({ x: null as never }, { x: png("1") }))).toEqual(["x", "x-1"])
})

test("tags are parted by commas and white space, each once", () => {
  expect(parseTags(" a, b  c,,a\n")).toEqual(["a", "b", "c"])
  expect(parseTags("")).toEqual([])
})

test("tags that are no list of texts are not tags", () => {
  expect(tagsOf({})).toEqual([])
  expect(tagsOf({ tags: ["a"] })).toEqual(["a"])
  expect(tagsOf({ tags: "a" })).toBeNull()
  expect(tagsOf({ tags: [1] })).toBeNull()
})

test("the key goes with the last tag, and no change is told as none", () => {
  const metadata: Record<string, unknown> = {}
  expect(setTags(metadata, ["a", "a"])).toBe(true)
  expect(metadata).toEqual({ tags: ["a"] })
  expect(setTags(metadata, ["a"])).toBe(false)
  expect(setTags(metadata, [])).toBe(true)
  expect(metadata).toEqual({})
})
