// @vitest-environment jsdom
import { expect, test, vi } from "vitest"
import { jsonBody, jsonPieces, TEXT_PART_CHARS } from "../../src/page/json_body"

const LONG = "é😀\ud800\"\\\n".repeat(TEXT_PART_CHARS / 5)
const VALUES: Record<string, unknown> = {
  texts: "a\"\\\u2028😀",
  numbers: [1, -0, 1.5, NaN, Infinity, null, true],
  holes: [undefined, () => 1, Symbol("s"), [undefined], { a: undefined, b: () => 1, c: [] }],
  empty: [{}, [], "", { a: {}, b: [] }],
  nested: { cells: [{ outputs: [{ data: { "text/plain": ["a", "b"], "application/json": { deep: [[[{ x: 1 }]]] } } }] }] },
  dates: { when: new Date(0), inner: [{ when: new Date(0) }] },
  names: JSON.parse('{"__proto__": {"a": [1]}, "constructor": [2], "2": [], "1": {"b": []}, "a\\"b": [{}]}'),
  long: { content: LONG, list: [LONG, [LONG]] },
  nothing: null,
}

test.each(Object.keys(VALUES))("%s are written as JSON.stringify writes them", (name) => {
  expect([...jsonPieces(VALUES[name])].join("") === JSON.stringify(VALUES[name])).toBe(true)
})

test("a pair of surrogates at the end of a part stays together", () => {
  const text = "a".repeat(TEXT_PART_CHARS - 1) + "😀" + "b".repeat(TEXT_PART_CHARS)
  expect([...jsonPieces([text])].join("") === JSON.stringify([text])).toBe(true)
})

test("what is small is a text at once", () => {
  expect(jsonBody({ a: [{ b: 1 }] })).toBe('{"a":[{"b":1}]}')
})

test("what takes long becomes a Blob, with turns of the browser in between", async () => {
  let now_ms = 0
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now_ms += 5))
  const turns = vi.spyOn(globalThis, "setTimeout")
  const value = { cells: Array.from({ length: 30 }, (_, index) => ({ outputs: [{ text: `é${index}` }] })) }
  const body = await jsonBody(value)
  expect(turns.mock.calls.length).toBeGreaterThan(5)
  clock.mockRestore()
  turns.mockRestore()
  const text = await new Promise((resolve) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result)
    reader.readAsText(body as Blob)
  })
  expect(text).toBe(JSON.stringify(value))
})
