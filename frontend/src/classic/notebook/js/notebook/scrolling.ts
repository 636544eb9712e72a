/** Scrolling the page to cells. */
import type { Notebook } from "../notebook"

export const scrolling = {
  /** Bring the cell at `index` to the top, in `time` ms. Returns the new scroll position in pixels. */
  scroll_to_cell(this: Notebook, index: number, time?: number): number {
    return this.scroll_cell_percent(index, 0, time)
  },

  /** Bring the top of the cell to `percent` of the page's height. Returns the new scroll position in pixels. */
  scroll_cell_percent(this: Notebook, index: number, percent: number, time: number = 0): number {
    const site = this.scroll_manager.element
    const cell = this.get_cell(index)
    const from_top_px = site.scrollTop() ?? 0
    if (!cell) return from_top_px
    const offset_px = (cell.element.offset()?.top ?? 0) - (site.offset()?.top ?? 0)
    const target_px = from_top_px + offset_px - ((site.height() ?? 0) * percent) / 100
    site.animate({ scrollTop: target_px }, time)
    return target_px
  },

  scroll_to_bottom(this: Notebook): void {
    this.scroll_manager.element.animate({ scrollTop: this.element[0]?.scrollHeight ?? 0 }, 0)
  },

  scroll_to_top(this: Notebook): void {
    this.scroll_manager.element.animate({ scrollTop: 0 }, 0)
  },
}
