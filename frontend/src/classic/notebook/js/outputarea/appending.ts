/** New outputs, by their type: each becomes an element at the end of the area. */
import $ from "jquery"
import { cleanBundle, joinText, outputFromMessage, type Metadata, type Output, type OutputMessage, type StreamOutput } from "../../../../model/outputs"
import type { BundleOutput, OutputArea } from "../outputarea"
import { create_output_subarea } from "../outputarea_mimes"
import { deathSaidByServer } from "../../../../i18n/serverwords"
import { _ } from "../../../../i18n/words"

const APPENDED_DELAY_MS = 50
/** Views of ipywidgets. */
const WIDGET = "application/vnd.jupyter.widget-view+json"
/** Where something was added lately. One timer serves all: a long notebook fills hundreds at once. */
const appended = new Set<OutputArea>()

function tellAppended(): void {
  const areas = [...appended]
  appended.clear()
  for (const area of areas) area._tell_appended()
}

function note(text: string): JQuery {
  return $("<div/>").addClass("output_subarea output_needs_extension").text(text)
}

export const appending = {
  /** Take an iopub message: stream, display_data, update_display_data, execute_result or error. */
  handle_output(this: OutputArea, msg: OutputMessage): void {
    this.append_output(outputFromMessage(msg))
  },

  append_output(this: OutputArea, json: Output): void {
    this._draw()
    this.expand()
    if (this.clear_queued) {
      this.clear_output(false)
      this._needs_height_reset = true
    }
    this._append(json)
  },

  _append(this: OutputArea, json: Output): void {
    if (this._show_output(json)) this.outputs.push(json)
    if (json.output_type !== "update_display_data") this.events.trigger("output_added.OutputArea", { output: json, output_area: this })
    this.handle_appended()
  },

  /* A file may hold anything as an output. What cannot be shown is said, and kept: the others and the cell are fine. */
  _show_output(this: OutputArea, json: Output): boolean {
    try {
      return this._dispatch_output(json)
    } catch (error) {
      console.error("This output cannot be shown:", json, error)
      const said = $("<div/>").text(_("This output cannot be shown (%s). It is kept in the notebook as it is.", String(error)))
      const subarea = this.create_output_subarea({}, "output_unrecognized", "text/plain").append(said)
      this._open_stream = null
      this._safe_append(this.create_output_area().append(subarea))
      return json.output_type !== "update_display_data"
    }
  },

  /* Show one output. → whether it is a new one, which `outputs` must hold. */
  _dispatch_output(this: OutputArea, json: Output): boolean {
    const inserted = (): void => this.handle_appended()
    switch (json.output_type) {
      case "stream":
        return this.append_stream(json as StreamOutput)
      case "update_display_data":
        this.update_display_data(this.validate_mimebundle(json) as unknown as BundleOutput, inserted)
        return false
      case "execute_result":
        this.append_execute_result(this.validate_mimebundle(json) as unknown as BundleOutput)
        return true
      case "display_data":
        this.append_display_data(this.validate_mimebundle(json) as unknown as BundleOutput, inserted)
        return true
      case "error":
        this.append_error(json as { ename: string; evalue: string; traceback: string[] })
        return true
      default:
        this.append_unrecognized(json)
        return true
    }
  },

  /** Something was added: soon, once for many, let go of a height held for an animation and see whether to scroll. */
  handle_appended(this: OutputArea): void {
    if (appended.size === 0) window.setTimeout(tellAppended, APPENDED_DELAY_MS)
    appended.add(this)
  },

  _tell_appended(this: OutputArea): void {
    if (this._needs_height_reset) {
      this.element.height("")
      this._needs_height_reset = false
    }
    this.element.trigger("resizeOutput", { output_area: this } as never)
  },

  /** The output with only those entries of its bundle that are what their mime type says. */
  validate_mimebundle<T extends Output | BundleOutput>(this: OutputArea, bundle: T): T {
    const output = bundle as unknown as BundleOutput
    output.data = cleanBundle(output.data ?? {}, (complaint) => console.warn(complaint))
    output.metadata ??= {}
    return bundle
  },

  create_output_area(this: OutputArea): JQuery {
    const area = $("<div/>").addClass("output_area")
    if (this.prompt_area) area.append($("<div/>").addClass("run_this_cell"), $("<div/>").addClass("prompt"))
    return area
  },

  /** The box of one output: a `div.output_subarea`, or a frame where the metadata asks for isolation. */
  create_output_subarea(this: OutputArea, md: Metadata | null | undefined, classes: string, mime: string): JQuery {
    return create_output_subarea(md ?? {}, classes, mime)
  },

  /** Put `toinsert` at the end, or in place of `toreplace`. Scripts in it run now; what they throw is shown. */
  _safe_append(this: OutputArea, toinsert: JQuery, toreplace?: JQuery): void {
    try {
      if (toreplace) toreplace.replaceWith(toinsert)
      else this.element.append(toinsert)
    } catch (err) {
      const subarea = $("<div/>").addClass("output_subarea")
      const area = this.create_output_area().append(subarea)
      this._append_javascript_error(err, subarea)
      this.element.append(area)
    }
    this.element.trigger("changed", { output_area: this } as never)
  },

  _append_javascript_error(this: OutputArea, err: unknown, element: JQuery): void {
    console.error("Javascript error adding output!", err)
    const lines = [_("Javascript error adding output!"), String(err), _("The browser's console tells more.")]
    for (const line of lines) $("<div/>").text(line).addClass("js-error").appendTo(element)
  },

  append_execute_result(this: OutputArea, json: BundleOutput): void {
    const area = this.create_output_area()
    this._record_display_id(json, area)
    if (this.prompt_area) {
      const prompt = this._class().output_prompt_function(json.execution_count ?? " ")
      area.find("div.prompt").addClass("output_prompt").empty().append(prompt)
    }
    const inserted = this.append_mime_type(json, area)
    inserted?.addClass("output_result")
    this._tell_missing_extension(json, area)
    this._safe_append(area)
    this._typeset_inserted(inserted)
  },

  append_display_data(this: OutputArea, json: BundleOutput, handle_inserted?: () => void): void {
    const area = this.create_output_area()
    this._record_display_id(json, area)
    const inserted = this.append_mime_type(json, area, handle_inserted)
    this._tell_missing_extension(json, area)
    this._safe_append(area)
    this._typeset_inserted(inserted)
  },

  /* What only an extension draws: its own text, or nothing at all, would not tell that something is missing. */
  _tell_missing_extension(this: OutputArea, json: BundleOutput, area: JQuery): void {
    const mimes = Object.keys(json.data ?? {})
    const { append_map } = this._class()
    if (mimes.includes(WIDGET)) {
      if (!append_map[WIDGET]) area.append(note(_("An interactive widget belongs here. Install the package widgetsnbextension beside this server and load the page again to see it.")))
    } else if (mimes.length > 0 && mimes.every((mime) => !append_map[mime])) {
      area.append(note(_("No extension that is loaded shows outputs of this type: %s", mimes.join(", "))))
    }
  },

  append_error(this: OutputArea, json: { ename: string; evalue: string; traceback?: string[] }): void {
    const traceback: unknown[] = [json.traceback ?? []].flat()
    const written = traceback.length > 0 ? traceback.map(joinText).join("\n") : `${joinText(json.ename)}: ${joinText(json.evalue)}`
    const text = deathSaidByServer(json) ?? written
    const area = this.create_output_area()
    const append_text = this._class().append_map["text/plain"]
    append_text?.call(this, `${text}\n`, {}, area)?.addClass("output_error")
    this._safe_append(area)
  },

  append_unrecognized(this: OutputArea, json: Output): void {
    const area = this.create_output_area()
    const link = $("<a>")
      .attr("href", "#")
      .text(_("Unrecognized output: %s", json.output_type))
      .on("click", (event) => {
        event.preventDefault()
        this.events.trigger("unrecognized_output.OutputArea", { output: json })
      })
    const subarea = this.create_output_subarea({}, "output_unrecognized", "text/plain").append(link)
    this._safe_append(area.append(subarea))
  },
}
