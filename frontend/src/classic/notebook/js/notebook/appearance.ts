/** What the page shows around the cells: line numbers, header, toolbar, direction; and the editors' language. */
import $ from "jquery"
import type CodeMirror from "codemirror"
import * as utils from "../../../base/js/utils"
import { CodeCell } from "../codecell"
import { Cell } from "../cell"
import { directionOf } from "../cell/direction"
import type { ModeSpec, Notebook } from "../notebook"

export const appearance = {
  /** Show what the configuration asks for: header, toolbar, line numbers. */
  async validate_config(this: Notebook): Promise<void> {
    await this.config.loaded
    const cells = this.config.data["Cell"] as { cm_config?: { lineNumbers?: boolean } } | undefined
    if (this.class_config.get_sync("Header") === false) this._apply_header(false)
    if (this.class_config.get_sync("Toolbar") === false) this._apply_toolbar(false)
    if (cells?.cm_config?.lineNumbers) this._apply_line_numbers(true)
  },

  cell_toggle_line_numbers(this: Notebook): void {
    for (const cell of this.get_selected_cells()) cell.toggle_line_numbers()
  },

  toggle_all_line_numbers(this: Notebook): void {
    this.line_numbers = !this.line_numbers
  },

  _show_line_numbers(this: Notebook, shown: boolean): void {
    this._apply_line_numbers(shown)
    this._keep({ Cell: { cm_config: { lineNumbers: shown } } })
  },

  _apply_line_numbers(this: Notebook, shown: boolean): void {
    this._line_numbers = shown
    for (const cell of this.get_cells()) cell.show_line_numbers(shown)
    const defaults = Cell.options_default
    defaults.cm_config = { ...defaults.cm_config, lineNumbers: shown }
  },

  _show_header(this: Notebook, shown: boolean): void {
    this._apply_header(shown)
    this._keep({ Notebook: { Header: shown } })
  },

  _apply_header(this: Notebook, shown: boolean): void {
    this._header = shown
    $("#header-container, .header-bar").toggle(shown)
    this.events.trigger("resize-header.Page")
  },

  _show_toolbar(this: Notebook, shown: boolean): void {
    this._apply_toolbar(shown)
    this._keep({ Notebook: { Toolbar: shown } })
  },

  _apply_toolbar(this: Notebook, shown: boolean): void {
    this._toolbar = shown
    $("div#maintoolbar").toggle(shown)
    this.events.trigger("resize-header.Page")
  },

  /** Write a setting to the configuration. A failure costs the next visit its setting, nothing else. */
  _keep(this: Notebook, patch: Record<string, unknown>): void {
    Promise.resolve(this.config.update(patch)).catch((error: unknown) => console.warn("The setting was not saved:", error))
  },

  /** Let the page and all cells follow `metadata.direction`; without one, the page keeps the browser's language's. */
  apply_directionality(this: Notebook): void {
    const $body = $(document.body)
    const of_page = directionOf($body.data("page-direction")) ?? directionOf($body.attr("dir")) ?? "ltr"
    $body.data("page-direction", of_page)
    $body.attr("dir", directionOf(this.metadata["direction"]) ?? of_page)
    for (const cell of this.get_cells()) cell.apply_direction()
  },

  /** Turn the notebook round, and remember it in its metadata. */
  toggle_direction(this: Notebook): void {
    this.metadata["direction"] = $(document.body).attr("dir") === "rtl" ? "ltr" : "rtl"
    this.apply_directionality()
    this.set_dirty(true)
  },

  /** Turn each of the selected cells round. */
  toggle_cells_direction(this: Notebook): void {
    const cells = this.get_selected_cells().filter((cell) => cell.is_editable())
    for (const cell of cells) cell.toggle_direction()
    if (cells.length > 0) this.set_dirty(true)
  },

  /** Give every code cell, now and later, the CodeMirror mode that the kernel's language asks for. */
  set_codemirror_mode(this: Notebook, newmode: ModeSpec): void {
    this.codemirror_mode = newmode
    utils.requireCodeMirrorMode(
      newmode as never,
      ((spec: CodeMirror.ModeSpec<unknown> | string) => this._dispatch_mode(spec, newmode)) as never,
      () => this._dispatch_mode("text/plain", newmode),
    )
  },

  /* The mode may have been replaced by a quicker one while it was loading. */
  _dispatch_mode(this: Notebook, spec: unknown, newmode: ModeSpec): void {
    if (JSON.stringify(newmode) !== JSON.stringify(this.codemirror_mode)) return
    const defaults = CodeCell.options_default
    defaults.cm_config = { ...defaults.cm_config, mode: spec }
    for (const cell of this.get_cells()) {
      if (!(cell instanceof CodeCell)) continue
      cell.set_editor_option("mode", spec)
      cell.auto_highlight() // a cell that begins with a magic has a mode of its own
    }
  },
}
