/** The notebook's toolbar. */
import $ from "jquery"
import type { EventBus } from "../../base/js/events"
import type { ActionHandler } from "./actions"
import type { Notebook } from "./notebook"
import { Button, ToolBar, type ToolBarGroup } from "./toolbar"
import { _ } from "../../../i18n/words"

export interface MainToolBarOptions {
  events: EventBus
  actions: ActionHandler
  notebook?: Notebook
}

const GROUPS: ToolBarGroup[] = [
  [["jupyter-notebook:save-notebook"], "save-notbook"], // misspelt since ever, and known under that name
  [["jupyter-notebook:insert-cell-below"], "insert_above_below"],
  [["jupyter-notebook:cut-cell", "jupyter-notebook:copy-cell", "jupyter-notebook:paste-cell-below"], "cut_copy_paste"],
  [["jupyter-notebook:move-cell-up", "jupyter-notebook:move-cell-down"], "move_up_down"],
  [
    [
      new Button("jupyter-notebook:run-cell-and-select-next", { label: _("Run") }),
      "jupyter-notebook:interrupt-kernel",
      "jupyter-notebook:confirm-restart-kernel",
      "jupyter-notebook:confirm-restart-kernel-and-run-all-cells",
    ],
    "run_int",
  ],
  "<add_celltype_list>",
  [["jupyter-notebook:show-command-palette"], "cmd_palette"],
]

const CELL_TYPES: readonly [string, string][] = [
  ["code", _("Code")],
  ["markdown", _("Markdown")],
  ["raw", _("Raw NBConvert")],
  ["heading", _("Heading")],
]

const CONVERSIONS: Readonly<Record<string, (notebook: Notebook) => unknown>> = {
  code: (notebook) => notebook.cells_to_code(),
  markdown: (notebook) => notebook.cells_to_markdown(),
  raw: (notebook) => notebook.cells_to_raw(),
  heading: (notebook) => {
    notebook._warn_heading()
    notebook.to_heading()
  },
}

export class MainToolBar extends ToolBar {
  events: EventBus
  notebook: Notebook | undefined

  constructor(selector: string | JQuery, options: MainToolBarOptions) {
    super(selector, options)
    this.events = options.events
    this.notebook = options.notebook
    this._make()
    Object.seal(this)
  }

  _make(): void {
    this.construct(GROUPS)
  }

  _notebook(): Notebook | undefined {
    return this.notebook ?? this.actions.env.notebook
  }

  _cell_type_list(): JQuery {
    const $select = $("<select id='cell_type' class='form-control select-xs' role='combobox' aria-expanded='false'></select>").attr("aria-label", _("cell type"))
    for (const [type, label] of CELL_TYPES) $select.append($("<option></option>").val(type).text(label))
    $("<option value='multiselect' disabled hidden>-</option>").appendTo($select)
    this.events.on("selected_cell_type_changed.Notebook", (_event: unknown, shown: { cell_type: string; editable?: boolean }) => {
      this._show_cell_type($select, shown.cell_type, shown.editable !== false)
    })
    return $select.on("change", () => this._convert(String($select.val())))
  }

  _show_cell_type($select: JQuery, cell_type: string, is_editable: boolean): void {
    const is_group = (this._notebook()?.get_selected_cells_indices().length ?? 1) > 1
    $select.prop("disabled", !is_editable)
    $select.val(is_group ? "multiselect" : cell_type)
  }

  _convert(cell_type: string): void {
    const notebook = this._notebook()
    if (!notebook) return
    CONVERSIONS[cell_type]?.(notebook)
    notebook.focus_cell()
  }
}

MainToolBar.prototype._pseudo_actions = {
  add_celltype_list() {
    return (this as MainToolBar)._cell_type_list()
  },
}
