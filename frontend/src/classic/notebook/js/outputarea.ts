/**
 * `notebook/js/outputarea`: the outputs of one cell. State and elements here; its methods, by subject, in `outputarea/`.
 * It decides by mime type and trust; the drawing is in `view`.
 */
import $ from "jquery"
import { make } from "../../../view/elements"
import { realOutputs, savedOutput, type Metadata, type MimeBundle, type Output } from "../../../model/outputs"
import { ConfigWithDefaults, type ConfigSection } from "../../services/config"
import * as utils from "../../base/js/utils"
import { append_map, display_order, output_types, safe_outputs, type AppendFunction } from "./outputarea_mimes"
import type { EventBus, Keyboards } from "./cell_types"
import { appending } from "./outputarea/appending"
import { clearing } from "./outputarea/clearing"
import { displays, type DisplayTarget } from "./outputarea/displays"
import { input } from "./outputarea/input"
import { mimes } from "./outputarea/mimes"
import { scrolling } from "./outputarea/scrolling"
import { streams, type OpenStream } from "./outputarea/streams"
import { undrawn } from "./outputarea/undrawn"
import { _ } from "../../../i18n/words"

/** A mime bundle output as a message or a notebook holds it. */
export interface BundleOutput {
  output_type: string
  data: MimeBundle
  metadata: Metadata
  execution_count?: number | null
  transient?: { display_id?: string }
}

export interface OutputAreaOptions {
  selector: JQuery | HTMLElement | string
  config?: Pick<ConfigSection, "data">
  events: EventBus
  keyboard_manager?: Keyboards
  prompt_area?: boolean
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
  _stop_waiting: () => void
  /** What stands in the page for outputs that were not drawn yet. */
  _undrawn: JQuery | null
  /** Also light outputs wait for the reader. */
  _draws_later: boolean
  _stop_drawing: () => void

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
    this._stop_waiting = () => undefined
    this._undrawn = null
    this._draws_later = false
    this._stop_drawing = () => undefined
    this.create_elements()
    this.style()
    this.bind_events()
  }

  /* Its settings, as they are now: extensions change them. The parts cannot import the class, which imports them. */
  _class(): typeof OutputArea {
    return OutputArea
  }

  create_elements(): void {
    const overlay = make("div", "")
    const element = make("div", "")
    const button = make("div", "")
    this.element = $(element)
    this.collapse_button = $(button)
    this.prompt_overlay = $(overlay)
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
    this.wrapper[0]?.append(overlay, element, button)
  }

  style(): void {
    this.wrapper.addClass("output_wrapper")
    this.element.addClass("output")
    this.collapse_button
      .addClass("btn btn-default output_collapsed")
      .attr({ title: _("click to expand output"), role: "button", tabindex: "0" })
      .text(". . .")
      .css("display", "none")
    this.prompt_overlay.addClass("out_prompt_overlay prompt").attr("title", _("click to expand output; double click to hide output"))
    if (!this.prompt_area) this.prompt_overlay.hide()
  }

  bind_events(): void {
    this.prompt_overlay.on("dblclick", () => this.toggle_output())
    this.prompt_overlay.on("click", () => this.toggle_scroll())
    this.element.on("resizeOutput", () => {
      if (!this.scrolled && this.scroll_state !== false) this._scroll_if_long_when_near()
    })
    this.collapse_button.on("click", () => this.expand())
    this.collapse_button.on("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return
      event.preventDefault()
      event.stopPropagation()
      this.expand()
    })
  }

  /** Set the formulas of the whole area. */
  typeset(): void {
    utils.typeset(this.element)
  }

  /* Only what is new: looking through all outputs again for each one would cost the square of their number. */
  _typeset_inserted(inserted: JQuery | null): void {
    if (inserted?.is(".output_html, .output_markdown, .output_latex")) utils.typeset(inserted)
  }

  fromJSON(outputs: Output[], metadata: Metadata = {}): void {
    const real = realOutputs(outputs)
    this.trusted = metadata["trusted"] === true
    if (this._can_wait(real)) this._draw_in_calm(real)
    else if (this._draws_later && this.outputs.length === 0) this._draw_when_near(real)
    else for (const output of real) this.append_output(output)
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

/* Every part becomes ordinary, replaceable methods of the prototype. */
Object.assign(OutputArea.prototype, appending, clearing, displays, input, mimes, scrolling, streams, undrawn)

type Parts = typeof appending & typeof clearing & typeof displays & typeof input & typeof mimes & typeof scrolling & typeof streams &
  typeof undrawn

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface OutputArea extends Parts {}
