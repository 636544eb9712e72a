/** `notebook/js/outputarea`: the outputs of one cell. Decides by mime type and trust; the drawing is in `view`. */
import $ from "jquery"
import {
  cleanBundle, joinText, mergeStream, mostLines, mimeChoices, outputFromMessage, savedOutput,
  type MimeBundle, type Metadata, type Output, type OutputMessage, type StreamOutput,
} from "../../../model/outputs"
import { fixOverwrittenChars } from "../../../model/ansi"
import { TextOutput } from "../../../view/text_output"
import { ConfigWithDefaults, type ConfigSection } from "../../services/config"
import * as utils from "../../base/js/utils"
import {
  append_map, display_order, output_types, safe_outputs,
  append_image, create_output_subarea, type AppendFunction,
} from "./outputarea_mimes"
import type { EventBus, Keyboards } from "./cell_types"

/** A mime bundle output as a message or a notebook holds it. */
export interface BundleOutput {
  output_type: string
  data: MimeBundle
  metadata: Metadata
  execution_count?: number | null
  transient?: { display_id?: string }
}

interface InputRequest {
  content: { prompt: string; password?: boolean }
}

export interface OutputAreaOptions {
  selector: JQuery | HTMLElement | string
  config?: Pick<ConfigSection, "data">
  events: EventBus
  keyboard_manager?: Keyboards
  prompt_area?: boolean
}

interface DisplayTarget {
  index: number
  element: JQuery
}

/* One stream block and the element that shows it; none while there is nothing to see. */
interface OpenStream {
  output: StreamOutput
  view: TextOutput | null
}

/* `$.fn.trigger` as we replace it on one element. */
type Trigger = (event: string | JQuery.Event, extra?: unknown) => JQuery

export class OutputArea {
  static display_order = display_order
  static output_types = output_types
  static append_map: Record<string, AppendFunction> = append_map
  static safe_outputs: Record<string, boolean> = safe_outputs
  /** Lines of output from which on it scrolls by itself; none or less: never. */
  static auto_scroll_threshold = 100
  /** Lines of output below which it cannot be made to scroll. */
  static minimum_scroll_threshold = 20
  static config_defaults: Record<string, unknown> = { stream_chunk_size: 8192 }

  static output_prompt_classical(prompt_value: number | string): JQuery {
    return $("<bdi>").text(`Out[${prompt_value}]:`)
  }
  static output_prompt_function: (prompt_value: number | string) => JQuery = OutputArea.output_prompt_classical

  config: Pick<ConfigSection, "data">
  class_config: ConfigWithDefaults
  events: EventBus
  keyboard_manager: Keyboards | undefined
  wrapper: JQuery
  element!: JQuery
  collapse_button!: JQuery
  prompt_overlay!: JQuery
  outputs: Output[]
  collapsed: boolean
  scrolled: boolean
  scroll_state: "auto" | boolean
  trusted: boolean
  clear_queued: boolean
  prompt_area: boolean
  _display_id_targets: Record<string, DisplayTarget[]>
  _needs_height_reset: boolean
  _open_stream: OpenStream | null
  _appended_timer: number

  constructor(options: OutputAreaOptions) {
    this.config = options.config ?? { data: {} }
    this.class_config = new ConfigWithDefaults(this.config as ConfigSection, OutputArea.config_defaults, "OutputArea")
    this.events = options.events
    this.keyboard_manager = options.keyboard_manager
    this.wrapper = $(options.selector as HTMLElement)
    this.outputs = []
    this.collapsed = false
    this.scrolled = false
    this.scroll_state = "auto"
    this.trusted = true
    this.clear_queued = false
    this.prompt_area = options.prompt_area ?? true
    this._display_id_targets = Object.create(null) as Record<string, DisplayTarget[]>
    this._needs_height_reset = false
    this._open_stream = null
    this._appended_timer = 0
    this.create_elements()
    this.style()
    this.bind_events()
  }

  create_elements(): void {
    this.element = $("<div/>")
    this.collapse_button = $("<div/>")
    this.prompt_overlay = $("<div/>")
    const plain_trigger = this.element.trigger.bind(this.element) as Trigger
    // What extensions do when an output changes must not keep the output from appearing.
    const guarded_trigger: Trigger = (event, extra) => {
      try {
        return plain_trigger(event, extra)
      } catch (error) {
        console.error("An output event handler failed:", event, error)
        return this.element
      }
    }
    this.element.trigger = guarded_trigger as unknown as typeof this.element.trigger
    this.wrapper.append(this.prompt_overlay, this.element, this.collapse_button)
  }

  style(): void {
    this.wrapper.addClass("output_wrapper")
    this.element.addClass("output")
    this.collapse_button
      .addClass("btn btn-default output_collapsed")
      .attr({ title: "click to expand output", role: "button", tabindex: "0" })
      .text(". . .")
      .hide()
    this.prompt_overlay.addClass("out_prompt_overlay prompt").attr("title", "click to expand output; double click to hide output")
    if (!this.prompt_area) this.prompt_overlay.hide()
  }

  bind_events(): void {
    this.prompt_overlay.on("dblclick", () => this.toggle_output())
    this.prompt_overlay.on("click", () => this.toggle_scroll())
    this.element.on("resizeOutput", () => {
      if (!this.scrolled && this.scroll_state === "auto") this.scroll_if_long()
    })
    this.collapse_button.on("click", () => this.expand())
    this.collapse_button.on("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return
      event.preventDefault()
      event.stopPropagation()
      this.expand()
    })
  }

  // ---- collapsing and scrolling

  collapse(): void {
    if (this.collapsed) return
    this.element.hide()
    this.prompt_overlay.hide()
    if (this.element.children().length > 0) this.collapse_button.show()
    this.collapsed = true
    this.scroll_state = "auto"
  }

  expand(): void {
    if (!this.collapsed) return
    this.collapse_button.hide()
    this.element.show()
    if (this.prompt_area) this.prompt_overlay.show()
    this.collapsed = false
    this.scroll_if_long()
  }

  toggle_output(): void {
    if (this.collapsed) this.expand()
    else this.collapse()
  }

  scroll_area(): void {
    /* Whoever has no mouse must reach it to scroll it. */
    this.element.addClass("output_scroll").attr({ tabindex: 0, role: "group", "aria-label": "Scrolled output" })
    this.prompt_overlay.attr("title", "click to unscroll output; double click to hide")
    this.scrolled = true
  }

  unscroll_area(): void {
    this.element.removeClass("output_scroll").removeAttr("tabindex role aria-label")
    this.prompt_overlay.attr("title", "click to scroll output; double click to hide")
    this.scrolled = false
  }

  /** Whether the output is higher than `threshold` lines. */
  _should_scroll(threshold: number = OutputArea.minimum_scroll_threshold): boolean {
    const font_px = parseFloat(this.element.css("font-size")) || 14
    return (this.element.height() ?? 0) > threshold * Math.floor(font_px * 1.3)
  }

  scroll_if_long(): void {
    const threshold = OutputArea.auto_scroll_threshold
    if (threshold <= 0 || this.scroll_state === false) return
    const is_short = this.outputs.length > 0 && mostLines(this.outputs) < threshold / 2
    if (this.scroll_state !== true && is_short) return
    if (this.scroll_state === true || this._should_scroll(threshold)) this.scroll_area()
  }

  toggle_scroll(): void {
    if (this.scrolled) {
      this.unscroll_area()
      this.scroll_state = false
    } else if (this._should_scroll(OutputArea.minimum_scroll_threshold)) {
      this.scroll_area()
      this.scroll_state = true
    }
  }

  // ---- new outputs

  /** Take an iopub message: stream, display_data, update_display_data, execute_result or error. */
  handle_output(msg: OutputMessage): void {
    this.append_output(outputFromMessage(msg))
  }

  /** The output with only those entries of its bundle that are what their mime type says. */
  validate_mimebundle<T extends Output | BundleOutput>(bundle: T): T {
    const output = bundle as unknown as BundleOutput
    output.data = cleanBundle(output.data ?? {}, (complaint) => console.warn(complaint))
    output.metadata ??= {}
    return bundle
  }

  append_output(json: Output): void {
    this.expand()
    if (this.clear_queued) {
      this.clear_output(false)
      this._needs_height_reset = true
    }
    if (this._dispatch_output(json)) this.outputs.push(json)
    this.events.trigger("output_added.OutputArea", { output: json, output_area: this })
    this.handle_appended()
  }

  /* Show one output. → whether it is a new one, which `outputs` must hold. */
  _dispatch_output(json: Output): boolean {
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
  }

  /** Something was added: soon, once for many, let go of a height held for an animation and see whether to scroll. */
  handle_appended(): void {
    if (this._appended_timer !== 0) return
    const APPENDED_DELAY_MS = 50
    this._appended_timer = window.setTimeout(() => {
      this._appended_timer = 0
      if (this._needs_height_reset) {
        this.element.height("")
        this._needs_height_reset = false
      }
      this.element.trigger("resizeOutput", { output_area: this } as never)
    }, APPENDED_DELAY_MS)
  }

  create_output_area(): JQuery {
    const area = $("<div/>").addClass("output_area")
    if (this.prompt_area) area.append($("<div/>").addClass("run_this_cell"), $("<div/>").addClass("prompt"))
    return area
  }

  /** The box of one output: a `div.output_subarea`, or a frame where the metadata asks for isolation. */
  create_output_subarea(md: Metadata | null | undefined, classes: string, mime: string): JQuery {
    return create_output_subarea(md ?? {}, classes, mime)
  }

  _append_javascript_error(err: unknown, element: JQuery): void {
    console.error("Javascript error adding output!", err)
    const lines = ["Javascript error adding output!", String(err), "See your browser Javascript console for more details."]
    for (const line of lines) $("<div/>").text(line).addClass("js-error").appendTo(element)
  }

  /** Put `toinsert` at the end, or in place of `toreplace`. Scripts in it run now; what they throw is shown. */
  _safe_append(toinsert: JQuery, toreplace?: JQuery): void {
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
  }

  append_execute_result(json: BundleOutput): void {
    const area = this.create_output_area()
    this._record_display_id(json, area)
    if (this.prompt_area) {
      const prompt = OutputArea.output_prompt_function(json.execution_count ?? " ")
      area.find("div.prompt").addClass("output_prompt").empty().append(prompt)
    }
    const inserted = this.append_mime_type(json, area)
    inserted?.addClass("output_result")
    this._safe_append(area)
    this._typeset_inserted(inserted)
  }

  append_error(json: { ename: string; evalue: string; traceback?: string[] }): void {
    const traceback = json.traceback ?? []
    const text = traceback.length > 0 ? traceback.join("\n") : `${json.ename}: ${json.evalue}`
    const area = this.create_output_area()
    const append_text = OutputArea.append_map["text/plain"]
    append_text?.call(this, `${text}\n`, {}, area)?.addClass("output_error")
    this._safe_append(area)
  }

  /** → whether the text became an output of its own; else it went into the last one. */
  append_stream(json: StreamOutput): boolean {
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
  }

  /* Draw the block; further text waits for the next frame, so that a flood costs one drawing per frame. */
  _show_stream(open: OpenStream): void {
    if (open.view) {
      open.view.renderSoon(open.output.text)
      return
    }
    if (open.output.text.replace(/\r/g, "") === "") return
    const area = this.create_output_area()
    const name = open.output.name.replace(/[^\w-]/g, "_") // a file may call its stream anything
    const subarea = this.create_output_subarea({}, `output_text output_stream output_${name}`, "text/plain")
    open.view = new TextOutput()
    open.view.render(open.output.text)
    subarea.append(open.view.element)
    this._safe_append(area.append(subarea))
  }

  append_unrecognized(json: Output): void {
    const area = this.create_output_area()
    const link = $("<a>")
      .attr("href", "#")
      .text(`Unrecognized output: ${json.output_type}`)
      .on("click", (event) => {
        event.preventDefault()
        this.events.trigger("unrecognized_output.OutputArea", { output: json })
      })
    const subarea = this.create_output_subarea({}, "output_unrecognized", "text/plain").append(link)
    this._safe_append(area.append(subarea))
  }

  /** Show the new data everywhere in this area where its `display_id` was shown. */
  update_display_data(json: BundleOutput, handle_inserted?: () => void): void {
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
      this.events.trigger("output_updated.OutputArea", { output, output_area: this })
    }
  }

  _record_display_id(json: BundleOutput, element: JQuery): void {
    const display_id = json.transient?.display_id
    if (display_id === undefined) return
    const targets = (this._display_id_targets[display_id] ??= [])
    targets.push({ index: this.outputs.length, element })
  }

  append_display_data(json: BundleOutput, handle_inserted?: () => void): void {
    const area = this.create_output_area()
    this._record_display_id(json, area)
    const inserted = this.append_mime_type(json, area, handle_inserted)
    this._safe_append(area)
    this._typeset_inserted(inserted)
  }

  /** Append the best type of the bundle that may be shown and can be drawn. → its element, or null when there is none. */
  append_mime_type(json: BundleOutput, element: JQuery, handle_inserted?: () => void): JQuery | null {
    const rules = { order: OutputArea.display_order, safe: OutputArea.safe_outputs, isTrusted: this.trusted }
    for (const { mime } of mimeChoices(json.data, rules)) {
      const append = OutputArea.append_map[mime]
      if (!append) continue
      const inserted = this._try_append(append, mime, json, element, handle_inserted)
      if (!inserted) continue
      if (!/^image\/(png|jpeg|gif)$/.test(mime) && handle_inserted) setTimeout(handle_inserted, 0)
      this.events.trigger("output_appended.OutputArea", [mime, json.data[mime], json.metadata, inserted])
      return inserted
    }
    return null
  }

  /* A renderer that throws has nothing to show: the next type of the bundle is tried. */
  _try_append(
    append: AppendFunction, mime: string, json: BundleOutput, element: JQuery, handle_inserted?: () => void,
  ): JQuery | null {
    const before = element.children()
    try {
      return append.call(this, json.data[mime], json.metadata ?? {}, element, handle_inserted) ?? null
    } catch (error) {
      console.error(`The ${mime} output could not be shown.`, error)
      element.children().not(before).remove()
      return null
    }
  }

  _append_img(
    src: string, md: Metadata, element: JQuery, handle_inserted: (() => void) | undefined, MIME: string, type_string: string,
  ): JQuery {
    return append_image(this, src, md, element, handle_inserted, MIME, type_string)
  }

  // ---- input() and getpass()

  append_raw_input(msg: InputRequest): void {
    this.expand()
    const { prompt, password = false } = msg.content
    const area = this.create_output_area()
    this.element.find("div.output_subarea.raw_input_container").parent().remove()
    const input = $("<input/>")
      .addClass("raw_input")
      .attr({ type: password ? "password" : "text", size: 47, "aria-label": prompt || "Input for the running cell" })
      .prop("autocomplete", "off")
      .on("keydown", (event) => {
        // Enter while an input method still composes belongs to the input method.
        if (event.key !== "Enter" || (event.originalEvent as KeyboardEvent | undefined)?.isComposing) return
        event.preventDefault()
        this._submit_raw_input(event)
      })
    const line = $("<pre/>").addClass("raw_input_prompt").append($("<span/>").text(prompt), input)
    const container = $("<div/>").addClass("box-flex1 output_subarea raw_input_container").append(line)
    this.element.append(area.append(container))
    this.keyboard_manager?.register_events(input)
    input.trigger("focus")
  }

  _submit_raw_input(_evt?: JQuery.TriggeredEvent): void {
    const container = this.element.find("div.raw_input_container")
    const input = container.find("input.raw_input")
    const value = String(input.val() ?? "")
    // The length of a password is nobody's business either.
    const echo = input.attr("type") === "password" ? "········" : value
    const prompt = container.find("pre.raw_input_prompt > span").text()
    container.parent().remove()
    this.append_output({ output_type: "stream", name: "stdout", text: `${prompt}${echo}\n` })
    this.events.trigger("send_input_reply.Kernel", value)
  }

  // ---- clearing

  handle_clear_output(msg: { content: { wait?: boolean } }): void {
    this.clear_output(msg.content.wait === true)
  }

  /** Empty the area; with `wait`, not before the next output comes, so that an animation does not flicker. */
  clear_output(wait = false, ignore_clear_queue = false): void {
    if (wait) {
      if (this.clear_queued) this.clear_output(false)
      this.clear_queued = true
      return
    }
    if (!ignore_clear_queue && this.clear_queued) this.element.height(this.element.height() ?? 0)
    this.clear_queued = false
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
  }

  // ---- formulas

  /** Set the formulas of the whole area. */
  typeset(): void {
    utils.typeset(this.element)
  }

  /* Only what is new: looking through all outputs again for each one would cost the square of their number. */
  _typeset_inserted(inserted: JQuery | null): void {
    if (inserted?.is(".output_html, .output_markdown, .output_latex")) utils.typeset(inserted)
  }

  // ---- the notebook file

  fromJSON(outputs: Output[], metadata: Metadata = {}): void {
    this.trusted = metadata["trusted"] === true
    for (const output of outputs) this.append_output(output)
    this._open_stream?.view?.flush()
    if (metadata["collapsed"] === true) this.collapse()
    if (typeof metadata["scrolled"] === "boolean") {
      this.scroll_state = metadata["scrolled"]
      if (this.scroll_state) this.scroll_area()
      else this.unscroll_area()
    }
  }

  toJSON(): Output[] {
    return this.outputs.map(savedOutput)
  }

  // ---- types that others draw

  mime_types(): string[] {
    return OutputArea.display_order
  }

  /**
   * Draw `mimetype` with `append(data, metadata, element, handle_inserted)`, called on the OutputArea; it appends to
   * `element` and returns what it appended. `options.safe`: also when not trusted. `options.index`: place in the order, 0 first.
   */
  register_mime_type(mimetype: string, append: AppendFunction, options: { safe?: boolean; index?: number }): void {
    if (!mimetype || typeof append !== "function") return
    const known = OutputArea.display_order.indexOf(mimetype)
    if (known !== -1) OutputArea.display_order.splice(known, 1)
    else OutputArea.output_types.push(mimetype)
    if (options.safe) OutputArea.safe_outputs[mimetype] = true
    else if (known !== -1) delete OutputArea.safe_outputs[mimetype]
    OutputArea.display_order.splice(options.index ?? 0, 0, mimetype)
    OutputArea.append_map[mimetype] = append
  }
}
