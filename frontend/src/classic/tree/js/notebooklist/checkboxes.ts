/** The checkboxes of the rows: what is selected, and what can be done with it. */
import $ from "jquery"
import type { NotebookList } from "../notebooklist"
import { ACTIONS, isWanted, possibleActions, type SelectedEntry, type SelectionType } from "./selection"

function rowOf(box: HTMLInputElement): HTMLElement {
  return box.parentElement!.parentElement!
}

export const checkboxes = {
  /** The checkboxes of entries; `..` and uploads have none. One query, because a click must not cost a walk of the folder. */
  _boxes(this: NotebookList): HTMLInputElement[] {
    return [...this.element[0]!.querySelectorAll<HTMLInputElement>(":scope > .list_item > .col-md-12 > input[type=checkbox]")]
  },

  /** The rows of entries, without `..` and uploads. */
  _entry_rows(this: NotebookList): HTMLElement[] {
    return this._boxes().map(rowOf)
  },

  select(this: NotebookList, selection_type: SelectionType): void {
    for (const box of this._boxes()) {
      const entry = $(rowOf(box)).data() as SelectedEntry
      box.checked = isWanted(selection_type, entry, this._is_running(entry.path))
    }
    this._selection_changed()
  },

  /** After a redraw: what was selected and still exists stays selected. */
  _reselect(this: NotebookList): void {
    const paths = new Set(this.selected.map((entry) => entry.path))
    if (paths.size > 0) for (const box of this._boxes()) box.checked = paths.has($(rowOf(box)).data("path") as string)
    this._selection_changed()
  },

  _selection_changed(this: NotebookList): void {
    if (this.element_name !== "notebook") return
    const boxes = this._boxes()
    for (const box of boxes) rowOf(box).classList.toggle("selected", box.checked)
    this.selected = boxes.filter((box) => box.checked).map((box) => {
      const { name, path, type } = $(rowOf(box)).data() as SelectedEntry
      return { name, path, type }
    })
    const possible = possibleActions(this.selected, (path) => this._is_running(path))
    for (const action of ACTIONS) $(`.${action}-button`).toggle(possible.has(action))
    $(".dynamic-instructions").toggle(this.selected.length === 0)
    this._show_select_all(boxes.length)
  },

  _show_select_all(this: NotebookList, total: number): void {
    const count = this.selected.length
    const is_all = count > 0 && count === total
    $("#select-all").prop({ checked: is_all, indeterminate: count > 0 && !is_all })
    $("#button-select-all").attr("aria-checked", is_all ? "true" : count > 0 ? "mixed" : "false")
    $("#counter-select-all").text(count)
  },
}
