/** The field in which a running program gets what `input()` and `getpass()` ask for. */
import $ from "jquery"
import type { OutputArea } from "../outputarea"
import { _ } from "../../../../i18n/words"

interface InputRequest {
  content: { prompt: string; password?: boolean }
}

export const input = {
  append_raw_input(this: OutputArea, msg: InputRequest): void {
    this.expand()
    const { prompt, password = false } = msg.content
    const area = this.create_output_area()
    this.element.find("div.output_subarea.raw_input_container").parent().remove()
    const input = $("<input/>")
      .addClass("raw_input")
      .attr({ type: password ? "password" : "text", size: 47, "aria-label": prompt || _("Input for the running cell") })
      .prop("autocomplete", "off")
      .on("keydown", (event) => {
        // Enter while an input method still composes belongs to the input method.
        if (event.key !== "Enter" || (event.originalEvent as KeyboardEvent | undefined)?.isComposing) return
        event.preventDefault()
        event.stopPropagation() // without the field, the page would take it for a command
        this._submit_raw_input(event)
      })
    const line = $("<pre/>").addClass("raw_input_prompt").append($("<span/>").text(prompt), input)
    const container = $("<div/>").addClass("box-flex1 output_subarea raw_input_container").append(line)
    this.element.append(area.append(container))
    this.keyboard_manager?.register_events(input)
    input.trigger("focus")
  },

  _submit_raw_input(this: OutputArea, _evt?: JQuery.TriggeredEvent): void {
    const container = this.element.find("div.raw_input_container")
    const input = container.find("input.raw_input")
    const value = String(input.val() ?? "")
    // The length of a password is nobody's business either.
    const echo = input.attr("type") === "password" ? "········" : value
    const prompt = container.find("pre.raw_input_prompt > span").text()
    const had_focus = input[0] !== undefined && input[0] === document.activeElement
    container.parent().remove()
    /* Keys go on to the selected cell. It may be far away, where Run All ended: the reader stays at the answer. */
    if (had_focus) this.keyboard_manager?.notebook?.get_selected_cell()?.element[0]?.focus({ preventScroll: true })
    this.append_output({ output_type: "stream", name: "stdout", text: `${prompt}${echo}\n` })
    this.events.trigger("send_input_reply.Kernel", value)
  },
}
