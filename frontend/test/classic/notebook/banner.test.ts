// @vitest-environment jsdom
/** The line that tells of a lost connection: when it comes, what it says, when it goes. */
import $ from "jquery"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { AGAIN_AFTER_MS, ConnectionBanner, PATIENCE_MS } from "../../../src/classic/notebook/js/notificationarea/banner"
import type { NotebookNotificationArea } from "../../../src/classic/notebook/js/notificationarea"
import { code, contentsModel, makeNotebook } from "./harness"

let status = 0
let is_connected = false
const reconnect = vi.fn()

function open(): ReturnType<typeof makeNotebook>["notebook"] {
  const { notebook } = makeNotebook()
  notebook.load_notebook_success(contentsModel([code("a", { id: "a" })] as never) as never)
  notebook.kernel = { reconnect, is_connected: () => is_connected } as never
  new ConnectionBanner({ events: notebook.events, notebook } as unknown as NotebookNotificationArea, async () => status)
  return notebook
}

const shown = (): string | null => ($("#connection_banner").is("[hidden]") ? null : $("#connection_banner span").toArray().map((part) => part.textContent).join(" | "))
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  vi.useFakeTimers()
  reconnect.mockReset()
  status = 0
  is_connected = false
})
afterEach(() => void vi.useRealTimers())

test("a short loss is no news", async () => {
  const { events } = open()
  events.trigger("kernel_disconnected.Kernel")
  await pass(PATIENCE_MS - 100)
  events.trigger("kernel_connected.Kernel")
  await pass(5_000)
  expect(shown()).toBeNull()
})

test("a longer one is told with its cause and a countdown, until it is over", async () => {
  const { events } = open()
  events.trigger("kernel_disconnected.Kernel")
  await pass(PATIENCE_MS)
  events.trigger("kernel_reconnect_planned.Kernel", { delay_ms: 16_000 } as never)
  expect(shown()).toBe("The server does not answer. You can go on typing; code runs again when it is back. | Next try in 16 s.")
  await pass(6_000)
  expect(shown()).toContain("Next try in 10 s.")
  status = 403
  events.trigger("kernel_connection_failed.Kernel", { attempt: 3 } as never)
  await pass(0)
  expect(shown()).toContain("log in again")
  $("#connection_banner button").trigger("click")
  expect(reconnect).toHaveBeenCalledTimes(1)
  expect(shown()).toContain("Trying now…")
  events.trigger("kernel_connected.Kernel")
  expect(shown()).toBeNull()
  await pass(200_000)
  expect(reconnect).toHaveBeenCalledTimes(1)
})

test("when the kernel's own attempts are used up, the page goes on trying", async () => {
  const { events } = open()
  events.trigger("kernel_disconnected.Kernel")
  await pass(PATIENCE_MS)
  events.trigger("kernel_connection_dead.Kernel")
  expect(shown()).toContain("Next try in 60 s.")
  await pass(AGAIN_AFTER_MS.kernel)
  expect(reconnect).toHaveBeenCalledTimes(1)
  window.dispatchEvent(new Event("online"))
  expect(reconnect).toHaveBeenCalledTimes(2)
  events.trigger("kernel_killed.Session")
  expect(shown()).toBeNull()
})

test("an event about a kernel that is connected shows nothing", async () => {
  const { events } = open()
  is_connected = true
  events.trigger("kernel_disconnected.Kernel")
  await pass(10_000)
  expect(shown()).toBeNull()
})

test("a server that does not save is asked until it answers; then the notebook is saved", async () => {
  const notebook = open()
  const save = vi.spyOn(notebook, "save_notebook").mockResolvedValue(undefined)
  notebook.dirty = true
  notebook.events.trigger("notebook_save_failed.Notebook", { status: 409 } as never)
  expect(shown()).toBeNull()
  notebook.events.trigger("notebook_save_failed.Notebook", { status: 0 } as never)
  await pass(0)
  expect(shown()).toContain("The server does not answer. You can go on typing; it is kept in this browser")
  expect(shown()).toContain("Next try in 15 s.")
  await pass(AGAIN_AFTER_MS.saving)
  expect([shown() === null, save.mock.calls.length]).toEqual([false, 0])
  status = 200
  await pass(AGAIN_AFTER_MS.saving)
  expect([shown(), save.mock.calls.length]).toEqual([null, 1])
})
