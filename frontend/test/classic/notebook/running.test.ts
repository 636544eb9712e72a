// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from "vitest"
import { CodeCell } from "../../../src/classic/notebook/js/codecell"
import { FakeKernel, code, emptyPage, events, told } from "./cellharness"

beforeEach(emptyPage)

describe("running", () => {
  test("sends the text with the documented flags, and shows that it waits", () => {
    const kernel = new FakeKernel()
    const cell = code("1+1", kernel)
    cell.execute()
    expect(kernel.sent[0]).toMatchObject({ code: "1+1", options: { silent: false, store_history: true, stop_on_error: true } })
    expect(kernel.sent[0]!.callbacks.cell.id).toBe(cell.id)
    expect(cell.element.find(".input_prompt").text().replace(/\u00a0/g, " ")).toBe("In [*]:")
    expect(cell.element.hasClass("running")).toBe(true)
    expect(CodeCell.msg_cells["msg-1"]).toBe(cell)
    expect(told).toContain("execute.CodeCell")
  })
  test("ends with the reply and the idle status", () => {
    const kernel = new FakeKernel()
    const cell = code("1+1", kernel)
    cell.execute()
    const { callbacks } = kernel.sent[0]!
    callbacks.iopub.output({ header: { msg_type: "execute_result" }, content: { data: { "text/plain": "2" }, metadata: {}, execution_count: 5 } })
    callbacks.shell.reply({ content: { status: "ok", execution_count: 5 } })
    expect(cell.element.find(".input_prompt").text()).toContain("[5]")
    expect(cell.element.hasClass("running")).toBe(false)
    expect(told).not.toContain("finished_execute.CodeCell")
    events.trigger("finished_iopub.Kernel", { msg_id: "other" })
    events.trigger("finished_iopub.Kernel", { msg_id: "msg-1" })
    events.trigger("finished_iopub.Kernel", { msg_id: "msg-1" })
    expect(told.filter((name) => name === "finished_execute.CodeCell")).toHaveLength(1)
    expect(cell.toJSON()).toMatchObject({ execution_count: 5, outputs: [{ output_type: "execute_result", data: { "text/plain": "2" } }], metadata: { trusted: true } })
  })
  test("again forgets the first request", () => {
    const kernel = new FakeKernel()
    const cell = code("1", kernel)
    cell.execute()
    cell.execute()
    expect(kernel.cleared).toEqual(["msg-1"])
    expect(CodeCell.msg_cells["msg-1"]).toBeUndefined()
  })
  test("nothing empties the outputs and asks nothing", () => {
    const kernel = new FakeKernel()
    const cell = code("  \n", kernel)
    cell.output_area.append_output({ output_type: "stream", name: "stdout", text: "old" })
    cell.execute()
    expect([kernel.sent.length, cell.output_area.outputs.length, cell.input_prompt_number]).toEqual([0, 0, null])
  })
  test("with the tag raises-exception does not stop the others", () => {
    const kernel = new FakeKernel()
    const cell = code("1/0", kernel)
    cell.metadata["tags"] = ["raises-exception"]
    cell.execute()
    expect(kernel.sent[0]!.options["stop_on_error"]).toBe(false)
  })
  test("without a kernel changes nothing", () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined)
    const cell = code("1", null)
    cell.execute()
    expect(cell.input_prompt_number).toBe(null)
  })
  test("an aborted reply leaves a blank prompt", () => {
    const kernel = new FakeKernel()
    const cell = code("1", kernel)
    cell.execute()
    kernel.sent[0]!.callbacks.shell.reply({ content: { status: "aborted" } })
    expect(cell.toJSON().execution_count).toBeNull()
  })
  test("payloads become events", () => {
    const { shell } = code("1").get_callbacks()
    shell.payload.page({ data: { "text/plain": "help" } })
    shell.payload.set_next_input({ text: "x", replace: true })
    const warned = vi.spyOn(console, "warn").mockReturnValue()
    for (const text of [null, 3, ["x"], undefined]) shell.payload.set_next_input({ text: text as never })
    expect(told).toEqual(["open_with_text.Pager", "set_next_input.Notebook"])
    expect(warned).toHaveBeenCalledTimes(4)
    warned.mockRestore()
  })
  test.each(["execute", "get_callbacks", "clear_output", "_handle_execute_reply"] as const)("a replaced %s is the one that runs", (name) => {
    const kernel = new FakeKernel()
    const cell = code("1", kernel)
    const given = cell.get_callbacks()
    const replaced = vi.spyOn(CodeCell.prototype, name).mockImplementation((() => given) as never)
    cell.element.find(".run_this_cell").trigger("click")
    given.shell.reply({ content: {} })
    expect(replaced).toHaveBeenCalled()
    replaced.mockRestore()
  })
})
