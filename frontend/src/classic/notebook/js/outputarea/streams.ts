/** What a program prints: text that grows, one element per block of it. */
import { fixOverwrittenChars } from "../../../../model/ansi"
import { joinText, mergeStream, type StreamOutput } from "../../../../model/outputs"
import { TextOutput } from "../../../../view/text_output"
import { streamSaidByServer } from "../../../../i18n/serverwords"
import type { OutputArea } from "../outputarea"

/** One stream block and the element that shows it; none while there is nothing to see. */
export interface OpenStream {
  output: StreamOutput
  view: TextOutput | null
}

export const streams = {
  /** → whether the text became an output of its own; else it went into the last one. */
  append_stream(this: OutputArea, json: StreamOutput): boolean {
    json.text = joinText(json.text)
    const last = this.outputs[this.outputs.length - 1]
    const open = this._open_stream
    if (last?.output_type === "stream" && last === open?.output && open.output.name === json.name) {
      const chunk_size = Number(this.class_config.get_sync("stream_chunk_size"))
      const merged = mergeStream(open.output.text, json.text, chunk_size)
      open.output.text = merged.last
      this._show_stream(open)
      if (merged.next === null) return false
      json.text = merged.next
    } else {
      json.text = fixOverwrittenChars(json.text)
    }
    this._open_stream = { output: json, view: null }
    this._show_stream(this._open_stream)
    return true
  },

  /* Draw the block; further text waits for the next frame, so that a flood costs one drawing per frame. */
  _show_stream(this: OutputArea, open: OpenStream): void {
    if (open.view) {
      open.view.renderSoon(open.output.text)
      return
    }
    if (open.output.text.replace(/\r/g, "") === "") return
    const area = this.create_output_area()
    const name = (joinText(open.output.name) || "stdout").replace(/[^\w-]/g, "_") // a file may call its stream anything
    const subarea = this.create_output_subarea({}, `output_text output_stream output_${name}`, "text/plain")
    open.view = new TextOutput(name === "stderr" ? streamSaidByServer : undefined)
    open.view.render(open.output.text)
    subarea.append(open.view.element)
    this._safe_append(area.append(subarea))
  },
}
