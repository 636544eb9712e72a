/** How much of the outputs is to be seen: all, a part that scrolls, or nothing but a button. */
import { mostLines } from "../../../../model/outputs"
import { whenNearOrNow } from "../../../../view/nearby"
import type { OutputArea } from "../outputarea"
import { _ } from "../../../../i18n/words"

export const scrolling = {
  collapse(this: OutputArea): void {
    if (this.collapsed) return
    this.element.hide()
    this.prompt_overlay.hide()
    if (this.outputs.length > 0 || this.element.children().length > 0) this.collapse_button.show()
    this.collapsed = true
    this.scroll_state = "auto"
  },

  expand(this: OutputArea): void {
    if (!this.collapsed) return
    this.collapse_button.hide()
    this.element.show()
    if (this.prompt_area) this.prompt_overlay.show()
    this.collapsed = false
    this.scroll_if_long()
  },

  toggle_output(this: OutputArea): void {
    if (this.collapsed) this.expand()
    else this.collapse()
  },

  scroll_area(this: OutputArea): void {
    /* Whoever has no mouse must reach it to scroll it. */
    this.element.addClass("output_scroll").attr({ tabindex: 0, role: "group", "aria-label": _("Scrolled output") })
    this.prompt_overlay.attr("title", _("click to unscroll output; double click to hide"))
    this.scrolled = true
  },

  unscroll_area(this: OutputArea): void {
    this.element.removeClass("output_scroll").removeAttr("tabindex role aria-label")
    this.prompt_overlay.attr("title", _("click to scroll output; double click to hide"))
    this.scrolled = false
  },

  /** Whether the output is higher than `threshold` lines. */
  _should_scroll(this: OutputArea, threshold: number = this._class().minimum_scroll_threshold): boolean {
    const font_px = parseFloat(this.element.css("font-size")) || 14
    return (this.element.height() ?? 0) > threshold * Math.floor(font_px * 1.3)
  },

  scroll_if_long(this: OutputArea): void {
    const threshold = this._class().auto_scroll_threshold
    if (threshold <= 0 || this.scroll_state === false) return
    const is_short = this.outputs.length > 0 && mostLines(this.outputs) < threshold / 2
    if (this.scroll_state !== true && is_short) return
    if (this.scroll_state === true || this._should_scroll(threshold)) this.scroll_area()
  },

  /* Measuring what is out of sight lays it out, and a long notebook would be laid out a thousand times. */
  _scroll_if_long_when_near(this: OutputArea): void {
    this._stop_waiting()
    const wrapper = this.wrapper[0]
    if (wrapper) this._stop_waiting = whenNearOrNow(wrapper, () => this._scroll_as_chosen())
  },

  /* Who had it scrolled finds it so when the cell was run again, unless there is little to see now. */
  _scroll_as_chosen(this: OutputArea): void {
    if (this.scroll_state === "auto") this.scroll_if_long()
    else if (this.scroll_state && this._should_scroll()) this.scroll_area()
  },

  toggle_scroll(this: OutputArea): void {
    if (this.scrolled) {
      this.unscroll_area()
      this.scroll_state = false
    } else if (this._should_scroll(this._class().minimum_scroll_threshold)) {
      this.scroll_area()
      this.scroll_state = true
    }
  },
}
