/** Which type of a mime bundle is drawn, and by whom. */
import { mimeChoices, type Metadata } from "../../../../model/outputs"
import type { BundleOutput, OutputArea } from "../outputarea"
import { append_image, type AppendFunction } from "../outputarea_mimes"

export const mimes = {
  /** Append the best type of the bundle that may be shown and can be drawn. → its element, or null when there is none. */
  append_mime_type(this: OutputArea, json: BundleOutput, element: JQuery, handle_inserted?: () => void): JQuery | null {
    const rules = { order: this._class().display_order, safe: this._class().safe_outputs, isTrusted: this.trusted }
    for (const { mime } of mimeChoices(json.data, rules)) {
      const append = this._class().append_map[mime]
      if (!append) continue
      const inserted = this._try_append(append, mime, json, element, handle_inserted)
      if (!inserted) continue
      if (!/^image\/(png|jpeg|gif)$/.test(mime) && handle_inserted) setTimeout(handle_inserted, 0)
      this.events.trigger("output_appended.OutputArea", [mime, json.data[mime], json.metadata, inserted])
      return inserted
    }
    return null
  },

  /* A renderer that throws has nothing to show: the next type of the bundle is tried. */
  _try_append(
    this: OutputArea, append: AppendFunction, mime: string, json: BundleOutput, element: JQuery, handle_inserted?: () => void,
  ): JQuery | null {
    const before = element.children()
    try {
      return append.call(this, json.data[mime], json.metadata ?? {}, element, handle_inserted) ?? null
    } catch (error) {
      console.error(`The ${mime} output could not be shown.`, error)
      element.children().not(before).remove()
      return null
    }
  },

  _append_img(
    this: OutputArea, src_type: string, md: Metadata, element: JQuery, handle_inserted: (() => void) | undefined, MIME: string,
    type_string: string,
  ): JQuery {
    return append_image(this, src_type, md, element, handle_inserted, MIME, type_string)
  },
}
