/** What a kernel says while a cell runs, brought to where it is shown. */
import type { OutputMessage } from "../../../../model/outputs"
import type { CodeCell } from "../codecell"

interface ReplyMessage {
  content: { status?: string; execution_count?: number | null }
}

/* The callbacks of one execute request, as the Kernel takes them. */
export interface ExecuteCallbacks {
  clear_on_done: boolean
  shell: {
    reply(msg: ReplyMessage): void
    payload: { set_next_input(payload: NextInput): void; page(payload: PagePayload): void }
  }
  iopub: { output(msg: OutputMessage): void; clear_output(msg: ClearMessage): void }
  input(msg: InputMessage): void
  cell: CodeCell
}

interface NextInput {
  text: string
  replace?: boolean
  clear_output?: boolean
}

interface PagePayload {
  data: Record<string, unknown>
  start?: number
}

interface ClearMessage {
  content: { wait?: boolean }
}

interface InputMessage {
  content: { prompt: string; password?: boolean }
}

export const answers = {
  /** What the kernel client calls while the cell runs. Extensions wrap it. */
  get_callbacks(this: CodeCell): ExecuteCallbacks {
    return {
      clear_on_done: false,
      shell: {
        reply: (msg) => this._handle_execute_reply(msg),
        payload: {
          set_next_input: (payload) => this._handle_set_next_input(payload),
          page: (payload) => this._open_with_pager(payload),
        },
      },
      iopub: {
        output: (msg) => {
          this.events.trigger("set_dirty.Notebook", { value: true })
          this.output_area.handle_output(msg)
        },
        clear_output: (msg) => {
          this.events.trigger("set_dirty.Notebook", { value: true })
          this.output_area.handle_clear_output(msg)
        },
      },
      input: (msg) => this._handle_input_request(msg),
      cell: this,
    }
  },

  _open_with_pager(this: CodeCell, payload: PagePayload): void {
    this.events.trigger("open_with_text.Pager", payload)
  },

  _handle_execute_reply(this: CodeCell, msg: ReplyMessage): void {
    this.set_input_prompt(msg.content.execution_count)
    this.element.removeClass("running")
    this.events.trigger("set_dirty.Notebook", { value: true })
  },

  _handle_set_next_input(this: CodeCell, payload: NextInput): void {
    if (typeof payload.text !== "string") return console.warn("The kernel proposed an input that is no text", payload)
    const data = { cell: this, text: payload.text, replace: payload.replace, clear_output: payload.clear_output }
    this.events.trigger("set_next_input.Notebook", data)
  },

  _handle_input_request(this: CodeCell, msg: InputMessage): void {
    this.output_area.append_raw_input(msg)
  },
}
