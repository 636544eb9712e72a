import { expect, test } from "vitest"
import { contrast, readableOnDark } from "../../src/model/contrast"

test("contrast is that of WCAG", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5)
  expect(contrast([118, 118, 118], [255, 255, 255])).toBeCloseTo(4.54, 2)
})

test("what can be read in the dark stays, the rest becomes as light as it must", () => {
  expect(readableOnDark([95, 255, 0])).toEqual([95, 255, 0])
  for (const colour of [[0, 0, 0], [0, 0, 135], [0, 135, 0], [135, 0, 0], [68, 68, 68]] as const) {
    expect(contrast(readableOnDark(colour), [0x21, 0x24, 0x26])).toBeGreaterThanOrEqual(4.5)
  }
})
