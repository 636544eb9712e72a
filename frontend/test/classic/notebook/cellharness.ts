/** Single cells in an empty page, without a notebook: what they ask and tell is remembered. */
import $ from "jquery"
import { vi } from "vitest"
import type { Cell, CellOptions } from "../../../src/classic/notebook/js/cell"
import type { EventBus } from "../../../src/classic/notebook/js/cell_types"
import { CodeCell, type CellKernel, type ExecuteCallbacks } from "../../../src/classic/notebook/js/codecell"
import { MarkdownCell } from "../../../src/classic/notebook/js/textcell"
import { pretendLayout } from "./layout"

type Seen = (entries: { target: Element; isIntersecting: boolean }[]) => void
/** Tells whoever waits for an element that it has come near. */
export let seen: Seen = () => undefined

/* Nothing scrolls into view by itself. */
function pretendWindow(): void {
  pretendLayout()
  vi.stubGlobal("IntersectionObserver", class {
    constructor(callback: Seen) {
      seen = callback
    }
    observe(): void {}
    unobserve(): void {}
  })
}
pretendWindow()

export class FakeKernel implements CellKernel {
  sent: { code: string; callbacks: ExecuteCallbacks; options: Record<string, unknown> }[] = []
  cleared: string[] = []
  execute(code: string, callbacks: unknown, options: Record<string, unknown>): string {
    this.sent.push({ code, callbacks: callbacks as ExecuteCallbacks, options })
    return `msg-${this.sent.length}`
  }
  clear_callbacks_for_msg(msg_id: string): void {
    this.cleared.push(msg_id)
  }
}

/** Of the test that runs. */
export let events: EventBus
export let told: string[]
export let options: CellOptions

/** Before each test. */
export function emptyPage(): void {
  document.body.innerHTML = '<div id="notebook-container"></div>'
  events = $({}) as EventBus
  told = []
  const trigger = events.trigger.bind(events)
  events.trigger = ((name: string, payload: unknown) => {
    told.push(name)
    return trigger(name, payload as never)
  }) as typeof events.trigger
  const keyboard_manager = { register_events: vi.fn(), edit_shortcuts: { handles: vi.fn(() => false) } }
  options = { events, config: { data: {} }, keyboard_manager, notebook: { nbformat: 4, nbformat_minor: 5, metadata: {} } }
}

export function put<C extends Cell>(cell: C): C {
  $("#notebook-container").append(cell.element)
  return cell
}
export const code = (source = "", kernel: CellKernel | null = new FakeKernel()): CodeCell => {
  const cell = put(new CodeCell(kernel, options))
  cell.render()
  cell.fromJSON({ cell_type: "code", source, metadata: { trusted: true }, outputs: [], execution_count: null })
  told.length = 0
  return cell
}
export const markdown = (source: string, more = {}): MarkdownCell => {
  const cell = put(new MarkdownCell(options))
  cell.fromJSON({ cell_type: "markdown", source, metadata: {}, ...more })
  return cell
}
