/** The states of a cell: selected, rendered, in edit mode. Each change returns whether there was something to change. */
import type { Cell } from "../cell"

export const states = {
  select(this: Cell, moveanchor = true): boolean | void {
    if (moveanchor) this.anchor = true
    if (this.selected) return false
    this.element.addClass("selected").removeClass("unselected")
    this.selected = true
    return true
  },

  unselect(this: Cell, moveanchor = true): boolean | void {
    if (moveanchor) this.anchor = false
    if (!this.selected) return false
    this.element.addClass("unselected").removeClass("selected")
    this.selected = false
    return true
  },

  render(this: Cell): boolean | void {
    if (this.rendered) return false
    this.element.addClass("rendered").removeClass("unrendered")
    this.rendered = true
    return true
  },

  unrender(this: Cell): boolean | void {
    if (!this.rendered) return false
    this.element.addClass("unrendered").removeClass("rendered")
    this.rendered = false
    return true
  },

  command_mode(this: Cell): boolean {
    if (this.mode === "command") return false
    this.mode = "command"
    return true
  },

  edit_mode(this: Cell): boolean {
    if (this.mode === "edit") return false
    this.mode = "edit"
    return true
  },
}
