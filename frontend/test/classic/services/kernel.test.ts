// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { Kernel, type KernelCallbacks } from "../../../src/classic/services/kernels/kernel"
import type { Comm } from "../../../src/classic/services/kernels/comm"
import { decode, V1_PROTOCOL } from "../../../src/kernel/codec"
import type { KernelMessage } from "../../../src/kernel/messages"
import { FakeSocket, message, numbered } from "../../kernel/frames"
import * as utils from "../../../src/classic/base/js/utils"

vi.mock("../../../src/classic/base/js/utils", async (original) => {
  return { ...(await original<typeof utils>()), ajax: vi.fn() }
})
const ajax = vi.mocked(utils.ajax)

let kernel: Kernel
let seq = 0

function deliver(msg: KernelMessage): void {
  FakeSocket.last.deliver(numbered((seq += 1), msg))
}

function sent(): KernelMessage[] {
  return FakeSocket.last.sent.map((frame) => decode(frame, V1_PROTOCOL))
}

function eventsOf(...names: string[]): string[] {
  const log: string[] = []
  for (const name of names) kernel.events.on(`${name}.Kernel`, () => log.push(name))
  return log
}

function answer(status: number, body: unknown): void {
  ajax.mockImplementation(((_url: string, settings: JQuery.AjaxSettings) => {
    const xhr = { status, statusText: String(status), responseJSON: body } as JQuery.jqXHR
    const call = (status < 400 ? settings.success : settings.error) as (...args: unknown[]) => void
    if (status < 400) call(body, "success", xhr)
    else call(xhr, "error", "")
    return xhr
  }) as unknown as typeof utils.ajax)
}

beforeEach(() => {
  seq = 0
  FakeSocket.all = []
  ajax.mockReset()
  kernel = new Kernel("/api/kernels", "ws://host", "python3")
  kernel.WebSocket = FakeSocket as never
  kernel._kernel_created({ id: "k-1", name: "python3" })
  FakeSocket.last.accept().greet({ epoch: "e", seq: 0 })
})
afterEach(() => {
  kernel.stop_channels()
  kernel.events.off(".Kernel")
  vi.useRealTimers()
})

test("the socket's address names kernel and session", () => {
  expect(FakeSocket.last.url).toBe(`ws://host/api/kernels/k-1/channels?session_id=${kernel.session_id}`)
})

test("the first thing sent is the question whether the kernel is ready, and its answer is the event", () => {
  const log = eventsOf("kernel_ready")
  const asked = sent()[0]!
  expect(asked.msg_type).toBe("kernel_info_request")
  deliver(message("kernel_info_reply", { banner: "b" }, { channel: "shell", parentId: asked.msg_id }))
  expect(log).toEqual(["kernel_ready"])
  expect(kernel.info_reply.banner).toBe("b")
})

test("a kernel that starts after the question is ready once", () => {
  const log = eventsOf("kernel_ready")
  const first = sent()[0]!
  deliver(message("status", { execution_state: "starting" }))
  const second = sent().at(-1)!
  deliver(message("kernel_info_reply", {}, { channel: "shell", parentId: first.msg_id }))
  deliver(message("kernel_info_reply", {}, { channel: "shell", parentId: second.msg_id }))
  expect(log).toEqual(["kernel_ready"])
})

test("execute is silent by default and carries the cell's id as metadata", () => {
  kernel.execute("1+1", { cell: { id: "c1" } }, { metadata: { deletedCells: [] } })
  const request = sent().at(-1)!
  expect(request.content).toEqual({ code: "1+1", silent: true, store_history: false, user_expressions: {}, allow_stdin: false })
  expect(request.metadata).toEqual({ cellId: "c1", deletedCells: [] })
})

function execute(callbacks: KernelCallbacks): string {
  return kernel.execute("code", callbacks, { silent: false })
}

test("outputs, clearing, payloads and the reply reach who asked", () => {
  const log: string[] = []
  const id = execute({
    iopub: { output: (msg) => log.push(`output ${String(msg.content.text)}`), clear_output: () => log.push("clear") },
    shell: { reply: () => log.push("reply"), payload: { page: (payload) => log.push(`page ${String(payload.data)}`) } },
    input: () => log.push("input"),
  })
  deliver(message("stream", { text: "a" }, { parentId: id }))
  deliver(message("clear_output", {}, { parentId: id }))
  deliver(message("input_request", { prompt: "?" }, { channel: "stdin", parentId: id }))
  const odd = ["__proto__", "constructor", null, 3, {}].map((source) => ({ source }))
  deliver(message("execute_reply", { payload: [...odd, null, { source: "page", data: 1 }] }, { channel: "shell", parentId: id }))
  expect(log).toEqual(["output a", "clear", "input", "reply", "page 1"])
})

test("callbacks are freed when both reply and idle arrived, in either order", () => {
  const first = execute({})
  const second = execute({})
  execute({}) // the last request's callbacks always stay
  deliver(message("execute_reply", {}, { channel: "shell", parentId: first }))
  expect(kernel.get_callbacks_for_msg(first)).toBeDefined()
  deliver(message("status", { execution_state: "idle" }, { parentId: first }))
  deliver(message("status", { execution_state: "idle" }, { parentId: second }))
  deliver(message("execute_reply", {}, { channel: "shell", parentId: second }))
  expect([first, second].map((id) => kernel.get_callbacks_for_msg(id))).toEqual([undefined, undefined])
})

test("callbacks with clear_on_done false stay", () => {
  const id = execute({ clear_on_done: false })
  execute({})
  deliver(message("execute_reply", {}, { channel: "shell", parentId: id }))
  deliver(message("status", { execution_state: "idle" }, { parentId: id }))
  expect(kernel.get_callbacks_for_msg(id)).toBeDefined()
})

test("a captured output goes to the innermost capture, and back after it", () => {
  const log: string[] = []
  const outer = execute({ iopub: { output: () => log.push("cell") } })
  kernel.set_callbacks_for_msg("widget", { iopub: { output: () => log.push("widget") } }, false)
  kernel.output_callback_overrides_push(outer, "widget")
  deliver(message("stream", {}, { parentId: outer }))
  kernel.output_callback_overrides_pop(outer)
  deliver(message("stream", {}, { parentId: outer }))
  expect(log).toEqual(["widget", "cell"])
})

test("an updated display reaches the request that showed it", () => {
  const log: string[] = []
  const first = execute({ clear_on_done: false, iopub: { output: (msg) => log.push(`first ${msg.msg_type}`) } })
  const second = execute({ iopub: { output: (msg) => log.push(`second ${msg.msg_type}`) } })
  const transient = { display_id: "d" }
  deliver(message("display_data", { transient }, { parentId: first }))
  deliver(message("update_display_data", { transient }, { parentId: second }))
  expect(log).toEqual(["first display_data", "first update_display_data"])
})

test("output that nobody here asked for is told", () => {
  const log = eventsOf("received_unsolicited_message")
  deliver(message("stream", {}, { parentId: "somebody" }))
  deliver(message("execute_input", { code: "" }, { parentId: "somebody" }))
  expect(log).toHaveLength(2)
})

test("a method replaced on the prototype after start-up gets the messages", () => {
  const handled: string[] = []
  const original = Kernel.prototype._handle_output_message
  Kernel.prototype._handle_output_message = function (msg) {
    handled.push(msg.msg_type)
    return original.call(this, msg)
  }
  try {
    deliver(message("stream", {}, { parentId: "x" }))
  } finally {
    Kernel.prototype._handle_output_message = original
  }
  expect(handled).toEqual(["stream"])
})

test("a handler that throws does not stop the next message", () => {
  vi.spyOn(console, "error").mockImplementationOnce(() => undefined)
  const log: unknown[] = []
  const id = execute({
    iopub: {
      output: (msg) => {
        if (msg.content.n === 1) throw new Error("broken extension")
        return log.push(msg.content.n)
      },
    },
  })
  deliver(message("stream", { n: 1 }, { parentId: id }))
  deliver(message("stream", { n: 2 }, { parentId: id }))
  expect(log).toEqual([2])
})

test("messages behind a handler that takes its time wait for it", async () => {
  const log: unknown[] = []
  let finish: () => void = () => undefined
  const id = execute({ iopub: { output: (msg) => void log.push(msg.content.n) } })
  kernel.register_iopub_handler("slow", () => new Promise<void>((resolve) => (finish = resolve)))
  deliver(message("slow", {}, { parentId: id }))
  deliver(message("stream", { n: 1 }, { parentId: id }))
  expect(log).toEqual([])
  finish()
  await vi.waitFor(() => expect(log).toEqual([1]))
})

test("20,000 messages are each handled within their own turn, in order", () => {
  const got: unknown[] = []
  const id = execute({ iopub: { output: (msg) => void got.push(msg.content.n) } })
  const frames = Array.from({ length: 20_000 }, (_, n) => numbered(n + 1, message("stream", { n }, { parentId: id })))
  for (const frame of frames) FakeSocket.last.deliver(frame)
  expect(got).toHaveLength(20_000)
  expect(got.every((n, index) => n === index)).toBe(true)
})

test("a lost connection is told, retried quickly, and what was asked meanwhile follows the readiness question", () => {
  vi.useFakeTimers()
  const log = eventsOf("kernel_disconnected", "kernel_reconnecting", "kernel_connected", "kernel_connection_failed")
  vi.setSystemTime(Date.now() + 10_000)
  FakeSocket.last.drop()
  expect(kernel.is_connected()).toBe(false)
  kernel.execute("a = 1")
  vi.advanceTimersByTime(100)
  FakeSocket.last.accept()
  expect(log).toEqual(["kernel_disconnected", "kernel_reconnecting", "kernel_connected"])
  expect(sent().map((msg) => msg.msg_type)).toEqual(["kernel_info_request", "execute_request"])
})

test("a refused connection of a kernel that no longer exists is a dead kernel, told once", () => {
  vi.useFakeTimers()
  answer(404, { message: "Kernel does not exist" })
  const log = eventsOf("kernel_dead", "kernel_connection_failed")
  FakeSocket.last.drop()
  vi.advanceTimersByTime(300_000)
  expect(log).toEqual(["kernel_connection_failed", "kernel_dead"])
  expect(FakeSocket.all).toHaveLength(1)
})

test("when all attempts failed the connection is dead, and a person can start a new series", () => {
  vi.useFakeTimers()
  answer(200, { id: "k-1", name: "python3" })
  const log = eventsOf("kernel_connection_dead")
  for (let round = 0; round <= kernel.reconnect_limit; round++) {
    FakeSocket.last.drop()
    vi.advanceTimersByTime(100_000)
  }
  expect(log).toEqual(["kernel_connection_dead"])
  kernel.reconnect()
  expect(kernel._reconnect_attempt).toBe(1)
})

test("a person may have a connection made anew that only seems to be there", () => {
  const log = eventsOf("kernel_reconnecting", "kernel_disconnected", "kernel_connected")
  const before = FakeSocket.last
  kernel.reconnect()
  FakeSocket.last.accept()
  expect(FakeSocket.last).not.toBe(before)
  expect(log).toEqual(["kernel_reconnecting", "kernel_connected"])
})

test("a server that restarts the kernel by itself is told with the attempt's number", () => {
  const attempts: number[] = []
  kernel.events.on("kernel_autorestarting.Kernel", (_evt, payload: { attempt: number }) => attempts.push(payload.attempt))
  deliver(message("status", { execution_state: "restarting" }))
  deliver(message("status", { execution_state: "restarting" }))
  expect(attempts).toEqual([1, 2])
})

test("a kernel that the server gave up is dead and its channels are closed", () => {
  const log = eventsOf("kernel_dead")
  deliver(message("status", { execution_state: "dead" }))
  expect(log).toEqual(["kernel_dead"])
  expect(kernel.is_fully_disconnected()).toBe(true)
})

test("restart forgets what was asked of the old process and connects again", () => {
  answer(200, { id: "k-1", name: "python3" })
  const id = execute({})
  kernel.stop_channels()
  kernel.execute("never to run")
  kernel.restart()
  FakeSocket.last.accept()
  expect(sent().map((msg) => msg.msg_type)).toEqual(["kernel_info_request"])
  expect(kernel._msg_callbacks.has(id)).toBe(false)
})

describe("of several restarts", () => {
  type Answer = { success: (model: unknown) => void; fail: (status: number) => void }
  const asked: Answer[] = []
  const model = { id: "k-1", name: "python3" }

  beforeEach(() => {
    asked.length = 0
    vi.spyOn(console, "log").mockReturnValue()
    ajax.mockImplementation(((_url: string, settings: JQuery.AjaxSettings) => {
      const call = settings as { success: (...args: unknown[]) => void; error: (...args: unknown[]) => void }
      asked.push({ success: (body) => call.success(body, "success", {}), fail: (status) => call.error({ status }, "error", "") })
      return {} as JQuery.jqXHR
    }) as unknown as typeof utils.ajax)
  })

  test("the last one's outcome counts, and each caller hears of its own", () => {
    const log = eventsOf("kernel_failed_restart", "kernel_created")
    const heard: string[] = []
    kernel.restart(undefined, () => heard.push("first failed"))
    kernel.restart(() => heard.push("second"))
    kernel.restart(() => heard.push("third"))
    asked[0]!.fail(500)
    asked[1]!.success(model)
    expect([log, kernel.connection.state]).toEqual([[], "closed"])
    asked[2]!.success(model)
    expect([log, heard, kernel.connection.state]).toEqual([["kernel_created"], ["first failed", "second", "third"], "connecting"])
  })
  test("none counts once another kernel is there, or it has ended", () => {
    const log = eventsOf("kernel_failed_restart", "kernel_created")
    kernel.restart()
    kernel._kernel_created({ id: "k-2", name: "python3" })
    asked[0]!.fail(404)
    kernel.restart()
    kernel._kernel_dead()
    asked[1]!.success(model)
    expect([log, kernel.id, kernel.connection.state]).toEqual([[], "k-2", "closed"])
  })
})

test("a failed restart is told", () => {
  answer(500, { message: "Exception restarting kernel" })
  const log = eventsOf("kernel_failed_restart")
  kernel.restart()
  expect(log).toEqual(["kernel_failed_restart"])
})

test("an input reply goes to stdin", () => {
  kernel.send_input_reply("secret")
  expect(sent().at(-1)).toMatchObject({ channel: "stdin", msg_type: "input_reply", content: { value: "secret" } })
})

test("comm messages wait for a target that takes its time, and keep their order", async () => {
  const log: unknown[] = []
  kernel.comm_manager.register_target("t", async (comm) => {
    await Promise.resolve()
    ;(comm as Comm).on_msg((msg) => log.push((msg.content.data as { n: number }).n))
  })
  deliver(message("comm_open", { comm_id: "c", target_name: "t", data: {} }))
  for (const n of [1, 2, 3]) deliver(message("comm_msg", { comm_id: "c", data: { n } }))
  await vi.waitFor(() => expect(log).toEqual([1, 2, 3]))
})

test("a comm of an unknown target is closed, so that the kernel knows", async () => {
  vi.spyOn(console, "error").mockImplementationOnce(() => undefined)
  deliver(message("comm_open", { comm_id: "c", target_name: "nobody", data: {} }))
  await vi.waitFor(() => expect(sent().at(-1)).toMatchObject({ msg_type: "comm_close", content: { comm_id: "c" } }))
  expect(kernel.comm_manager.comms).toEqual({})
})

test("a comm opened by the page sends and receives with buffers", async () => {
  const got: DataView[] = []
  const comm = kernel.comm_manager.new_comm("t", { a: 1 })
  comm.on_msg((msg) => got.push(msg.buffers[0]!))
  comm.send({ b: 2 }, undefined, undefined, [new Uint8Array([7])])
  expect(sent().slice(-2).map((msg) => msg.msg_type)).toEqual(["comm_open", "comm_msg"])
  expect(sent().at(-1)!.buffers[0]!.getUint8(0)).toBe(7)
  deliver({ ...message("comm_msg", { comm_id: comm.comm_id, data: {} }), buffers: [new DataView(new Uint8Array([5]).buffer)] })
  await vi.waitFor(() => expect(got[0]!.getUint8(0)).toBe(5))
})
