/** Dialogs about the whole notebook that belong to no other subject. */
import * as dialog from "../../../base/js/dialog"
import { CommandPalette } from "../commandpalette"
import { ShortcutEditor } from "../shortcuteditor"
import type { Metadata } from "../../../../model/notebook"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

export const dialogs = {
  show_command_palette(this: Notebook): void {
    new CommandPalette(this)
  },

  show_shortcuts_editor(this: Notebook): void {
    new ShortcutEditor(this)
  },

  edit_metadata(this: Notebook): void {
    dialog.edit_metadata({
      md: this.metadata,
      callback: (md: Metadata) => {
        this.metadata = md
        this.set_dirty(true)
      },
      name: "Notebook",
      notebook: this,
      keyboard_manager: this.keyboard_manager,
    })
  },

  /** Explain a cell or an output of a type that this version does not know. */
  warn_nbformat_minor(this: Notebook): void {
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Newer Notebook"),
      body:
        _("This notebook is version %s and has something in it that this page does not know. " +
          "It is kept as it is and will be saved, but it cannot be shown or edited here.", `${this.nbformat}.${this.nbformat_minor}`),
      buttons: { OK: { class: "btn-danger" } },
    })
  },

  _warn_heading(this: Notebook): void {
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Use markdown headings"),
      body:
        _("There are no heading cells any more. Write a markdown cell whose line begins with “#”: one for the largest heading, " +
        "six for the smallest."),
      buttons: { OK: {} },
    })
  },
}
