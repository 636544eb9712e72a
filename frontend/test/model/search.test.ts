import { expect, test } from "vitest"
import { expand, MOST_MATCHES, replaced, search, type Query } from "../../src/model/search"

const plain = (pattern: string, more: Partial<Query> = {}): Query => ({ pattern, is_regex: false, is_case_sensitive: false, ...more })
const regex = (pattern: string, more: Partial<Query> = {}): Query => plain(pattern, { is_regex: true, ...more })

/** What the texts would become. */
function after(texts: string[], query: Query, replacement: string): string[] {
  const { matches } = search(texts, query, replacement)
  return texts.map((text, at) => replaced(text, matches[at] ?? []))
}

test("plain text is taken as it is written, whatever its case", () => {
  expect(after(["a.b A.B axb"], plain("a.b"), "$&$1")).toEqual(["$&$1 $&$1 axb"])
  expect(after(["a.b A.B"], plain("a.b", { is_case_sensitive: true }), "-")).toEqual(["- A.B"])
})

test("an expression replaces as String.replace does", () => {
  const cases: [string, string, string][] = [
    ["one two", "(\\w+) (\\w+)", "$2 $1"],
    ["one", "(?<first>o)", "[$<first>]"],
    ["a$b", "\\$", "$$"],
    ["xay", "a", "<$`|$&|$'>"],
    ["ab", "(a)", "$12"],
    ["ab", "(a)|(z)", "$2."],
    ["ab", "a", "$1"],
    ["line\nline", "^", "> "],
  ]
  for (const [text, pattern, replacement] of cases) {
    expect(after([text], regex(pattern), replacement)).toEqual([text.replace(new RegExp(pattern, "gim"), replacement)])
  }
})

test("the preview shows thirty characters around, and where more was cut off", () => {
  const text = `first\n${"a".repeat(40)}X${"b".repeat(10)}\nlast`
  expect(search([text], plain("x", { is_case_sensitive: false }), "y").previews).toEqual([
    { before: `...${"a".repeat(30)}`, match: "X", insert: "y", after: "b".repeat(10) },
  ])
})

test("a line with more than a hundred finds is crowded, a hundred lines with one each are not", () => {
  expect(search(["x".repeat(101)], plain("x"), "").is_crowded).toBe(true)
  expect(search([Array(300).fill("x").join("\n")], plain("x"), "").is_crowded).toBe(false)
})

test("an empty pattern finds nothing, a broken one is an error", () => {
  expect(search(["abc"], plain(""), "x").count).toBe(0)
  expect(() => search(["abc"], regex("("), "x")).toThrow(SyntaxError)
})

test("too many finds are refused instead of filling the memory", () => {
  expect(() => search(["x".repeat(MOST_MATCHES + 1)], plain("x"), "")).toThrow(RangeError)
})

test("a group that did not take part is nothing", () => {
  expect(expand("[$2]", Object.assign(["a", "a", undefined], { index: 0, input: "a" }) as never)).toBe("[]")
})
