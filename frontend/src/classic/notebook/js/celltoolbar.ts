/** `notebook/js/celltoolbar`: the bar above each cell, filled by presets of named callbacks. */
import $ from "jquery"
import { make } from "../../../view/elements"
import { events } from "../../base/js/events"
import type { NotebookLike } from "./cell_types"

/** What a toolbar knows of its cell. */
export interface ToolbarCell {
  cell_type: string | null
  metadata: Record<string, unknown>
  element: JQuery
}

/** Fills `div` for one cell. */
export type ToolbarCallback = (div: JQuery, cell: ToolbarCell, toolbar: CellToolbar) => void

type Getter<T> = (cell: ToolbarCell) => T
type Setter<T> = (cell: ToolbarCell, value: T) => void

export interface CellToolbarOptions {
  cell: ToolbarCell
  notebook?: NotebookLike | undefined
}

export class CellToolbar {
  static _instances: CellToolbar[] = []
  static _callback_dict: Record<string, { callback: ToolbarCallback; cell_types: string[] | undefined }> = {}
  static _presets: Record<string, string[]> = {}
  static _ui_controls_list: string[] = []

  element!: JQuery
  inner_element!: JQuery
  cell: ToolbarCell
  notebook: NotebookLike | undefined

  constructor(options: CellToolbarOptions) {
    this.cell = options.cell
    this.notebook = options.notebook
    this.create_element()
    CellToolbar._instances.push(this)
    this.rebuild()
  }

  create_element(): void {
    const inner = make("div", "celltoolbar")
    this.inner_element = $(inner)
    this.element = $(make("div", "ctb_hideshow", {}, [inner]))
    this._keep_keys()
  }

  hide(): void {
    this.element.removeClass("ctb_show")
  }

  show(): void {
    this.element.addClass("ctb_show")
  }

  /** Fill the bar anew from the active preset. */
  rebuild(): void {
    if (CellToolbar._ui_controls_list.length === 0 && !this.inner_element[0]?.hasChildNodes()) return this.hide()
    this.inner_element.empty()
    for (const name of CellToolbar._ui_controls_list) this._add_control(name)
    const is_filled = this.inner_element.children().length > 0
    if (is_filled) this.show()
    else this.hide()
  }

  _add_control(name: string): void {
    const entry = CellToolbar._callback_dict[name]
    if (!entry) return
    const { callback, cell_types } = entry
    if (cell_types && this.cell.cell_type !== null && !cell_types.includes(this.cell.cell_type)) return
    const container = $("<div/>").addClass("button_container")
    this.inner_element.append(container)
    try {
      callback(container, this.cell, this)
    } catch (error) {
      console.error(`The cell toolbar control ${name} failed.`, error)
    }
  }

  /* What is pressed in a control is for it, not for the notebook; but saving works everywhere, and Escape leads back to the cell. */
  _keep_keys(): void {
    this.element.on("keydown", (event) => {
      const saves = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s"
      const is_typing = $(event.target).is("input, select, textarea")
      const presses = event.key === "Enter" || event.key === " "
      if (event.key === "Escape") this.cell.element.trigger("focus")
      if (event.key === "Escape" || presses || (is_typing && !saves)) event.stopPropagation()
    })
  }

  static global_show(): void {
    $("body").addClass("ctb_global_show")
  }

  static global_hide(): void {
    $("body").removeClass("ctb_global_show")
  }

  static register_callback(name: string, callback: ToolbarCallback, cell_types?: string[]): void {
    CellToolbar._callback_dict[name] = { callback, cell_types }
  }

  static register_preset(name: string, preset_list: string[], notebook?: NotebookLike): void {
    CellToolbar._presets[name] = preset_list
    events.trigger("preset_added.CellToolbar", [{ name }])
    // The notebook may have asked for the preset before the extension that defines it was loaded.
    if (notebook?.metadata?.["celltoolbar"] === name) CellToolbar.activate_preset(name)
  }

  static unregister_preset(name: string): boolean {
    if (!Object.hasOwn(CellToolbar._presets, name)) return false
    delete CellToolbar._presets[name]
    events.trigger("unregistered_preset.CellToolbar", [{ name }])
    return true
  }

  static list_presets(): string[] {
    return Object.keys(CellToolbar._presets)
  }

  static activate_preset(preset_name: string): void {
    const preset = Object.hasOwn(CellToolbar._presets, preset_name) ? CellToolbar._presets[preset_name] : undefined
    if (!preset) return
    CellToolbar._ui_controls_list = preset
    CellToolbar.rebuild_all()
    events.trigger("preset_activated.CellToolbar", [{ name: preset_name }])
  }

  static rebuild_all(): void {
    // Bars of deleted cells are let go of here; a new cell's bar is not in the page yet but is filled when made.
    CellToolbar._instances = CellToolbar._instances.filter((toolbar) => toolbar.element[0]?.isConnected)
    for (const toolbar of CellToolbar._instances) toolbar.rebuild()
  }

  static utils = {
    /** A callback that shows a checkbox. */
    checkbox_ui_generator(name: string, setter: Setter<boolean>, getter: Getter<boolean>): ToolbarCallback {
      return (div, cell) => {
        const box = $("<input/>").attr("type", "checkbox").prop("checked", getter(cell) === true)
        box.on("change", () => setter(cell, box.prop("checked") === true))
        div.append($("<label/>").append($("<span/>").text(name), box))
      }
    },

    /** A callback that shows a text field. */
    input_ui_generator(name: string, setter: Setter<string>, getter: Getter<string | undefined>): ToolbarCallback {
      return (div, cell) => {
        const field = $("<input/>").attr("type", "text").val(getter(cell) ?? "")
        field.on("change", () => setter(cell, String(field.val())))
        div.append($("<label/>").append($("<span/>").text(name), field))
      }
    },

    /** A callback that shows a choice of `[[label, value], …]`. */
    select_ui_generator(list_list: [string, unknown][], setter: Setter<unknown>, getter: Getter<unknown>, label = ""): ToolbarCallback {
      return (div, cell) => {
        const select = $("<select/>")
        for (const [text, value] of list_list) select.append($("<option/>").attr("value", String(value)).text(text))
        const current = getter(cell)
        select.prop("selectedIndex", Math.max(0, list_list.findIndex(([, value]) => value === current)))
        select.prop("disabled", cell.metadata["editable"] === false)
        select.on("change", () => setter(cell, list_list[Number(select.prop("selectedIndex"))]?.[1]))
        div.append($("<label/>").append($("<span/>").text(label), select))
      }
    },
  }
}
