import { expect, test } from "vitest"
import { heightOf, weightOf, wordsOf } from "../../src/model/outputweight"
import type { Output } from "../../src/model/outputs"

const stream = (text: unknown): Output => ({ output_type: "stream", name: "stdout", text }) as Output
const shown = (data: Record<string, unknown>): Output => ({ output_type: "display_data", metadata: {}, data })
const WIDTH_PX = 1000

/** The first bytes of a png of this size. */
function png(width: number, height: number): string {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  view.setUint32(12, 0x49484452)
  view.setUint32(16, width)
  view.setUint32(20, height)
  return btoa(String.fromCharCode(...bytes))
}

test("the weight counts text however it is kept", () => {
  expect(weightOf([stream("x".repeat(1000))])).toBeGreaterThan(1000)
  expect(weightOf([stream(["x".repeat(500), "x".repeat(500)])])).toBe(weightOf([stream("x".repeat(1000))]))
  expect(weightOf([shown({ "application/json": { a: [{ b: "x".repeat(1000) }] } })])).toBeGreaterThan(1000)
  expect(weightOf([])).toBe(0)
})

test("lines, rows and pictures have their height", () => {
  expect(heightOf([stream("a\nb\nc")], 0, WIDTH_PX)).toBe(3 * 17)
  expect(heightOf([shown({ "text/html": "<table><tr><td>1</td></tr><tr><td>2</td></tr></table>" })], 0, WIDTH_PX)).toBe(2 * 26)
  expect(heightOf([shown({ "image/png": png(400, 300) })], 0, WIDTH_PX)).toBe(300)
  expect(heightOf([shown({ "image/png": png(2000, 300) })], 0, WIDTH_PX)).toBe(150)
})

test("what scrolls by itself is not higher than its box", () => {
  expect(heightOf([stream("a\n".repeat(300))], 100, WIDTH_PX)).toBe(336)
  expect(heightOf([stream("a\n".repeat(300))], 0, WIDTH_PX)).toBe(301 * 17)
})

test.each([
  ["no picture", shown({ "image/png": "not base64 at all!" })],
  ["a number for a picture", shown({ "image/png": 5 })],
  ["no data", { output_type: "display_data", data: null } as unknown as Output],
  ["nothing", {} as Output],
  ["an odd traceback", { output_type: "error", traceback: [5, null] } as unknown as Output],
])("%s has a height, a weight and words", (_name, output) => {
  expect(heightOf([output], 0, WIDTH_PX)).toBeGreaterThanOrEqual(0)
  expect(weightOf([output])).toBeGreaterThanOrEqual(0)
  expect(wordsOf([output])).toEqual(expect.any(String))
})

test("the words are those that a reader sees", () => {
  const table = shown({ "text/html": "<style>td {}</style><td>a &lt; b &amp; c</td><script>never()</script>", "text/plain": "other" })
  const words = wordsOf([table, stream("\u001b[31mred\u001b[0m")])
  expect(words).toContain("a < b & c")
  expect(words).toContain("red")
  for (const hidden of ["never", "td {}", "other", "\u001b"]) expect(words).not.toContain(hidden)
})

test("very long text is not searched whole", () => {
  expect(wordsOf([stream("x".repeat(500_000)), stream("last")]).length).toBe(200_000)
})
