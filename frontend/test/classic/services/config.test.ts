// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest"
import * as utils from "../../../src/classic/base/js/utils"
import { ConfigSection, ConfigWithDefaults } from "../../../src/classic/services/config"

vi.mock("../../../src/classic/base/js/utils", async (original) => {
  return { ...(await original<typeof utils>()), promising_ajax: vi.fn() }
})
const ajax = vi.mocked(utils.promising_ajax)
let section: ConfigSection

beforeEach(() => {
  ajax.mockReset()
  section = new ConfigSection("notebook", { base_url: "/nb/" })
})

test("load fills the section and settles loaded", async () => {
  ajax.mockResolvedValue({ a: 1 })
  expect(await section.load()).toEqual({ a: 1 })
  await expect(section.loaded).resolves.toBeUndefined()
  expect(ajax.mock.calls[0]![0]).toBe("/nb/api/config/notebook")
})

test("a server that does not answer leaves an empty section, and loaded settles", async () => {
  vi.spyOn(console, "warn").mockImplementationOnce(() => undefined)
  ajax.mockRejectedValue(new Error("down"))
  expect(await section.load()).toEqual({})
  await section.loaded
})

test("update merges at once, deletes with null, and sends the patch alone", async () => {
  section.data = { Editor: { a: 1, b: 2 }, list: [1, 2] }
  ajax.mockImplementation(async () => section.data)
  const done = section.update({ Editor: { b: null, c: 3 }, list: [9] })
  expect(section.data).toEqual({ Editor: { a: 1, c: 3 }, list: [9] })
  await done
  expect(ajax.mock.calls[0]![1]).toMatchObject({ type: "PATCH", data: '{"Editor":{"b":null,"c":3},"list":[9]}' })
})

test("updates reach the server in their order, and an answer leaves newer ones alone", async () => {
  const answers: ((data: object) => void)[] = []
  ajax.mockImplementation(() => new Promise((resolve) => answers.push(resolve)))
  const first = section.update({ Notebook: { Header: false } })
  const second = section.update({ Notebook: { Header: true } })
  expect(ajax).toHaveBeenCalledTimes(1)
  answers[0]!({ Notebook: { Header: false, Toolbar: true } })
  await first
  expect(section.data).toEqual({ Notebook: { Header: true, Toolbar: true } })
  await vi.waitFor(() => expect(ajax).toHaveBeenCalledTimes(2))
  answers[1]!({ Notebook: { Header: true } })
  expect(await second).toEqual({ Notebook: { Header: true } })
})

test("an update that fails says so and holds up no other", async () => {
  ajax.mockRejectedValueOnce(new Error("down")).mockResolvedValueOnce({ b: 2 })
  const [first, second] = await Promise.allSettled([section.update({ a: 1 }), section.update({ b: 2 })])
  expect(first.status).toBe("rejected")
  expect(second).toEqual({ status: "fulfilled", value: { b: 2 } })
})

test("defaults lie under what the section says", async () => {
  section.data = { Cell: { cm_config: { tabSize: 2 }, on: false } }
  section._load_done()
  const config = new ConfigWithDefaults(section, { cm_config: { tabSize: 4, lineNumbers: true }, on: true, other: "x" }, "Cell")
  expect(config.get_sync("cm_config")).toEqual({ tabSize: 2, lineNumbers: true })
  expect(await config.get("on")).toBe(false)
  expect(config.get_sync("other")).toBe("x")
  expect(config.get_sync()).toEqual({ cm_config: { tabSize: 2, lineNumbers: true }, on: false, other: "x" })
})

test("set stores under the class, and undefined goes back to the default", async () => {
  ajax.mockImplementation(async () => section.data)
  const config = new ConfigWithDefaults(section, { on: true }, "Cell")
  await config.set("on", false)
  expect(config.get_sync("on")).toBe(false)
  await config.set("on", undefined)
  expect(config.get_sync("on")).toBe(true)
  expect(ajax.mock.calls.map((call) => call[1]?.data)).toEqual(['{"Cell":{"on":false}}', '{"Cell":{"on":null}}'])
})

test("a hostile key does not reach the prototype", () => {
  section.data = {}
  void section.update(JSON.parse('{"__proto__":{"polluted":1}}') as Record<string, unknown>)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})
