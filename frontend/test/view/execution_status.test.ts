// @vitest-environment jsdom
import { expect, test, vi } from "vitest"
import { ExecutionStatus } from "../../src/view/execution_status"

function make() {
  const removeClicked = vi.fn()
  const view = new ExecutionStatus({ removeClicked })
  document.body.append(view.element)
  view.start()
  return { view, removeClicked, button: view.element.querySelector("button")!, text: view.element.querySelector("span")! }
}

test("a cell that runs shows for how long, once that is worth a line", () => {
  const { view, text, button } = make()
  view.render({ kind: "running", started_ms: 1_000 }, 1_200)
  expect(view.element.hidden).toBe(true)
  view.render({ kind: "running", started_ms: 1_000 }, 4_999)
  expect([view.element.hidden, text.textContent, button.hidden]).toEqual([false, "Running 3 s", true])
})

test("a cell that waits shows its place and can be taken out, by mouse and keyboard", () => {
  const { view, removeClicked, text, button } = make()
  view.render({ kind: "waiting", msg_id: "m", place: 2 }, 0)
  expect(text.textContent).toBe("Waiting, number 2")
  expect(button.getAttribute("aria-label")).toContain("queue")
  button.click()
  expect(removeClicked).toHaveBeenCalledWith("m")
  const reached = vi.fn()
  document.body.addEventListener("keydown", reached)
  button.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }))
  expect(reached).not.toHaveBeenCalled()
  button.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))
  expect(reached).toHaveBeenCalled()
})

test("afterwards it says how long it took, or why it did not run", () => {
  const { view, text, button } = make()
  view.render({ kind: "finished", took_ms: 1_234, ended_ms: 5 }, 10)
  expect([text.textContent, button.hidden]).toEqual(["1.2 s", true])
  view.render({ kind: "skipped", why: "Taken out of the queue" }, 10)
  expect(text.textContent).toBe("Taken out of the queue")
  view.render({ kind: "none" }, 10)
  expect(view.element.hidden).toBe(true)
})

test("stop leaves no listener behind", () => {
  const { view, removeClicked, button } = make()
  view.render({ kind: "waiting", msg_id: "m", place: 1 }, 0)
  view.stop()
  button.click()
  expect([removeClicked.mock.calls.length, view.element.isConnected]).toEqual([0, false])
})
