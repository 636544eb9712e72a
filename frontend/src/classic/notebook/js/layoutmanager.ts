/** `Jupyter.layout_manager`, which early pages had: extensions for those still replace and call its methods. */
import $ from "jquery"
import { events } from "../../base/js/events"

export const layout_manager = {
  /** Height left for the notebook, in pixels. */
  app_height(): number {
    return $("#site").height() ?? 0
  },

  do_resize(): void {
    events.trigger("resize-header.Page")
  },
}
