/** Outputs of a notebook that is opened, large ones, and those of the cells far below in a long one: kept as they are, and drawn when the reader comes near them. */
import $ from "jquery"
import type { Output } from "../../../../model/outputs"
import { heightOf, weightOf, wordsOf } from "../../../../model/outputweight"
import { canTellNear, whenNear, whenNearAndCalm } from "../../../../view/nearby"
import type { OutputArea } from "../outputarea"

/** Outputs with fewer characters are drawn at once. */
const HEAVY_CHARS = 20_000
/** Measuring the page would lay it out, once per cell. */
const PAGE_WIDTH_PX = 1000

export const undrawn = {
  _can_wait(this: OutputArea, outputs: Output[]): boolean {
    return this.outputs.length === 0 && canTellNear() && weightOf(outputs) > HEAVY_CHARS
  },

  /* `outputs` is whole from now on; in the page stand their words, which the browser's search finds, at about their height. */
  _draw_in_calm(this: OutputArea, outputs: Output[]): void {
    this.outputs = outputs
    const height_px = heightOf(outputs, this._class().auto_scroll_threshold, PAGE_WIDTH_PX)
    const words = document.createElement("pre")
    words.textContent = wordsOf(outputs)
    this._undrawn = $("<div/>").addClass("output_area fnb-undrawn").css("height", `${height_px}px`).append(words)
    this.element.append(this._undrawn)
    const wrapper = this.wrapper[0]
    if (wrapper) this._stop_drawing = whenNearAndCalm(wrapper, () => this._draw())
  },

  /* Light ones wait for moments, while the other cells of a long notebook come in: nothing need stand in their place. */
  _draw_when_near(this: OutputArea, outputs: Output[]): void {
    if (outputs.length === 0) return
    this.outputs = outputs
    this._undrawn = $()
    const wrapper = this.wrapper[0]
    if (wrapper) this._stop_drawing = whenNear(wrapper, () => this._draw())
  },

  /** Draw what waits in a long notebook's turn, but not what waits for the reader because it is heavy. */
  _draw_light(this: OutputArea): void {
    if (this._undrawn?.length === 0) this._draw()
  },

  /** Draw what still waits for the reader. */
  _draw(this: OutputArea): void {
    if (!this._undrawn) return
    const outputs = this.outputs
    this._forget_undrawn()
    this.outputs = []
    for (const output of outputs) this._append(output)
    this._open_stream?.view?.flush()
  },

  _forget_undrawn(this: OutputArea): void {
    this._stop_drawing()
    this._undrawn?.remove()
    this._undrawn = null
  },
}
