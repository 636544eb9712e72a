/** `notebook/js/scrollmanager`: scrolling by pages, by cells of a kind, by headings. */
import $ from "jquery"
import * as utils from "../../base/js/utils"
import type { Cell } from "./cell"
import type { Notebook } from "./notebook"

const ANIMATION_MS = 250
const SCROLL_EVENT_INTERVAL_MS = 100

export class ScrollManager {
  notebook: Notebook
  element: JQuery
  animation_speed: number

  constructor(notebook: Notebook, options: { animation_speed?: number } = {}) {
    this.notebook = notebook
    this.element = $("#site")
    this.animation_speed = options.animation_speed ?? ANIMATION_MS
  }

  /** Call `func` while the page scrolls, at most every `rate` ms. */
  onScroll(func: () => void, rate: number = SCROLL_EVENT_INTERVAL_MS): void {
    this.element.on("scroll", utils.throttle(func, rate) as () => void)
  }

  /** Scroll by `delta` pages. */
  scroll(delta: number): void {
    this.scroll_some(delta)
  }

  /** Scroll so that the first element matching `selector` is at the top. */
  scroll_to(selector: string | JQuery | HTMLElement): void {
    const target = $(selector as string).first()
    const top_px = (target.offset()?.top ?? 0) - (this.element.offset()?.top ?? 0) + (this.element.scrollTop() ?? 0)
    this.element.animate({ scrollTop: top_px }, this.animation_speed)
  }

  /** Scroll by `pages` times the visible height. */
  scroll_some(pages: number): void {
    const top_px = (this.element.scrollTop() ?? 0) + pages * (this.element.height() ?? 0)
    this.element.animate({ scrollTop: top_px }, this.animation_speed)
  }

  /** Position of the first cell that is seen whole or in part; the number of cells where none is. */
  get_first_visible_cell(): number {
    const cells = this.notebook.get_cells()
    const index = cells.findIndex((cell) => this.is_cell_visible(cell))
    return index < 0 ? cells.length : index
  }

  is_cell_visible(cell: Cell): boolean {
    const top_px = (cell.element.offset()?.top ?? 0) - (this.element.offset()?.top ?? 0)
    return top_px + (cell.element.height() ?? 0) > 0 && top_px < (this.element.height() ?? 0)
  }
}

/** Scrolls from target cell to target cell; a subclass says which cells are targets. */
export class TargetScrollManager extends ScrollManager {
  is_target(_index: number): boolean {
    return false
  }

  override scroll(delta: number): void {
    const step = delta > 0 ? 1 : -1
    let index = this.get_first_visible_cell() + step
    while (this.notebook.is_valid_cell_index(index)) {
      const cell = this.notebook.get_cell(index)
      if (cell && this.is_target(index)) return this.scroll_to(cell.element)
      index += step
    }
    this.scroll_some(delta)
  }
}

/** Targets are the cells that begin a slide or a sub-slide. */
export class SlideScrollManager extends TargetScrollManager {
  override is_target(index: number): boolean {
    const slideshow = this.notebook.get_cell(index)?.metadata["slideshow"] as { slide_type?: string } | undefined
    return slideshow?.slide_type === "slide" || slideshow?.slide_type === "subslide"
  }
}

/** Scrolls from heading to heading, of `heading_level` or above it. */
export class HeadingScrollManager extends ScrollManager {
  heading_level: number

  constructor(notebook: Notebook, options: { animation_speed?: number; heading_level?: number } = {}) {
    super(notebook, options)
    this.heading_level = options.heading_level ?? 1
  }

  override scroll(delta: number): void {
    const levels = Array.from({ length: this.heading_level }, (_unused, level) => `h${level + 1}`).join(",")
    const top_px = this.element.offset()?.top ?? 0
    const headings = this.notebook.container.find(levels).filter(":visible").toArray()
    const offsets = headings.map((heading) => Math.round(($(heading).offset()?.top ?? 0) - top_px))
    const beyond = headings.filter((_heading, index) => (delta > 0 ? offsets[index]! > 1 : offsets[index]! < -1))
    const target = delta > 0 ? beyond[0] : beyond[beyond.length - 1]
    if (target) this.scroll_to(target)
    else this.scroll_some(delta)
  }
}
