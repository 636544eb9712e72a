/** `notebook/js/celltoolbarpresets/slideshow`: the part of each cell in a slide show. */
import { CellToolbar, type ToolbarCell } from "../celltoolbar"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

const SLIDE_TYPES: [string, unknown][] = [
  ["-", "-"],
  [_("Slide"), "slide"],
  [_("Sub-Slide"), "subslide"],
  [_("Fragment"), "fragment"],
  [_("Skip"), "skip"],
  [_("Notes"), "notes"],
]

function slideshow_of(cell: ToolbarCell): Record<string, unknown> | undefined {
  const slideshow = cell.metadata["slideshow"]
  return typeof slideshow === "object" && slideshow !== null && !Array.isArray(slideshow) ? (slideshow as Record<string, unknown>) : undefined
}

function set_slide_type(notebook: Notebook, cell: ToolbarCell, slide_type: unknown): void {
  const slideshow = slideshow_of(cell) ?? {}
  slideshow["slide_type"] = slide_type
  cell.metadata["slideshow"] = slideshow
  notebook.set_dirty(true)
}

/** Offer the preset "Slideshow". */
export function register(notebook: Notebook): void {
  const choice = CellToolbar.utils.select_ui_generator(
    SLIDE_TYPES,
    (cell, slide_type) => set_slide_type(notebook, cell, slide_type),
    (cell) => slideshow_of(cell)?.["slide_type"],
    _("Slide Type"),
  )
  CellToolbar.register_callback("slideshow.select", choice)
  CellToolbar.register_preset("Slideshow", ["slideshow.select"], notebook)
}
