// @vitest-environment jsdom
/** What stands in for an editor is coloured in idle time, where it is to be seen. */
import { beforeEach, expect, test, vi } from "vitest"
import { StaticCode } from "../../src/view/static_code"
import "../../src/view/modes"

let runIdle: (deadline: { timeRemaining(): number }) => void
beforeEach(() => {
  vi.stubGlobal("requestIdleCallback", (callback: typeof runIdle) => void (runIdle = callback))
})

function put(classes: string): StaticCode {
  const code = new StaticCode({ editWanted: () => undefined })
  const cell = document.createElement("div")
  cell.className = classes
  cell.append(code.element)
  document.body.append(cell)
  code.render("import this", "python", false)
  code.highlightSoon()
  return code
}

test("the source of a rendered text is not coloured, and nothing is asked that would lay out the page", () => {
  const asked = vi.fn(() => true)
  const [source, shown] = [put("cell text_cell rendered"), put("cell code_cell rendered")]
  for (const code of [source, shown]) Object.assign(code.element, { checkVisibility: asked, getBoundingClientRect: asked })
  runIdle({ timeRemaining: () => 50 })
  expect([source, shown].map((code) => code.element.querySelector("span") !== null)).toEqual([false, true])
  expect(asked).not.toHaveBeenCalled()
})

test("where time is short, the rest waits for the next idle moment", () => {
  const codes = [put("cell code_cell"), put("cell code_cell")]
  const coloured = (): number => codes.filter((code) => code.element.querySelector("span")).length
  runIdle({ timeRemaining: () => 0 })
  expect(coloured()).toBe(1)
  runIdle({ timeRemaining: () => 0 })
  expect(coloured()).toBe(2)
})
