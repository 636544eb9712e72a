// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { events } from "../../../src/classic/base/js/events"
import * as utils from "../../../src/classic/base/js/utils"
import { Kernel } from "../../../src/classic/services/kernels/kernel"
import { Session } from "../../../src/classic/services/sessions/session"

vi.mock("../../../src/classic/base/js/utils", async (original) => {
  return { ...(await original<typeof utils>()), ajax: vi.fn() }
})
const ajax = vi.mocked(utils.ajax)
const MODEL = { id: "s/1", path: "d/n.ipynb", type: "notebook", kernel: { id: "k-1", name: "python3" } }

let status: number
let start_session: ReturnType<typeof vi.fn<(kernel_name?: string) => unknown>>
let session: Session

beforeEach(() => {
  status = 200
  ajax.mockReset().mockImplementation(((_url: string, settings: JQuery.AjaxSettings) => {
    const xhr = { status } as JQuery.jqXHR
    if (status < 400) (settings.success as (...args: unknown[]) => void)(settings.type === "DELETE" ? undefined : MODEL, "success", xhr)
    else (settings.error as (...args: unknown[]) => void)(xhr, "error", "refused")
    return xhr
  }) as unknown as typeof utils.ajax)
  vi.spyOn(Kernel.prototype, "start_channels").mockImplementation(() => undefined)
  start_session = vi.fn<(kernel_name?: string) => unknown>()
  session = new Session({ base_url: "/nb/", ws_url: "", notebook_path: "d/n.ipynb", kernel_name: "python3", notebook: { start_session } })
})
afterEach(() => {
  events.off(".Session")
  events.off(".Kernel")
})

const requests = (): unknown[] =>
  ajax.mock.calls.map(([url, settings]) => [settings?.type, url, settings?.data === undefined ? undefined : JSON.parse(settings.data as string)])

test("start asks for the notebook's kernel and connects to it", () => {
  const log: string[] = []
  events.on("kernel_created.Session", () => log.push("created"))
  session.start()
  const body = { path: "d/n.ipynb", type: "notebook", name: "", kernel: { id: null, name: "python3" } }
  expect(requests()).toEqual([["POST", "/nb/api/sessions", body]])
  expect([session.id, session.session_url]).toEqual(["s/1", "/nb/api/sessions/s/1"])
  expect(session.kernel).toMatchObject({ id: "k-1", name: "python3", kernel_url: "/nb/api/kernels/k-1" })
  expect(session.kernel!.start_channels).toHaveBeenCalledOnce()
  expect(log).toEqual(["created"])
})

test("a session that is to end before it has started ends when it has", () => {
  let started: (() => void) | undefined
  ajax.mockImplementationOnce(((_url: string, settings: JQuery.AjaxSettings) => {
    started = () => (settings.success as (...args: unknown[]) => void)(MODEL, "success", {})
  }) as unknown as typeof utils.ajax)
  const ended = vi.fn()
  session.start()
  session.delete(ended)
  expect([requests().length, ended.mock.calls.length]).toEqual([1, 0])
  started!()
  expect(requests().at(-1)).toEqual(["DELETE", "/nb/api/sessions/s/1", undefined])
  expect(ended).toHaveBeenCalledOnce()
})

test("a session that cannot start is told with the request that failed", () => {
  status = 501
  const log: unknown[] = []
  events.on("kernel_dead.Session", (_evt, payload: { xhr: { status: number } }) => log.push(payload.xhr.status))
  const failed = vi.fn()
  session.start(undefined, failed)
  expect(log).toEqual([501])
  expect(failed).toHaveBeenCalledOnce()
})

test("a renamed notebook takes its session along", () => {
  session.start()
  session.rename_notebook("d/new.ipynb")
  expect(requests().at(-1)).toMatchObject(["PATCH", "/nb/api/sessions/s/1", { path: "d/new.ipynb" }])
})

test("the death of its kernel ends the session, that of another does not", () => {
  session.start()
  events.trigger("kernel_dead.Kernel", { kernel: {} } as never)
  expect(requests()).toHaveLength(1)
  events.trigger("kernel_dead.Kernel", { kernel: session.kernel } as never)
  expect(requests().at(-1)).toEqual(["DELETE", "/nb/api/sessions/s/1", undefined])
})

test("after a failed restart the notebook starts anew", () => {
  session.start()
  events.trigger("kernel_failed_restart.Kernel", { kernel: session.kernel } as never)
  expect(start_session).toHaveBeenCalledWith("python3")
})

test("restart deletes first, then starts with what is new", () => {
  session.start()
  session.restart({ kernel_name: "ir" })
  expect(requests().slice(1)).toMatchObject([
    ["DELETE", "/nb/api/sessions/s/1", undefined],
    ["POST", "/nb/api/sessions", { kernel: { id: null, name: "ir" } }],
  ])
})
