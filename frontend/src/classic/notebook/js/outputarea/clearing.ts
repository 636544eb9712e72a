/** Emptying the area: at once, or when the next output comes. */
import type { DisplayTarget } from "./displays"
import type { OutputArea } from "../outputarea"

export const clearing = {
  handle_clear_output(this: OutputArea, msg: { content: { wait?: boolean } }): void {
    this.clear_output(msg.content.wait === true)
  },

  /** Empty the area; with `wait`, not before the next output comes, so that an animation does not flicker. */
  clear_output(this: OutputArea, wait = false, ignore_clear_queue = false): void {
    if (wait) {
      if (this.clear_queued) this.clear_output(false)
      this.clear_queued = true
      return
    }
    if (!ignore_clear_queue && this.clear_queued) this.element.height(this.element.height() ?? 0)
    this.clear_queued = false
    this._forget_undrawn()
    this._open_stream?.view?.stop()
    this._open_stream = null
    this.element.find("img").off("load")
    this.element.trigger("clearing", { output_area: this } as never)
    this.element.empty()
    this.element.trigger("changed", { output_area: this } as never)
    this.element.trigger("cleared", { output_area: this } as never)
    this.outputs = []
    this._display_id_targets = Object.create(null) as Record<string, DisplayTarget[]>
    this.trusted = true
    this.unscroll_area()
    this.expand()
  },
}
