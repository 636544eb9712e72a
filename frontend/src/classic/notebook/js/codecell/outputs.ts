/** The outputs of a cell: folded, scrolled, cleared. */
import type { CodeCell } from "../codecell"

export const outputs = {
  collapse_output(this: CodeCell): void {
    this.output_area.collapse()
  },

  expand_output(this: CodeCell): void {
    this.output_area.expand()
    this.output_area.unscroll_area()
  },

  scroll_output(this: CodeCell): void {
    this.output_area.expand()
    this.output_area.scroll_if_long()
  },

  toggle_output(this: CodeCell): void {
    this.output_area.toggle_output()
  },

  toggle_output_scroll(this: CodeCell): void {
    this.output_area.toggle_scroll()
  },

  clear_output(this: CodeCell, wait?: boolean, ignore_queue?: boolean): void {
    this.events.trigger("clear_output.CodeCell", { cell: this })
    this.output_area.clear_output(wait, ignore_queue)
    this.set_input_prompt()
    if (this._execution?.kind === "finished" || this._execution?.kind === "skipped") this._show_execution({ kind: "none" })
  },
}
