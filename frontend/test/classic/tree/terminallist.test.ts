// @vitest-environment jsdom
import $ from "jquery"
import { beforeEach, expect, test, vi } from "vitest"
import * as utils from "../../../src/classic/base/js/utils"
import type { NotebookListOptions } from "../../../src/classic/tree/js/notebooklist"
import { TerminalList } from "../../../src/classic/tree/js/terminallist"

let list: TerminalList

beforeEach(() => {
  document.body.innerHTML = `
    <button id="refresh_running_list"></button><ul><li id="new-terminal"><a href="#">Terminal</a></li></ul>
    <div id="terminal_list"><div id="terminal_list_header">There are no terminals running.</div></div>`
  vi.restoreAllMocks()
  const options = { base_url: "/a b/", notebook_path: "folder", contents: {}, session_list: {} } as unknown as NotebookListOptions
  list = new TerminalList("#terminal_list", options)
})

const rows = (): JQuery => $("#terminal_list .list_item")

test("every terminal is a row with a link and a button", () => {
  list.terminals_loaded([{ name: "1" }, { name: "work" }])
  expect(rows().find(".item_name").get().map((one) => one.textContent)).toEqual(["terminals/1", "terminals/work"])
  expect(rows().find("a.item_link").first().attr("href")).toBe("/a b/terminals/1")
  expect(rows().find(".item_icon").first().hasClass("fa-terminal")).toBe(true)
  expect(rows().first().data("term-name")).toBe("1")
  expect(rows().find("button").first().attr("aria-label")).toBe("Shutdown terminals/1")
  expect($("#terminal_list_header").css("display")).toBe("none")
})

test("a second answer replaces the first", () => {
  list.terminals_loaded([{ name: "1" }])
  list.terminals_loaded([])
  expect(rows().length).toBe(0)
  expect($("#terminal_list_header").css("display")).not.toBe("none")
})

test("methods that an extension replaces are the ones that are called", () => {
  const new_terminal = vi.fn()
  const add_link = vi.fn()
  Object.assign(list, { new_terminal, add_link })
  $("#new-terminal").trigger("click")
  list.terminals_loaded([{ name: "1" }])
  expect(new_terminal).toHaveBeenCalledOnce()
  expect(add_link).toHaveBeenCalledWith("1", expect.anything())
})

test("a new terminal starts in the folder that is shown, in a tab of its own", async () => {
  const tab = { location: { href: "" } }
  vi.spyOn(window, "open").mockReturnValue(tab as unknown as Window)
  const ask = vi.spyOn(utils, "promising_ajax").mockResolvedValue({ name: "3" })
  list.load_terminals = vi.fn()
  await list.new_terminal()
  expect(ask.mock.calls[0]![1]).toMatchObject({ type: "POST", data: '{"cwd":"folder"}' })
  expect(tab.location.href).toBe("/a b/terminals/3")
  expect(list.load_terminals).toHaveBeenCalledOnce()
})
