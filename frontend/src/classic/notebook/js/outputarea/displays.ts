/** Outputs with a display id, which later messages change where they were shown. */
import type { BundleOutput, OutputArea } from "../outputarea"

/** Where a display id was shown: the index of its output, and its element. */
export interface DisplayTarget {
  index: number
  element: JQuery
}

export const displays = {
  /** Show the new data everywhere in this area where its `display_id` was shown. */
  update_display_data(this: OutputArea, json: BundleOutput, handle_inserted?: () => void): void {
    const display_id = json.transient?.display_id
    const targets = display_id === undefined ? undefined : this._display_id_targets[display_id]
    for (const target of targets ?? []) {
      const output = this.outputs[target.index] as BundleOutput | undefined
      if (output === undefined) continue
      output.data = json.data
      output.metadata = json.metadata
      const area = this.create_output_area()
      area.children(".prompt").replaceWith(target.element.children(".prompt").clone(true))
      const inserted = this.append_mime_type(output, area, handle_inserted)
      if (output.output_type === "execute_result") inserted?.addClass("output_result")
      this._safe_append(area, target.element)
      target.element = area
      this._typeset_inserted(inserted)
      this.events.trigger("output_updated.OutputArea", { output: json, output_area: this })
    }
  },

  _record_display_id(this: OutputArea, json: BundleOutput, element: JQuery): void {
    const display_id = json.transient?.display_id
    if (display_id === undefined) return
    const targets = (this._display_id_targets[display_id] ??= [])
    targets.push({ index: this.outputs.length, element })
  },
}
