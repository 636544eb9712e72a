/** Writing direction of a cell: its own, or the notebook's for cells of text. */
import type { Cell } from "../cell"

export type Direction = "ltr" | "rtl"

/** `value` where it is a direction. */
export function directionOf(value: unknown): Direction | undefined {
  return value === "rtl" || value === "ltr" ? value : undefined
}

export const direction = {
  /** What the metadata of the cell say; for text, else what those of the notebook say. */
  get_direction(this: Cell): Direction | undefined {
    const of_notebook = this.cell_type === "code" ? undefined : this.notebook?.metadata?.["direction"]
    return directionOf(this.metadata["direction"]) ?? directionOf(of_notebook)
  },

  /** Show editor and rendered text in that direction. */
  apply_direction(this: Cell): void {
    const wanted = this.get_direction()
    const place = this.element.find("div.text_cell_render")
    if (wanted) place.attr("dir", wanted)
    else place.removeAttr("dir")
    const shown = this._options.cm_config["direction"] ?? "ltr"
    if (shown !== (wanted ?? "ltr")) this.set_editor_option("direction", wanted ?? "ltr")
  },

  /** Turn round, and remember it. */
  toggle_direction(this: Cell): void {
    this.metadata["direction"] = this.get_direction() === "rtl" ? "ltr" : "rtl"
    this.apply_direction()
  },
}
