/** `notebook/js/shortcuteditor`: the dialog that gives actions their keys in command mode. The user's choice is kept for good. */
import $ from "jquery"
import * as dialog from "../../base/js/dialog"
import type { ShortcutManager } from "../../base/js/keyboard"
import type { Action } from "./actions"
import { textOf } from "./commandpalette"
import type { Notebook } from "./notebook"
import { introduction, ShortcutRow } from "./shortcuteditor/row"
import { _ } from "../../../i18n/words"

interface Listed {
  name: string
  text: string
}

export class ShortcutEditor {
  notebook: Notebook
  shortcuts: ShortcutManager
  element: JQuery
  rows: ShortcutRow[]

  /** Builds the dialog and shows it. */
  constructor(notebook: Notebook) {
    this.notebook = notebook
    this.shortcuts = notebook.keyboard_manager.command_shortcuts
    this.rows = []
    this.element = dialog.modal({
      title: _("Edit Command mode Shortcuts"),
      body: this._build(),
      buttons: { OK: {} },
      notebook,
      keyboard_manager: notebook.keyboard_manager,
      focus_button: false,
      open: () => void this.element.find(".shortcut-filter").trigger("focus"),
    })
    this.element.addClass("modal_stretch")
  }

  _build(): JQuery {
    const $filter = $("<input type='search' class='form-control shortcut-filter' autocomplete='off' spellcheck='false'>")
    $filter.attr({ placeholder: _("Filter by command or key"), "aria-label": _("Filter by command or key") })
    $filter.on("input", () => this._filter(String($filter.val() ?? "")))
    const $list = $("<div class='jupyter-keybindings-list'></div>")
    for (const { name, text } of this._listed()) {
      const row = new ShortcutRow(name, text, this)
      this.rows.push(row)
      $list.append(row.element)
    }
    return $("<div></div>").append(introduction(), $filter, $list)
  }

  _listed(): Listed[] {
    const actions = Object.entries(this.notebook.keyboard_manager.actions._actions) as [string, Action][]
    const listed = actions.map(([name, action]) => ({ name, text: textOf(name, action) }))
    return listed.filter(({ name }) => !name.endsWith(":ignore")).sort((a, b) => a.text.localeCompare(b.text))
  }

  _filter(wanted: string): void {
    for (const row of this.rows) row.element.toggle(row.fits(wanted.trim().toLowerCase()))
  }

  /** What the action at `shortcut`, or at its beginning, is called; undefined where it is free. */
  taken_by(shortcut: string): string | undefined {
    const steps = shortcut.split(",")
    for (let length = 1; length <= steps.length; length += 1) {
      const found = this.shortcuts.get_shortcut(steps.slice(0, length))
      if (typeof found === "string") return this._name_of(found)
    }
    const longer = this.shortcuts.get_shortcut(steps)
    return longer === undefined ? undefined : _("longer shortcuts that begin with it")
  }

  _name_of(action_name: string): string {
    const action = this.notebook.keyboard_manager.actions.get(action_name)
    return `“${action ? textOf(action_name, action) : action_name}”`
  }

  /** Bind, now and for good. */
  bind(shortcut: string, action_name: string): void {
    this.shortcuts._persist_shortcut(shortcut, action_name)
  }

  /** Unbind, now and for good. */
  unbind(shortcut: string): void {
    this.shortcuts._persist_remove_shortcut(shortcut)
  }
}
